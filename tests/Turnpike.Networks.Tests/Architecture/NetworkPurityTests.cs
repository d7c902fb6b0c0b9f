using Turnpike.Core.Tests.Architecture;
using Turnpike.Tests;

namespace Turnpike.Networks.Tests.Architecture;

/// <summary>Every network's rules, and the decoding of evidence that they use, are as pure as Core; a network that these tests do not reference fails them.</summary>
public class NetworkPurityTests
{
    public static TheoryData<string> Networks() =>
        [.. Directory.EnumerateDirectories(Path.Combine(SharedData.RepositoryRoot, "src"), "Turnpike.Networks.*").Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Networks))]
    public void Rules_and_evidence_of_a_network_are_pure(string network)
    {
        using var scan = Scan(network);
        var searched = 0;
        var faults = scan.Faults(type =>
        {
            var room = type.StartsWith(network + ".Rules.", StringComparison.Ordinal) || type.StartsWith(network + ".Evidence.", StringComparison.Ordinal);
            if (room) searched++;
            return room;
        });
        Assert.Empty(faults);
        Assert.True(searched > 2, $"{network} has the rooms Rules and Evidence; only {searched} types were found in them.");
    }

    /// <summary>CBOR comes with the web framework (docs/adr/0005); nothing else of it does.</summary>
    [Theory]
    [MemberData(nameof(Networks))]
    public void Network_refers_to_the_base_library_Core_Economics_and_Evidence_only(string network)
    {
        using var scan = Scan(network);
        Assert.All(scan.References, reference => Assert.True(
            reference is "Turnpike.Core" or "Turnpike.Economics" or "Turnpike.Evidence"
            || (reference.StartsWith("System.", StringComparison.Ordinal) && !reference.StartsWith("System.Data", StringComparison.Ordinal)), $"{network} refers to {reference}."));
    }

    [Fact]
    public void Scan_finds_what_a_network_does_outside_its_rules()
    {
        using var scan = Scan("Turnpike.Networks.Wireless");
        Assert.Contains(scan.Faults(type => type.StartsWith("Turnpike.Networks.Wireless.Archive.", StringComparison.Ordinal)), fault => fault.Contains("outside world: System.IO", StringComparison.Ordinal));
    }

    private static PurityScan Scan(string network)
    {
        var path = Path.Combine(AppContext.BaseDirectory, network + ".dll");
        Assert.True(File.Exists(path), $"{network} is not referenced by this test project, so nothing guards its rules.");
        return new PurityScan(path);
    }
}
