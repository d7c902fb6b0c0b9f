using Turnpike.Networks.Wireless.Rules.Usage2026;
using Turnpike.Tests;

namespace Turnpike.Networks.Tests;

public class RuleSourceTests
{
    private const string Pack = "Turnpike.Networks.Wireless.Rules.Usage2026.Usage2026Pack";
    private const string Constant = "Turnpike.Networks.Wireless.Rules.Usage2026.Usage2026Source";

    [Fact]
    public void Usage2026_source_hash_is_that_of_its_sources()
    {
        var actual = new SourceClosure(SharedData.RepositoryRoot, "Turnpike.Networks.Wireless").HashOf(Pack, Constant);
        Assert.True(actual == Usage2026Source.Hash,
            $"The code that usage-2026 reaches has changed: its hash is {actual}. A network that used the pack could not replay its epochs any more: write a new pack version instead. "
            + "Only while no network has used it may the constant in Usage2026Source.cs be set to the new hash.");
    }

    [Fact]
    public void Closure_reaches_rules_allocation_and_replay_but_not_files_or_protocols()
    {
        var types = new SourceClosure(SharedData.RepositoryRoot, "Turnpike.Networks.Wireless").TypesOf(Pack, Constant);
        Assert.Contains("Turnpike.Networks.Wireless.Rules.Usage2026.RetransmissionRule", types);
        Assert.Contains("Turnpike.Networks.Wireless.Evidence.PacketReport", types);
        Assert.Contains("Turnpike.Core.Rules.ReplayRule", types);
        Assert.Contains("Turnpike.Core.MulDiv", types);
        Assert.DoesNotContain("Turnpike.Networks.Wireless.Protocol.HeliumKey", types);
    }
}
