using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using Turnpike.Core;

namespace Turnpike.Evm;

/// <summary>A transaction and its signature: what is sent to the chain.</summary>
public sealed record SignedTransaction
{
    /// <summary>Longest transaction that is decoded unless the caller says otherwise, bytes.</summary>
    public const int DefaultMaxBytes = 1024 * 1024;

    /// <summary>Joins a transaction and its signature.</summary>
    /// <exception cref="ArgumentException">The recovery id is above 1, which no transaction can hold.</exception>
    public SignedTransaction(Transaction transaction, Secp256k1Signature signature)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        if (signature.RecoveryId > 1) throw new ArgumentException("A transaction holds only a recovery id of 0 or 1.", nameof(signature));
        Transaction = transaction;
        Signature = signature;
    }

    /// <summary>What was signed.</summary>
    public Transaction Transaction { get; }

    /// <summary>The signature.</summary>
    public Secp256k1Signature Signature { get; }

    /// <summary>The bytes for eth_sendRawTransaction.</summary>
    public byte[] Encode() => Transaction.EncodeSigned(Signature);

    /// <summary>The transaction's hash, its identity on the chain.</summary>
    public Bytes32 Hash() => Keccak256.Hash(Encode());

    /// <summary>The account that signed; false for a high s (EIP-2) or a signature that is nobody's.</summary>
    public bool TryRecoverSender(out Address sender)
    {
        sender = default;
        if (!Signature.IsLowS || !Secp256k1.TryRecover(Transaction.SigningHash(), Signature, out var key)) return false;
        sender = key.ToAddress();
        return true;
    }

    /// <summary>Decodes a signed transaction of any kind; false with the reason for anything else. Never throws for any bytes.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out SignedTransaction? signed, out TransactionRefusal refusal, int maxBytes = DefaultMaxBytes)
    {
        signed = null;
        refusal = bytes.Length > maxBytes ? new(TransactionError.TooLarge) : Decode(bytes, out signed);
        return signed is not null;
    }

    private static TransactionRefusal Decode(ReadOnlySpan<byte> bytes, out SignedTransaction? signed)
    {
        signed = null;
        if (bytes.IsEmpty) return new(TransactionError.Empty);
        // EIP-2718: a legacy transaction is an RLP list and so begins with 0xC0 or more, a type byte is at most 0x7F.
        var legacy = bytes[0] >= 0xC0;
        var outer = new RlpReader(legacy ? bytes : bytes[1..]);
        var fields = outer.ReadList();
        Transaction transaction;
        BigInteger v;
        if (legacy)
        {
            transaction = LegacyTransaction.Read(ref fields, out v);
        }
        else
        {
            if (ReadTyped((TransactionType)bytes[0], ref fields) is not { } typed) return new(TransactionError.UnknownType);
            transaction = typed;
            v = fields.ReadUInt256();
        }
        var r = fields.ReadUInt256Bytes();
        var s = fields.ReadUInt256Bytes();
        outer.Leave(fields);
        outer.End();
        if (outer.Error != RlpError.None) return new(TransactionError.Malformed, outer.Error);
        if (!TryRecoveryId(legacy, v, out var recoveryId)) return new(TransactionError.InvalidV);
        var signature = new Secp256k1Signature(r, s, recoveryId);
        if (!signature.IsInRange) return new(TransactionError.SignatureOutOfRange);
        signed = new SignedTransaction(transaction, signature);
        return default;
    }

    private static Transaction? ReadTyped(TransactionType type, ref RlpReader fields) => type switch
    {
        TransactionType.AccessList => AccessListTransaction.Read(ref fields),
        TransactionType.DynamicFee => DynamicFeeTransaction.Read(ref fields),
        TransactionType.Blob => BlobTransaction.Read(ref fields),
        TransactionType.SetCode => SetCodeTransaction.Read(ref fields),
        _ => null,
    };

    private static bool TryRecoveryId(bool legacy, BigInteger v, out byte recoveryId)
    {
        if (legacy) return LegacyTransaction.TrySplitV(v, out _, out recoveryId);
        recoveryId = v.IsOne ? (byte)1 : (byte)0;
        return v.IsOne || v.IsZero;
    }
}
