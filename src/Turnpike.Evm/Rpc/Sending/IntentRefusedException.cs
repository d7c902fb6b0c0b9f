using System.Numerics;
using Turnpike.Core;

namespace Turnpike.Evm.Rpc;

/// <summary>Why an intent was not sent. Numbers are stable.</summary>
public enum IntentRefusal
{
    /// <summary>The account cannot pay for it; see <see cref="InsufficientFundsException"/>.</summary>
    InsufficientFunds = 1,

    /// <summary>The chain's price per gas is above the configured cap.</summary>
    FeeAboveCap = 2,

    /// <summary>The node refuses the transaction; the inner exception holds its answer.</summary>
    RefusedByNode = 3,

    /// <summary>Every try met another transaction at the nonce: another program uses the key right now.</summary>
    NonceContested = 4,
}

/// <summary>An intent was not sent and holds no nonce; it may be given again.</summary>
public class IntentRefusedException : Exception
{
    internal IntentRefusedException(IntentRefusal refusal, string message, Exception? inner = null)
        : base(message, inner) => Refusal = refusal;

    /// <summary>The reason, numbered.</summary>
    public IntentRefusal Refusal { get; }

    internal static IntentRefusedException FeeAboveCap(BigInteger price, BigInteger cap) =>
        new(IntentRefusal.FeeAboveCap, $"The chain asks {price} wei per gas, the cap is {cap}. Wait for a lower price or raise FeeOptions.MaxFeePerGas.");
}

/// <summary>The account cannot pay value plus gas limit times fee cap, beside what its waiting transactions may cost.</summary>
public sealed class InsufficientFundsException : IntentRefusedException
{
    internal InsufficientFundsException(Address account, BigInteger needed, BigInteger available, Exception? inner = null)
        : base(IntentRefusal.InsufficientFunds, $"Account {account} needs {needed} wei and holds {available}: send it at least {BigInteger.Max(needed - available, 1)} wei.", inner)
    {
        Account = account;
        Needed = needed;
        Available = available;
    }

    /// <summary>The account to top up.</summary>
    public Address Account { get; }

    /// <summary>Wei it must hold.</summary>
    public BigInteger Needed { get; }

    /// <summary>Wei it holds.</summary>
    public BigInteger Available { get; }
}
