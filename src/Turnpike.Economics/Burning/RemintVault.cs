using Turnpike.Core;

namespace Turnpike.Economics;

/// <summary>Whether a vault may be used.</summary>
public enum VaultStatus
{
    /// <summary>Collateral is above the warning.</summary>
    Healthy = 0,

    /// <summary>At or below the warning: minting slows down.</summary>
    Warning = 1,

    /// <summary>At or below the halt: no new credits; settling and refunding go on.</summary>
    Halted = 2,
}

/// <summary>The bounds of a <see cref="RemintVault"/>, in hundredths of a percent. Defaults are Akash's.</summary>
public sealed record VaultTerms
{
    /// <summary>What the vault keeps of each mint.</summary>
    public uint MintSpreadBps { get; init; } = 25;

    /// <summary>Collateral ratio at which minting slows down.</summary>
    public uint WarnBps { get; init; } = 9_500;

    /// <summary>Collateral ratio at which minting stops.</summary>
    public uint HaltBps { get; init; } = 9_000;

    /// <summary>Blocks between batches while healthy.</summary>
    public uint BaseBlocks { get; init; } = 10;

    /// <summary>Below the warning, each step of so many hundredths of a percent makes the wait a tenth longer.</summary>
    public uint StepBps { get; init; } = 10;

    /// <summary>Longest wait.</summary>
    public uint MaxBlocks { get; init; } = 14_400;
}

/// <summary>
/// Akash's burn-and-mint (AEP-76): tokens go into a vault and become dollar credits; credits that are settled become tokens again, first out of what was burned
/// ("remint credits"), then, if the price fell, out of new supply. A dollar bought at P and settled at Q changes the supply by 1/Q - 1/P.
/// <para>
/// Guarantees, each a property test: remint credits never fall below zero; what is outstanding is what was minted less what was settled; a mint and a settlement at
/// one price never change the supply by more than the spread and a base unit in the network's favour.
/// </para>
/// Credits have six decimals; not safe for several threads.
/// </summary>
public sealed class RemintVault(VaultTerms terms)
{
    // One credit unit is 10^-6 dollar = 100 price units, and a token has 10^18 base units: base units = micro * 10^20 / price.
    private static readonly UInt128 Scale = 100 * Amount.PerToken;

    /// <summary>Tokens burned into the vault and not yet minted again.</summary>
    public Amount RemintCredits { get; private set; }

    /// <summary>Credits in circulation, millionths of a dollar.</summary>
    public UInt128 Outstanding { get; private set; }

    /// <summary>Tokens minted beyond what had been burned.</summary>
    public Amount NewSupply { get; private set; }

    /// <summary>Burns what so many micro-credits cost, rounded up, and says it; the receiver gets them less the spread. Nothing happens while halted.</summary>
    /// <exception cref="DivideByZeroException">The price is zero.</exception>
    public bool TryMint(UInt128 micro, Price price, out Amount burned, out UInt128 received)
    {
        (burned, received) = (Amount.Zero, UInt128.Zero);
        if (Status(price) == VaultStatus.Halted) return false;
        burned = new Amount(MulDiv.Ceiling(micro, Scale, price.UsdE8));
        received = micro - MulDiv.Ceiling(micro, terms.MintSpreadBps, 10_000);
        RemintCredits += burned;
        Outstanding = checked(Outstanding + received);
        return true;
    }

    /// <summary>Settles credits of a provider, or refunds a customer: the tokens paid, rounded down, of which remint credits cover what they can.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More credits than are outstanding.</exception>
    public (Amount Paid, Amount Minted) Settle(UInt128 micro, Price price)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(micro, Outstanding);
        var paid = new Amount(MulDiv.Floor(micro, Scale, price.UsdE8));
        var reminted = Amount.Min(paid, RemintCredits);
        RemintCredits -= reminted;
        Outstanding -= micro;
        NewSupply += paid - reminted;
        return (paid, paid - reminted);
    }

    /// <summary>Value of the vault over the credits outstanding, in hundredths of a percent, rounded down; null while nothing is outstanding.</summary>
    public UInt128? CollateralBps(Price price)
    {
        if (Outstanding == UInt128.Zero) return null;
        var value = MulDiv.Floor(RemintCredits.BaseUnits, price.UsdE8, Scale);
        return MulDiv.Floor(value, 10_000, Outstanding);
    }

    /// <summary>Where the collateral stands.</summary>
    public VaultStatus Status(Price price) => CollateralBps(price) switch
    {
        null => VaultStatus.Healthy,
        var ratio when ratio <= terms.HaltBps => VaultStatus.Halted,
        var ratio when ratio <= terms.WarnBps => VaultStatus.Warning,
        _ => VaultStatus.Healthy,
    };

    /// <summary>Blocks until the next batch of mints: floor(base * 1.1^steps), where a step is each started 10 bps below the warning.</summary>
    public uint BackoffBlocks(Price price)
    {
        if (CollateralBps(price) is not { } ratio || ratio > terms.WarnBps) return terms.BaseBlocks;
        var steps = ((uint)(terms.WarnBps - ratio) + terms.StepBps - 1) / terms.StepBps;
        // In millionths, so that rounding does not eat the first steps.
        var wait = (UInt128)terms.BaseBlocks * 1_000_000;
        for (var step = 0u; step < steps && wait < (UInt128)terms.MaxBlocks * 1_000_000; step++) wait = wait * 11 / 10;
        return (uint)UInt128.Min(wait / 1_000_000, terms.MaxBlocks);
    }
}
