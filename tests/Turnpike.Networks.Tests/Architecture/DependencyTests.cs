using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;
using Turnpike.Core.Tests.Architecture;
using Turnpike.Tests;

namespace Turnpike.Networks.Tests.Architecture;

/// <summary>
/// Which project may know which. Core is known to all, knows nobody; Networks know neither each other nor the chain nor a node; Evm knows nothing of Turnpike but the few
/// types of Core it shares with the rules. A new project or arrow is a line here and, if the design did not foresee it, a decision in docs/adr.
/// </summary>
public class DependencyTests
{
    private const string AnyNetwork = "Networks.*";

    // Direct references; what they refer to in turn may be used too.
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Core"] = [],
        ["Economics"] = ["Core"],
        ["Evm"] = ["Core"],
        ["Evm.Generators"] = [],
        ["Ledger"] = ["Core", "Economics", "Evm", "Evm.Generators"],
        ["Evidence"] = ["Core", "Evm"],
        ["Blueprints"] = ["Core", "Economics"],
        [AnyNetwork] = ["Core", "Economics", "Evidence"],
        ["Simulation"] = ["Core", "Economics", "Blueprints", AnyNetwork],
        ["Agent"] = ["Core", "Evm", "Evidence", AnyNetwork],
        ["Node"] = ["Core", "Economics", "Evm", "Ledger", "Evidence", "Blueprints", AnyNetwork],
        ["Cli"] = ["Core", "Economics", "Evm", "Ledger", "Evidence", "Blueprints", "Node", "Agent", "Simulation", AnyNetwork],
    };

    private static readonly Dictionary<string, string[]> AllowedPackages = new(StringComparer.Ordinal)
    {
        ["Core"] = [],
        ["Economics"] = [],
        ["Evm"] = [],
        ["Ledger"] = [],
        ["Evidence"] = [],
        ["Blueprints"] = ["YamlDotNet"],
        [AnyNetwork] = [],
    };

    // docs/adr/0005: CBOR.
    private static readonly string[] MayUseTheWebFramework = ["Evidence", AnyNetwork, "Node", "Agent", "Cli"];

    public static TheoryData<string> Projects() =>
        [.. Directory.EnumerateFiles(Path.Combine(SharedData.RepositoryRoot, "src"), "*.csproj", SearchOption.AllDirectories).Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_refers_only_to_those_below_it(string project)
    {
        var key = KeyOf(project);
        Assert.True(Allowed.TryGetValue(key, out var allowed), $"{project} has no line in this table.");
        var references = References(project, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/')));
        Assert.All(references, reference => Assert.True(allowed.Contains(KeyOf(reference)), $"{project} may not refer to {reference}."));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_uses_only_the_packages_and_frameworks_it_may(string project)
    {
        var key = KeyOf(project);
        if (AllowedPackages.TryGetValue(key, out var packages)) Assert.Empty(References(project, "PackageReference").Except(packages));
        if (!MayUseTheWebFramework.Contains(key)) Assert.Empty(References(project, "FrameworkReference"));
    }

    [Fact]
    public void Arrows_lead_down_only()
    {
        var order = new List<string>();
        void Visit(string project, string path)
        {
            Assert.False(path.Contains($" {project} ", StringComparison.Ordinal), "A circle:" + path + project);
            foreach (var below in Allowed[project]) Visit(below, $"{path} {project} ");
            if (!order.Contains(project)) order.Add(project);
        }
        foreach (var project in Allowed.Keys) Visit(project, " ");
        Assert.Equal("Core", order[0]);
        Assert.DoesNotContain("Node", Below("Evidence").Concat(Below(AnyNetwork)).Concat(Below("Ledger")));
        Assert.DoesNotContain("Ledger", Below(AnyNetwork));
    }

    /// <summary>docs/adr/0004: hash, address, 32 bytes, hexadecimal text.</summary>
    [Fact]
    public void Evm_uses_four_types_of_Core_and_nothing_else_of_Turnpike()
    {
        Assert.Equal(["Address", "Bytes32", "Hex", "Keccak256"], TypesUsed("Turnpike.Evm", "Turnpike.Core").Order(StringComparer.Ordinal));
        Assert.Equal(["Turnpike.Core"], TurnpikeReferences("Turnpike.Evm"));
    }

    [Fact]
    public void Evidence_refers_to_Core_and_Evm_and_takes_only_Cbor_from_the_web_framework()
    {
        using var scan = new PurityScan(Path.Combine(AppContext.BaseDirectory, "Turnpike.Evidence.dll"));
        Assert.Equal(["Turnpike.Core", "Turnpike.Evm"], TurnpikeReferences("Turnpike.Evidence"));
        Assert.DoesNotContain(scan.References, reference => reference.StartsWith("Microsoft.", StringComparison.Ordinal) && reference != "Microsoft.Win32.Primitives");
    }

    private static IEnumerable<string> Below(string project) => Allowed[project].Concat(Allowed[project].SelectMany(Below));

    private static string KeyOf(string project)
    {
        var name = project["Turnpike.".Length..];
        return name.StartsWith("Networks.", StringComparison.Ordinal) ? AnyNetwork : name;
    }

    private static List<string> References(string project, string element) =>
        XDocument.Load(Path.Combine(SharedData.RepositoryRoot, "src", project, project + ".csproj")).Descendants(element).Select(reference => (string)reference.Attribute("Include")!).ToList();

    private static IEnumerable<string> TurnpikeReferences(string assembly)
    {
        using var scan = new PurityScan(Path.Combine(AppContext.BaseDirectory, assembly + ".dll"));
        return scan.References.Where(reference => reference.StartsWith("Turnpike.", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList();
    }

    private static List<string> TypesUsed(string assembly, string of)
    {
        using var file = new PEReader(File.OpenRead(Path.Combine(AppContext.BaseDirectory, assembly + ".dll")));
        var metadata = file.GetMetadataReader();
        return metadata.TypeReferences.Select(metadata.GetTypeReference)
            .Where(type => type.ResolutionScope.Kind == HandleKind.AssemblyReference && metadata.GetString(metadata.GetAssemblyReference((AssemblyReferenceHandle)type.ResolutionScope).Name) == of)
            .Select(type => metadata.GetString(type.Name)).ToList();
    }
}
