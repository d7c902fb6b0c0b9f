using Turnpike.Core;
using Turnpike.Core.Canonical;

namespace Turnpike.Node.Replay;

/// <summary>Sums over the outcomes of all epochs, read from their published files.</summary>
internal sealed class OutcomeTotals
{
    private readonly SortedDictionary<ulong, ReplayRefusal> _refused = [];
    private readonly Dictionary<DeviceId, (UInt128 Credits, UInt128 Amount)> _devices = [];

    public ulong Sold { get; private set; }

    public IReadOnlyList<ReplayRefusal> Refused => [.. _refused.Values];

    /// <summary>Receptions with a verdict, or refused at the door.</summary>
    public ulong Judged => Sold + _refused.Values.Aggregate(0UL, (sum, refusal) => sum + refusal.Receptions);

    public Credits Credits => new(_devices.Values.Aggregate(UInt128.Zero, (sum, device) => sum + device.Credits));

    /// <summary>Adds an epoch.</summary>
    public void Add(ShardSet outcome)
    {
        foreach (var line in Lines(outcome, "devices-"))
        {
            var (credits, amount) = _devices.GetValueOrDefault(line["device"].DeviceId);
            _devices[line["device"].DeviceId] = (credits + line["units"].Integer, amount + line["amount"].Integer);
            foreach (var verdict in line["verdicts"].Items) Count(verdict["code"].UInt64, verdict["name"].Text, verdict["reports"].UInt64);
        }
        foreach (var line in Lines(outcome, "refusals-")) Count(line["code"].UInt64, line["name"].Text, line["count"].UInt64);
    }

    public ReplayEarnings Of(ReplayHotspot hotspot)
    {
        var (credits, amount) = _devices.GetValueOrDefault(hotspot.Device);
        return new ReplayEarnings(hotspot.Name, hotspot.Device, new Credits(credits), new Amount(amount));
    }

    private static IEnumerable<CanonicalValue> Lines(ShardSet outcome, string stem) =>
        outcome.Shards.Where(shard => shard.Name.StartsWith(stem, StringComparison.Ordinal)).SelectMany(shard => CanonicalReader.ReadLines(shard.Bytes));

    private void Count(ulong code, string name, ulong reports)
    {
        if (code == VerdictCode.Accepted.Number) Sold += reports;
        else _refused[code] = new ReplayRefusal(code, name, reports + (_refused.TryGetValue(code, out var before) ? before.Receptions : 0));
    }
}
