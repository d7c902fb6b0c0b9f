using System.Globalization;
using Turnpike.Core;
using Turnpike.Core.Parameters;

namespace Turnpike.Networks.Wireless.Rules.Usage2026;

/// <summary>A named account's fixed share of every epoch's emission.</summary>
/// <param name="Name">The pool's name in the blueprint.</param>
/// <param name="SharePpm">Millionths of the emission.</param>
/// <param name="Account">Who receives it.</param>
public sealed record AccountPool(string Name, uint SharePpm, Address Account);

/// <summary>What a network may set. All of it is in the rules hash.</summary>
public sealed record Usage2026Parameters
{
    /// <summary>The most that delivered data may earn, in millionths of the emission.</summary>
    public required uint DataSharePpm { get; init; }

    /// <summary>Gets its share, all that the data pool leaves and every rounding remainder.</summary>
    public required AccountPool Operations { get; init; }

    /// <summary>Fixed shares beside it.</summary>
    public required IReadOnlyList<AccountPool> Others { get; init; }

    /// <summary>Bytes of payload that one credit carries; a started unit counts whole, and an empty payload is one unit.</summary>
    public required uint BytesPerCredit { get; init; }

    /// <summary>A copy of a packet through the same device within this time of the last sold copy is a retransmission, in milliseconds.</summary>
    public required long RetransmissionWindow { get; init; }

    /// <summary>Least trust level that is paid.</summary>
    public required byte MinimumTrust { get; init; }

    /// <summary>A network's canonical parameters as this pack understands them. What they mean is a rule: it is here, and so in the pack's source hash.</summary>
    /// <exception cref="ArgumentException">They contradict themselves, or a parameter is missing or no number.</exception>
    public static Usage2026Parameters Of(NetworkParameters network)
    {
        var usage = network.Pools.Where(pool => pool.Shape == Usage2026Names.UsageShape).ToList();
        if (usage is not [var data]) throw new ArgumentException($"The pack pays exactly one pool of the shape '{Usage2026Names.UsageShape}', not {usage.Count}.");
        var accounts = network.Pools.Where(pool => pool != data).Select(pool => new AccountPool(pool.Name, pool.SharePpm, pool.To)).ToList();
        var operations = accounts.FindIndex(pool => pool.Account == data.Leftovers);
        if (operations < 0) throw new ArgumentException($"The pool '{data.Name}' leaves its rest to {data.Leftovers}, which no account pool pays.");
        return new Usage2026Parameters
        {
            DataSharePpm = data.SharePpm,
            Operations = accounts[operations],
            Others = accounts.Where((_, i) => i != operations).ToList(),
            BytesPerCredit = (uint)Number(network, Usage2026Names.BytesPerCredit, uint.MaxValue),
            RetransmissionWindow = Number(network, Usage2026Names.RetransmissionWindow, long.MaxValue),
            MinimumTrust = (byte)Number(network, Usage2026Names.MinimumTrust, byte.MaxValue),
        };
    }

    /// <summary>Shares sum to exactly one million; a guard, since the blueprint is checked before.</summary>
    /// <exception cref="ArgumentException">They do not, or a number is out of its range.</exception>
    public void Validate()
    {
        var sum = (ulong)DataSharePpm + Operations.SharePpm + Others.Aggregate(0UL, (total, pool) => total + pool.SharePpm);
        if (sum != 1_000_000) throw new ArgumentException($"The pools' shares sum to {sum} millionths, not 1000000.");
        if (BytesPerCredit == 0) throw new ArgumentException("A credit carries at least 1 byte.");
        if (RetransmissionWindow < 0) throw new ArgumentException("The retransmission window is not negative.");
    }

    private static long Number(NetworkParameters network, string name, long most) =>
        network.Values.TryGetValue(name, out var text) && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= most
            ? number
            : throw new ArgumentException($"The parameter '{name}' is missing, or no number up to {most}.");
}
