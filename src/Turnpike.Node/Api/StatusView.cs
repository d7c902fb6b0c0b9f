using Microsoft.Extensions.DependencyInjection;
using Turnpike.Core;
using Turnpike.Evidence;
using Turnpike.Node.Gateway;
using Turnpike.Node.Operations;

namespace Turnpike.Node.Api;

/// <summary>An oracle or gateway as this node sees it.</summary>
/// <param name="Account">Its account.</param>
/// <param name="Url">Where the chain says it serves.</param>
/// <param name="State">What it does.</param>
public sealed record MemberView(string Account, string Url, string State);

/// <summary>Where a network stands.</summary>
/// <param name="Block">Newest block that the node has applied.</param>
/// <param name="CurrentEpoch">The epoch of now; 0 before the first.</param>
/// <param name="EndsInSeconds">Until its end.</param>
/// <param name="LastActiveEpoch">Last epoch whose rewards are minted.</param>
/// <param name="PendingEpoch">The epoch waiting for activation; null when none is.</param>
/// <param name="Course">Where the epochs stand, in a sentence.</param>
/// <param name="OverdueEpochs">Epochs that should be settled and are not.</param>
/// <param name="Devices">Registered devices.</param>
/// <param name="Customers">Customers with a deposit.</param>
/// <param name="PriceUsd">Moving average of the feed.</param>
/// <param name="Evidence">Pieces by admission code since the start.</param>
/// <param name="LogFailure">Why the log takes no evidence; null while it does.</param>
/// <param name="Ready">Whether the node can do its work.</param>
/// <param name="Health">The node's health in a sentence.</param>
/// <param name="Oracles">Every oracle, and whether it answers.</param>
/// <param name="Gateways">Every gateway, and the last epoch whose evidence it had certified.</param>
/// <param name="Alerts">Open alerts.</param>
public sealed record StatusView(ulong Block, ulong CurrentEpoch, long EndsInSeconds, ulong LastActiveEpoch, ulong? PendingEpoch, string Course, ulong OverdueEpochs, int Devices, int Customers, string PriceUsd,
    IReadOnlyDictionary<string, ulong> Evidence, string? LogFailure, bool Ready, string Health, IReadOnlyList<MemberView> Oracles, IReadOnlyList<MemberView> Gateways, IReadOnlyList<AlertView> Alerts)
{
    internal static StatusView Of(NodeContext node, IServiceProvider services)
    {
        var (intake, log, quorum) = (services.GetService<EvidenceIntake>(), services.GetService<EvidenceLog>(), services.GetService<QuorumCheck>());
        var counts = new SortedDictionary<string, ulong>(StringComparer.Ordinal);
        foreach (var (code, count) in intake?.Counts ?? new Dictionary<AdmissionCode, ulong>()) counts[AdmissionCodes.Describe(code).ToString()] = count;
        var (course, health) = (EpochCourse.Of(node), HealthView.Of(node.Watch));
        var oracles = (quorum?.Oracles ?? []).Select(peer => new MemberView(peer.Account.ToString(), peer.Url, peer.Answers ? "answers" : "silent")).ToList();
        var alerts = node.Watch.Alerts.Open.Select(AlertView.Of).ToList();
        return node.History.Read(state =>
        {
            var now = node.Now;
            var running = state.Clock.TryAt(now, out var epoch);
            return new StatusView(node.History.Block?.Number ?? 0, epoch.Value, running ? (state.Clock.EndOf(epoch) - now) / 1000 : 0, state.LastClosedEpoch, state.Pending?.Report.Epoch, course.Text, course.Overdue,
                state.Devices.Count, state.Deposits.Count, state.LastPrice.Average.ToString(), counts, log?.Failure?.Message, health.Ready, health.Summary, oracles,
                [.. state.Gateways.Select(gateway => new MemberView(gateway.Key.ToString(), gateway.Value, LastCommit(state, gateway.Key, epoch)))], alerts);
        });
    }

    private static string LastCommit(Ledger.LedgerState state, Address gateway, EpochNumber current)
    {
        // Two days of ten-second epochs would be many; an operator asks about the last few.
        for (var epoch = current.Value; epoch > 0 && epoch + 5 > current.Value; epoch--)
            if (state.CommitsOf(new EpochNumber(epoch)).Any(commit => commit.Gateway == gateway)) return $"evidence certified up to epoch {epoch}";
        return "no evidence certified in the last epochs";
    }
}
