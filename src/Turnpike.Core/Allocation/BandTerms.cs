namespace Turnpike.Core.Allocation;

/// <summary>What a <see cref="Banded"/> pool depends on in one epoch.</summary>
public sealed record BandTerms
{
    /// <summary>Scheduled emission of the whole network.</summary>
    public required Amount Emission { get; init; }

    /// <summary>Smoothed burn of the whole network.</summary>
    public required Amount SmoothedBurn { get; init; }

    /// <summary>The most of the burn that is re-emitted without a top-up.</summary>
    public required Amount ReemissionCap { get; init; }

    /// <summary>The pool's share of all that is minted (HIP-149's alpha).</summary>
    public required Ratio Share { get; init; }

    /// <summary>What customers paid for the service that the pool rewards.</summary>
    public required Credits ServiceValue { get; init; }

    /// <summary>The pool is topped up toward this multiple of the service value; one half in HIP-149.</summary>
    public Ratio FloorMultiple { get; init; } = new(1, 2);

    /// <summary>The pool pays at most this multiple of the service value; three in HIP-149.</summary>
    public Ratio CapMultiple { get; init; } = new(3, 1);

    /// <summary>Price that values the floor: the low side of the average's confidence, which tops up more. Null when no price is usable: no top-up.</summary>
    public required Price? FloorPrice { get; init; }

    /// <summary>Price that values the cap: the average itself. Null when no price is usable: no cap.</summary>
    public required Price? CapPrice { get; init; }
}

/// <summary>A banded pool before it is divided. <see cref="Paid"/> and <see cref="Overflow"/> sum to exactly <see cref="Pool"/>.</summary>
/// <param name="Base">The pool's share of emission and capped re-emission.</param>
/// <param name="TopUp">Minted for the whole network beyond that; the pool's share of it is in <paramref name="Pool"/>.</param>
/// <param name="Pool">The pool's share of everything minted.</param>
/// <param name="Target">What the top-up aims at; null without a price.</param>
/// <param name="Cap">The most that is paid; null without a price.</param>
/// <param name="Paid">What contributors divide.</param>
/// <param name="Overflow">What the cap kept from them; the rule pack says who gets it (vote-lockers in HIP-149).</param>
public sealed record Band(Amount Base, Amount TopUp, Amount Pool, Amount? Target, Amount? Cap, Amount Paid, Amount Overflow);
