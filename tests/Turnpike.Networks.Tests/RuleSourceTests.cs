using Turnpike.Core.Tests.Architecture;
using Turnpike.Networks.Wireless.Rules.Usage2026;
using Turnpike.Tests;

namespace Turnpike.Networks.Tests;

public class RuleSourceTests
{
    private const string Pack = "Turnpike.Networks.Wireless.Rules.Usage2026.Usage2026Pack";
    private const string Constant = "Turnpike.Networks.Wireless.Rules.Usage2026.Usage2026Source";

    private static readonly SourceClosure Sources = SourceClosure.OfRepository(SharedData.RepositoryRoot, "Turnpike.Networks.Wireless");

    [Fact]
    public void Usage2026_source_hash_is_that_of_its_sources()
    {
        var actual = Sources.HashOf(Pack, Constant);
        Assert.True(actual == Usage2026Source.Hash,
            $"The code that usage-2026 reaches has changed: its hash is {actual}. A network that used the pack could not replay its epochs any more: write a new pack version instead. "
            + "Only while no network has used it may the constant in Usage2026Source.cs be set to the new hash.");
    }

    [Fact]
    public void Closure_reaches_rules_parameters_allocation_and_replay_but_not_files_protocols_or_descriptions()
    {
        var types = Sources.TypesOf(Pack, Constant);
        string[] rules = ["RegisteredRule", "TrustRule", "FreshRule", "RetransmissionRule", "OrderRule", "Billing", "Payout", "RecentSales", "ShardVerdicts", "TallyBuilder", "Usage2026Parameters", "Usage2026Names"];
        Assert.All(rules, rule => Assert.Contains("Turnpike.Networks.Wireless.Rules.Usage2026." + rule, types));
        string[] shared =
        [
            "Networks.Wireless.Evidence.PacketReport", "Networks.Wireless.WirelessVerdicts", "Core.VerdictCode", "Core.VerdictModule", "Core.MulDiv", "Core.Price", "Core.Amount", "Core.Hex",
            "Core.Allocation.ProRata", "Core.Parameters.NetworkParameters", "Core.Rules.ReplayRule", "Core.Rules.OrderBook", "Core.Rules.ServiceOrder", "Core.Rules.EvidencePiece", "Core.Rules.CarryOver",
        ];
        Assert.All(shared, type => Assert.Contains("Turnpike." + type, types));
        string[] apart =
        [
            "Networks.Wireless.Protocol.HeliumKey", "Networks.Wireless.Archive.HeliumConsoleTrace", "Networks.Wireless.WirelessModule", "Core.Parameters.PackDescription", "Core.Fixed",
            "Networks.Wireless.Rules.Usage2026.Usage2026Source", "Networks.Wireless.Rules.Usage2026.Usage2026Description",
        ];
        Assert.All(apart, type => Assert.DoesNotContain("Turnpike." + type, types));
    }

    /// <summary>Wherever the code lies that a pack reaches: the projects' own tests judge namespaces, this one judges what is used.</summary>
    [Fact]
    public void Everything_that_usage2026_reaches_is_pure()
    {
        var reached = Sources.TypesOf(Pack, Constant).Select(name => name.Split('<')[0]).ToHashSet();
        foreach (var assembly in new[] { "Turnpike.Core", "Turnpike.Economics", "Turnpike.Networks.Wireless" })
        {
            using var scan = new PurityScan(Path.Combine(AppContext.BaseDirectory, assembly + ".dll"));
            Assert.Empty(scan.Faults(type => reached.Contains(type.Split('/')[0].Split('`')[0])));
        }
    }
}
