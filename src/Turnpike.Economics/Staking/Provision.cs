using Turnpike.Core;

namespace Turnpike.Economics;

/// <summary>
/// An operator's bond to one service (Graph Horizon): what is thawing can still be slashed, so leaving does not escape a dispute that is shorter than the thaw. A slash takes
/// from what is bonded first and from the oldest thaw last; the verifier's cut goes to who proved the fault, the rest is burned. Not safe for several threads.
/// </summary>
public sealed class Provision
{
    private readonly Queue<(ulong Until, Amount Amount)> _thaws = [];

    /// <summary>Terms of a service: how long a withdrawal thaws, and the most that the verifier gets of a slash.</summary>
    public Provision(ulong thawEpochs, Ratio maxVerifierCut) => (ThawEpochs, MaxVerifierCut) = (thawEpochs, maxVerifierCut);

    /// <summary>Epochs from asking to getting.</summary>
    public ulong ThawEpochs { get; }

    /// <summary>The most that the verifier gets of a slash.</summary>
    public Ratio MaxVerifierCut { get; }

    /// <summary>Bonded and not thawing.</summary>
    public Amount Bonded { get; private set; }

    /// <summary>Asked back and not yet free.</summary>
    public Amount Thawing { get; private set; }

    /// <summary>All that a slash can reach.</summary>
    public Amount Slashable => Bonded + Thawing;

    /// <summary>Adds to the bond.</summary>
    public void Deposit(Amount amount) => Bonded += amount;

    /// <summary>Asks a part back; it is free after the thaw.</summary>
    /// <exception cref="OverflowException">More than is bonded.</exception>
    public void Thaw(Amount amount, ulong epoch)
    {
        Bonded -= amount;
        Thawing += amount;
        _thaws.Enqueue((checked(epoch + ThawEpochs), amount));
    }

    /// <summary>Takes out what has thawed.</summary>
    public Amount Withdraw(ulong epoch)
    {
        var free = Amount.Zero;
        while (_thaws.TryPeek(out var thaw) && thaw.Until <= epoch) free += _thaws.Dequeue().Amount;
        Thawing -= free;
        return free;
    }

    /// <summary>Takes up to <paramref name="amount"/>; says what was taken, of it the verifier's, and what burns.</summary>
    public (Amount Taken, Amount Verifier, Amount Burned) Slash(Amount amount, Ratio verifierCut)
    {
        var taken = Amount.Min(amount, Slashable);
        var fromBond = Amount.Min(taken, Bonded);
        Bonded -= fromBond;
        TakeFromThaws(taken - fromBond);
        var cut = verifierCut.CompareTo(MaxVerifierCut) > 0 ? MaxVerifierCut : verifierCut;
        var verifier = cut.FloorOf(taken);
        return (taken, verifier, taken - verifier);
    }

    private void TakeFromThaws(Amount amount)
    {
        if (amount.IsZero) return;
        Thawing -= amount;
        // The youngest first, so that a thaw that is nearly over is the last to lose.
        var thaws = _thaws.ToArray();
        for (var i = thaws.Length - 1; i >= 0; i--)
        {
            var part = Amount.Min(amount, thaws[i].Amount);
            thaws[i].Amount -= part;
            amount -= part;
        }
        _thaws.Clear();
        foreach (var thaw in thaws) if (!thaw.Amount.IsZero) _thaws.Enqueue(thaw);
    }
}
