using Turnpike.Core;

namespace Turnpike.Economics;

/// <summary>A grant that vests evenly from a start over so many epochs, with nothing before a cliff. Rounded down; the last epoch completes it.</summary>
/// <param name="Total">The grant.</param>
/// <param name="Start">Epoch before the first that vests.</param>
/// <param name="Cliff">Epochs from the start in which nothing is released.</param>
/// <param name="Duration">Epochs from the start to the end, at least one.</param>
public sealed record LinearVesting(Amount Total, ulong Start, ulong Cliff, ulong Duration)
{
    /// <summary>Vested at the end of an epoch.</summary>
    public Amount VestedAt(ulong epoch)
    {
        if (epoch <= Start || epoch - Start < Cliff) return Amount.Zero;
        return epoch - Start >= Duration ? Total : new Amount(MulDiv.Floor(Total.BaseUnits, epoch - Start, Duration));
    }

    /// <summary>Released by one epoch.</summary>
    public Amount ReleasedIn(ulong epoch) => epoch == 0 ? Amount.Zero : VestedAt(epoch) - VestedAt(epoch - 1);
}
