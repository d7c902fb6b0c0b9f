using Turnpike.Core;
using Turnpike.Ledger;

namespace Turnpike.Node.Operations;

/// <summary>Where an epoch stands on its way.</summary>
public enum EpochStage
{
    /// <summary>Running: evidence comes in.</summary>
    Collecting = 1,

    /// <summary>Ended: gateways seal, oracles certify, manifests are committed.</summary>
    Certifying = 2,

    /// <summary>The grace is over: oracles wait for finality, compute and sign.</summary>
    Computing = 3,

    /// <summary>A report is on chain and waits for its activation.</summary>
    Pending = 4,

    /// <summary>Minted; or declared empty.</summary>
    Closed = 5,
}

/// <summary>How far a network's epochs are, as the ledger and the clock tell it.</summary>
/// <param name="Current">The epoch of now; 0 before the first.</param>
/// <param name="LastClosed">The last that is active or was declared empty.</param>
/// <param name="Next">The one to settle next, and its stage; null when none has ended.</param>
/// <param name="Overdue">Epochs that have passed their whole course and are not closed.</param>
/// <param name="Text">All of it in a sentence.</param>
public sealed record EpochCourse(ulong Current, ulong LastClosed, (ulong Epoch, EpochStage Stage)? Next, ulong Overdue, string Text)
{
    /// <summary>The course now.</summary>
    public static EpochCourse Of(NodeContext node) => node.History.Read(state => Of(state, node.Now));

    internal static EpochCourse Of(LedgerState state, long now)
    {
        var current = state.Clock.TryAt(now, out var epoch) ? epoch.Value : 0;
        var closed = state.LastClosedEpoch;
        if (current == 0) return new EpochCourse(0, closed, null, 0, "the first epoch has not begun");
        var stage = closed + 1 < current ? StageOf(state, closed + 1, now) : (EpochStage?)null;
        var overdue = OverdueAt(state, current, now);
        return new EpochCourse(current, closed, stage is { } known ? (closed + 1, known) : null, overdue, Describe(current, closed, stage, overdue));
    }

    private static EpochStage StageOf(LedgerState state, ulong epoch, long now) =>
        state.Pending?.Report.Epoch == epoch ? EpochStage.Pending
        : now < state.Clock.EndOf(new EpochNumber(epoch)) + (long)state.Grace.TotalMilliseconds ? EpochStage.Certifying
        : EpochStage.Computing;

    // An epoch's whole course: grace, finality and computation (allowed as much as an epoch is long), activation.
    private static ulong OverdueAt(LedgerState state, ulong current, long now)
    {
        var course = (long)(state.Grace + state.ActivationDelay).TotalMilliseconds + state.Clock.LengthSeconds * 1000;
        var due = current - 1;
        while (due > state.LastClosedEpoch && state.Clock.EndOf(new EpochNumber(due)) + course > now) due--;
        return due > state.LastClosedEpoch ? due - state.LastClosedEpoch : 0;
    }

    private static string Describe(ulong current, ulong closed, EpochStage? stage, ulong overdue)
    {
        var text = $"epoch {current} collects evidence";
        if (stage is { } next)
        {
            var doing = next switch { EpochStage.Certifying => "is being certified", EpochStage.Computing => "is being computed and signed", _ => "waits for its activation" };
            text += $"; epoch {closed + 1} {doing}";
        }
        if (closed > 0) text += $"; epoch {closed} is settled";
        return overdue > 0 ? $"{text}; {overdue} overdue" : text;
    }
}
