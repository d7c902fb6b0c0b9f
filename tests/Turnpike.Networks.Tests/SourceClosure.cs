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
/// </summary>
internal sealed class SourceClosure
{
    private static readonly string[] PureProjects = ["Turnpike.Core", "Turnpike.Economics"];
    private static readonly string[] ImplicitUsings = ["System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Threading", "System.Threading.Tasks"];

    private readonly CSharpCompilation _compilation;

    public SourceClosure(string repositoryRoot, string networkProject)
    {
        var files = PureProjects.Append(networkProject)
            .SelectMany(project => Directory.EnumerateFiles(Path.Combine(repositoryRoot, "src", project), "*.cs", SearchOption.AllDirectories))
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin" or "artifacts"));
        var usings = string.Concat(ImplicitUsings.Select(name => $"global using {name};\n"));
        var trees = files.Select(file => CSharpSyntaxTree.ParseText(File.ReadAllText(file), path: file)).Append(CSharpSyntaxTree.ParseText(usings)).ToList();
        var platform = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => !Path.GetFileName(path).StartsWith("Turnpike.", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path));
        _compilation = CSharpCompilation.Create("closure", trees, platform, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
    }

    /// <summary>Names of the types that <paramref name="packType"/> reaches, itself included; sorted.</summary>
    public IReadOnlyCollection<string> TypesOf(string packType, string excluded) => Reach(packType, excluded).Keys;

    public Bytes32 HashOf(string packType, string excluded)
    {
        var text = new StringBuilder();
        foreach (var (name, type) in Reach(packType, excluded))
        {
            text.Append("type ").Append(name).Append('\n');
            var parts = type.DeclaringSyntaxReferences.Select(reference => Tokens(reference.GetSyntax())).Order(StringComparer.Ordinal);
            foreach (var part in parts) text.Append(part).Append('\n');
        }
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
            foreach (var named in type.DeclaringSyntaxReferences.SelectMany(Names)) open.Push(named);
        }
        return reached;
    }

    private IEnumerable<INamedTypeSymbol> Names(SyntaxReference reference)
    {
        var model = _compilation.GetSemanticModel(reference.SyntaxTree);
        foreach (var node in reference.GetSyntax().DescendantNodes().Where(node => node is SimpleNameSyntax or BaseObjectCreationExpressionSyntax or BinaryExpressionSyntax))
        {
            var symbol = model.GetSymbolInfo(node).Symbol;
            var type = symbol as INamedTypeSymbol ?? symbol?.ContainingType;
            for (type = type?.OriginalDefinition; type?.ContainingType is { } outer; type = outer) { }
            if (type is not null && type.DeclaringSyntaxReferences.Length > 0) yield return type;
        }
    }

    private static string Tokens(SyntaxNode node) => string.Join(' ', node.DescendantTokens().Select(token => token.Text));
}
