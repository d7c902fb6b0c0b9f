using System.Globalization;
using System.Numerics;
using Turnpike.Core;

namespace Turnpike.Node;

/// <summary>What an account holds for gas, and how far that goes.</summary>
/// <param name="Account">The account.</param>
/// <param name="Balance">Wei held.</param>
/// <param name="EpochCost">Wei that an epoch costs at today's price if the account submits all of it.</param>
public sealed record AccountFunds(Address Account, BigInteger Balance, BigInteger EpochCost)
{
    /// <summary>Gas of one settlement, one activation, one commit and four price rounds, as contracts/snapshots has them: the most that one account submits in an epoch.</summary>
    public const ulong GasPerEpoch = 129_000 + 159_000 + 104_000 + 4 * 162_000;

    /// <summary>Fewer epochs than this are too few: an operator needs time to react.</summary>
    public const int LowEpochs = 20;

    /// <summary>Epochs that the balance pays for.</summary>
    public long EpochsLeft => EpochCost.IsZero ? long.MaxValue : (long)BigInteger.Min(Balance / EpochCost, long.MaxValue);

    /// <summary>Whether the account needs money.</summary>
    public bool IsLow => EpochsLeft < LowEpochs;

    /// <summary>Says it to an operator, with what to do.</summary>
    public override string ToString() => IsLow
        ? $"Account {Account} holds {Ether(Balance)} ETH, enough for about {EpochsLeft} epochs at today's gas price: send it at least {Ether(EpochCost * (2 * LowEpochs) - Balance)} ETH. Until then it computes and signs on; what it cannot pay for, others submit."
        : $"Account {Account} holds {Ether(Balance)} ETH, enough for about {EpochsLeft} epochs at today's gas price.";

    private static string Ether(BigInteger wei) => ((decimal)(BigInteger.Min(wei, BigInteger.Pow(10, 45)) / BigInteger.Pow(10, 12)) / 1_000_000m).ToString("0.######", CultureInfo.InvariantCulture);
}
