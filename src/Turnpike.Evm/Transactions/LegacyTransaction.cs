using System.Numerics;
using Turnpike.Core;

namespace Turnpike.Evm;

/// <summary>A transaction without a type byte.</summary>
public sealed record LegacyTransaction : Transaction
{
    /// <summary>v of EIP-155 is this, plus twice the chain id, plus the parity.</summary>
    private const int ProtectedV = 35;

    /// <summary>v before EIP-155 is this plus the parity.</summary>
    private const int UnprotectedV = 27;

    /// <inheritdoc/>
    public override TransactionType Type => TransactionType.Legacy;

    /// <summary>The chain it is bound to by EIP-155, not zero; null leaves it valid on every chain.</summary>
    public ulong? ChainId { get; init => field = value != 0 ? value : throw new ArgumentOutOfRangeException(nameof(ChainId), "EIP-155 has no chain 0; null means unprotected."); }

    /// <summary>Price of a unit of gas, wei, below 2^256.</summary>
    public required BigInteger GasPrice { get; init => field = Word256.Check(value); }

    /// <summary>The recipient; null creates a contract.</summary>
    public Address? To { get; init; }

    /// <inheritdoc/>
    public bool Equals(LegacyTransaction? other) => base.Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => base.GetHashCode();

    internal static LegacyTransaction Read(ref RlpReader fields, out BigInteger v)
    {
        var transaction = new LegacyTransaction
        {
            Nonce = fields.ReadUInt64(),
            GasPrice = fields.ReadUInt256(),
            GasLimit = fields.ReadUInt64(),
            To = fields.ReadOptionalAddress(),
            Value = fields.ReadUInt256(),
            Data = fields.ReadBytes().ToArray(),
        };
        v = fields.ReadUInt256();
        return TrySplitV(v, out var chainId, out _) ? transaction with { ChainId = chainId } : transaction;
    }

    internal static bool TrySplitV(BigInteger v, out ulong? chainId, out byte recoveryId)
    {
        chainId = null;
        recoveryId = 0;
        if (v < UnprotectedV || (v > UnprotectedV + 1 && v < ProtectedV + 2)) return false;
        if (v <= UnprotectedV + 1)
        {
            recoveryId = (byte)(v - UnprotectedV);
            return true;
        }
        var chain = (v - ProtectedV) >> 1;
        if (chain > ulong.MaxValue) return false;
        chainId = (ulong)chain;
        recoveryId = (byte)((v - ProtectedV) & 1);
        return true;
    }

    private protected override void WriteFields(RlpWriter writer)
    {
        writer.WriteUInt64(Nonce);
        writer.WriteUInt256(GasPrice);
        writer.WriteUInt64(GasLimit);
        writer.WriteAddress(To);
        writer.WriteUInt256(Value);
        writer.WriteBytes(Data.Span);
    }

    private protected override void WriteSigningSuffix(RlpWriter writer)
    {
        if (ChainId is not { } chainId) return;
        writer.WriteUInt64(chainId);
        writer.WriteUInt64(0);
        writer.WriteUInt64(0);
    }

    private protected override BigInteger SignatureV(byte recoveryId) =>
        ChainId is { } chainId ? ProtectedV + 2 * new BigInteger(chainId) + recoveryId : UnprotectedV + recoveryId;
}
