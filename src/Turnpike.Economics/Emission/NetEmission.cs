using Turnpike.Core;

namespace Turnpike.Economics;

/// <summary>
/// Net re-emission (Helium's HIP-20): burned tokens come back as rewards up to a cap, smoothed over epochs; only burn beyond the cap shrinks the supply.
/// <code>
/// smoothed' = floor(((k - 1) * smoothed + burn) / k)
/// reemitted = min(smoothed', cap)
/// </code>
/// Rounded exactly as the Emissions contract rounds, so both hold the same state in every epoch.
/// </summary>
public sealed class NetEmission
{
    /// <summary>The rule of a network: cap per epoch, and k, the number of epochs of smoothing (7 at Helium; 1 smooths nothing).</summary>
    /// <exception cref="ArgumentOutOfRangeException">No epochs of smoothing.</exception>
    public NetEmission(Amount capPerEpoch, uint smoothingEpochs)
    {
        ArgumentOutOfRangeException.ThrowIfZero(smoothingEpochs);
        CapPerEpoch = capPerEpoch;
        SmoothingEpochs = smoothingEpochs;
    }

    /// <summary>The most that one epoch re-emits.</summary>
    public Amount CapPerEpoch { get; }

    /// <summary>The k of the rule.</summary>
    public uint SmoothingEpochs { get; }

    /// <summary>The next epoch's smoothed burn and re-emission, from the previous smoothed burn and this epoch's burn.</summary>
    public (Amount Smoothed, Amount Reemitted) Advance(Amount smoothed, Amount burn)
    {
        // floor(((k-1)s + b) / k) = s + floor((b - s) / k): the same number without a product that could pass 128 bits.
        var next = burn >= smoothed
            ? smoothed + new Amount((burn - smoothed).BaseUnits / SmoothingEpochs)
            : smoothed - new Amount(MulDiv.Ceiling((smoothed - burn).BaseUnits, UInt128.One, SmoothingEpochs));
        return (next, Amount.Min(next, CapPerEpoch));
    }
}
