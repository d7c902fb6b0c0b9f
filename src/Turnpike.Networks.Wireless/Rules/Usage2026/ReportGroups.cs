using Turnpike.Core;
using Turnpike.Core.Rules;

namespace Turnpike.Networks.Wireless.Rules.Usage2026;

/// <summary>A device and its reports, in the order of judgement.</summary>
/// <param name="Device">The device.</param>
/// <param name="Rank">Its rank in the registry; -1 for a stranger.</param>
/// <param name="Reports">Its reports.</param>
internal readonly record struct ReportGroup(DeviceId Device, int Rank, ReadOnlyMemory<PacketFacts> Reports);

/// <summary>Puts a shard's reports together by device, devices sorted by id.</summary>
internal static class ReportGroups
{
    public static IEnumerable<ReportGroup> Of(ShardReading shard, DeviceTable registry)
    {
        var strangers = Strangers(shard);
        var (next, sorted, starts, first) = (0, ByRank(shard.Packets, out var from, out var lowest), from, lowest);
        for (var i = 0; i + 1 < starts.Length; i++)
        {
            if (starts[i] == starts[i + 1]) continue;
            var device = registry.IdAt(first + i);
            for (; next < strangers.Count && strangers[next].Device.CompareTo(device) < 0; next++) yield return strangers[next];
            yield return new ReportGroup(device, first + i, sorted.AsMemory(starts[i], starts[i + 1] - starts[i]));
        }
        for (; next < strangers.Count; next++) yield return strangers[next];
    }

    // A stable counting sort: ranks of a shard lie close together.
    private static PacketFacts[] ByRank(ReadOnlySpan<PacketFacts> reports, out int[] starts, out int lowest)
    {
        var (known, highest) = (0, -1);
        lowest = int.MaxValue;
        foreach (ref readonly var report in reports)
        {
            if (report.Account == ReportPlace.Signer) continue;
            known++;
            lowest = Math.Min(lowest, report.Account);
            highest = Math.Max(highest, report.Account);
        }
        starts = known == 0 ? [] : new int[highest - lowest + 2];
        foreach (ref readonly var report in reports)
            if (report.Account != ReportPlace.Signer) starts[report.Account - lowest + 1]++;
        for (var i = 1; i < starts.Length; i++) starts[i] += starts[i - 1];
        var next = starts.ToArray();
        var sorted = new PacketFacts[known];
        foreach (ref readonly var report in reports)
            if (report.Account != ReportPlace.Signer) sorted[next[report.Account - lowest]++] = report;
        return sorted;
    }

    private static List<ReportGroup> Strangers(ShardReading shard) =>
        shard.Packets.Where(report => report.Account == ReportPlace.Signer)
            .GroupBy(report => shard.Pieces[report.Piece].Piece.Device).OrderBy(group => group.Key)
            .Select(group => new ReportGroup(group.Key, -1, group.ToArray())).ToList();
}
