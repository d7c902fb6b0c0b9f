using System.Globalization;
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
    public static IReadOnlyList<ushort> EvidenceKinds { get; } = [PacketReport.Kind];

    /// <summary>The rule pack of a network; false when this module has none of that name.</summary>
    /// <exception cref="ArgumentException">The parameters contradict themselves.</exception>
    public static bool TryCreatePack(NetworkParameters network, out IRulePack pack)
    {
        pack = null!;
        if (network.Module != Name || network.Pack != Usage2026Description.Pack.Id) return false;
        var data = network.Pools.Single(pool => pool.Shape == Usage2026Description.UsageShape);
        var accounts = network.Pools.Where(pool => pool != data).Select(pool => new AccountPool(pool.Name, pool.SharePpm, pool.To)).ToList();
        var operations = accounts.Find(pool => pool.Account == data.Leftovers)
            ?? throw new ArgumentException($"The pool '{data.Name}' leaves its rest to {data.Leftovers}, which no account pool pays.");
        pack = new Usage2026Pack(new Usage2026Parameters
        {
            DataSharePpm = data.SharePpm,
            Operations = operations,
            Others = accounts.Where(pool => pool != operations).ToList(),
            BytesPerCredit = uint.Parse(network.Values[Usage2026Description.BytesPerCredit], CultureInfo.InvariantCulture),
            RetransmissionWindow = long.Parse(network.Values[Usage2026Description.RetransmissionWindow], CultureInfo.InvariantCulture),
            MinimumTrust = byte.Parse(network.Values[Usage2026Description.MinimumTrust], CultureInfo.InvariantCulture),
        });
        return true;
    }
}
