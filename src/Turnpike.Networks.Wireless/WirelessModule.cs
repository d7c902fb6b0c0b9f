using Turnpike.Core;
using Turnpike.Core.Parameters;
using Turnpike.Core.Rules;
using Turnpike.Networks.Wireless.Evidence;
using Turnpike.Networks.Wireless.Rules.Usage2026;

namespace Turnpike.Networks.Wireless;

/// <summary>Everything that wireless networks add to Turnpike.</summary>
public static class WirelessModule
{
    /// <summary>The category that blueprints name.</summary>
    public const string Name = "wireless";

    /// <summary>Rule packs, for readers of blueprints.</summary>
    public static IReadOnlyList<PackDescription> Packs { get; } = [Usage2026Description.Pack];

    /// <summary>Verdict numbers.</summary>
    public static VerdictModule Verdicts => WirelessVerdicts.Module;

    /// <summary>Evidence kinds that gateways admit.</summary>
    public static IReadOnlyList<ushort> EvidenceKinds { get; } = [PacketReport.Kind, UsageBatch.Kind, RefusalTally.Kind];

    /// <summary>The rule pack of a network; false when this module has none of that name.</summary>
    /// <exception cref="ArgumentException">The parameters contradict themselves.</exception>
    public static bool TryCreatePack(NetworkParameters network, out IRulePack pack)
    {
        pack = null!;
        if (network.Module != Name || network.Pack != Usage2026Names.Id) return false;
        pack = new Usage2026Pack(Usage2026Parameters.Of(network));
        return true;
    }
}
