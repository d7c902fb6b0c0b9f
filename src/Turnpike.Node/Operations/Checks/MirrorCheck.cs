using Turnpike.Node.Mirror;

namespace Turnpike.Node.Operations;

/// <summary>All certified evidence is in the object store, or waits for less than an epoch and nothing failed; without a store there is nothing to do.</summary>
internal sealed class MirrorCheck(NodeContext node, EvidenceKeeper keeper) : INodeCheck
{
    public string Name => "mirror";

    public Task<CheckResult> RunAsync(CancellationToken cancellation)
    {
        if (keeper.WaitingSince is not { } since) return Task.FromResult(new CheckResult("nothing waits to be mirrored"));
        var text = $"{keeper.Waiting} certified manifests wait to be mirrored";
        var isLate = node.Now - since > 1000 * node.History.Read(state => state.Clock.LengthSeconds);
        if (keeper.Trouble is not { } trouble) return Task.FromResult(isLate ? new CheckResult(text, new Finding(AlertCode.MirrorBehind, "", text + ", for more than an epoch.")) : new CheckResult(text));
        return Task.FromResult(new CheckResult(text, new Finding(AlertCode.MirrorBehind, "", $"{text}. The last attempt: {trouble}")));
    }
}
