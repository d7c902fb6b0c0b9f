using System.Security.Cryptography;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Turnpike.Core;

namespace Turnpike.Networks.Tests;

/// <summary>
/// The source hash of a rule pack: SHA-256 over the tokens (no comments, no white space) of every type that the pack reaches, by name of the type.
/// A rule cannot change without its pack's hash changing, wherever in the pure projects it is written; code that the pack does not reach may change freely.
/// <para>
/// Whole outermost types count, so a field, an overload or an override cannot be missed. What cannot be judged from tokens alone is refused rather than hashed: code that
/// does not compile here, conditional compilation, and texts over several lines, whose value depends on the line ends of the checkout. Aliases change the meaning of
/// tokens without changing them, so those of the files concerned are part of the hash.
/// </para>
/// </summary>
internal sealed class SourceClosure
{
    private static readonly string[] PureProjects = ["Turnpike.Core", "Turnpike.Economics"];
    private static readonly string[] ImplicitUsings = ["System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Threading", "System.Threading.Tasks"];

    // Shared, so that each assembly is read once.
    private static readonly PortableExecutableReference[] Platform =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal) || Path.GetFileName(path) is "mscorlib.dll" or "netstandard.dll")
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    private readonly CSharpCompilation _compilation;

    public SourceClosure(IEnumerable<string> sources)
    {
        var options = new CSharpParseOptions(LanguageVersion.Preview);
        var usings = string.Concat(ImplicitUsings.Select(name => $"global using {name};\n"));
        var trees = sources.Append(usings).Select(source => CSharpSyntaxTree.ParseText(source, options)).ToList();
        _compilation = CSharpCompilation.Create("closure", trees, Platform, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable));
        var faults = _compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ToList();
        if (faults.Count > 0) throw new InvalidOperationException("The sources do not compile, so what they reach is unknown: " + string.Join("; ", faults.Take(3)));
    }

    /// <summary>The pure projects and one network's, as they lie in the repository.</summary>
    public static SourceClosure OfRepository(string root, string networkProject) => new(
        PureProjects.Append(networkProject).Select(project => Path.Combine(root, "src", project)).SelectMany(project =>
            Directory.EnumerateFiles(project, "*.cs", SearchOption.AllDirectories)
                .Where(file => !Path.GetRelativePath(project, file).Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin"))
                .Select(File.ReadAllText)));

    /// <summary>Names of the outermost types that <paramref name="packType"/> reaches, itself included; sorted.</summary>
    public IReadOnlyCollection<string> TypesOf(string packType, string excluded) => Reach(packType, excluded).Keys;

    /// <summary>The hash; <paramref name="excluded"/> is the type that holds it.</summary>
    public Bytes32 HashOf(string packType, string excluded)
    {
        var reached = Reach(packType, excluded);
        var text = new StringBuilder();
        foreach (var (name, type) in reached)
        {
            text.Append("type ").Append(name).Append('\n');
            foreach (var part in Parts(type).Select(Tokens).Order(StringComparer.Ordinal)) text.Append(part).Append('\n');
        }
        var files = reached.Values.SelectMany(Parts).Select(part => part.SyntaxTree).Distinct().ToList();
        foreach (var alias in files.SelectMany(Aliases).Distinct().Order(StringComparer.Ordinal)) text.Append(alias).Append('\n');
        return new Bytes32(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    private SortedDictionary<string, INamedTypeSymbol> Reach(string packType, string excluded)
    {
        var start = _compilation.GetTypeByMetadataName(packType) ?? throw new InvalidOperationException($"{packType} is not in the sources.");
        var reached = new SortedDictionary<string, INamedTypeSymbol>(StringComparer.Ordinal);
        var open = new Stack<INamedTypeSymbol>([start]);
        while (open.TryPop(out var type))
        {
            var name = type.ToDisplayString();
            if (name == excluded || !reached.TryAdd(name, type)) continue;
            foreach (var part in Parts(type))
            {
                var references = new SourceReferences(_compilation.GetSemanticModel(part.SyntaxTree));
                foreach (var node in part.DescendantNodesAndSelf()) references.Add(node);
                foreach (var named in references.Types) open.Push(named);
            }
        }
        return reached;
    }

    private static IEnumerable<SyntaxNode> Parts(INamedTypeSymbol type) => type.DeclaringSyntaxReferences.Select(reference => reference.GetSyntax());

    private static string Tokens(SyntaxNode part)
    {
        if (part.DescendantTrivia().Any(trivia => trivia.IsKind(SyntaxKind.IfDirectiveTrivia))) throw new InvalidOperationException("A rule is compiled conditionally: " + part.ToString().Split('\n')[0]);
        var tokens = part.DescendantTokens().Select(token => token.Text).ToList();
        return tokens.Find(token => token.Contains('\n', StringComparison.Ordinal)) is { } text
            ? throw new InvalidOperationException("A text of a rule goes over several lines: " + text.Split('\n')[0])
            : string.Join(' ', tokens);
    }

    private static IEnumerable<string> Aliases(SyntaxTree file) =>
        file.GetRoot().DescendantNodes().OfType<UsingDirectiveSyntax>()
            .Where(directive => directive.Alias is not null || directive.StaticKeyword != default || directive.GlobalKeyword != default)
            .Select(directive => string.Join(' ', directive.DescendantTokens().Select(token => token.Text)));
}
