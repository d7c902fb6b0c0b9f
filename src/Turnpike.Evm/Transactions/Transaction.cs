using System.Numerics;
using Turnpike.Core;

namespace Turnpike.Evm;

/// <summary>
/// An unsigned transaction of any kind. Two are equal when their signing bytes are. Only the form is judged here, not whether a chain would accept it.
/// </summary>
public abstract record Transaction
{
    private protected Transaction()
    {
    }

    /// <summary>Which kind this is.</summary>
    public abstract TransactionType Type { get; }

    /// <summary>How many transactions the sender sent before.</summary>
    public required ulong Nonce { get; init; }

    /// <summary>Most gas that it may use.</summary>
    public required ulong GasLimit { get; init; }

    /// <summary>The amount transferred, wei, below 2^256.</summary>
    public BigInteger Value { get; init => field = Word256.Check(value); }

    /// <summary>Call data, or the init code when a contract is created.</summary>
    public ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>The bytes whose Keccak-256 the sender signs.</summary>
    public byte[] EncodeForSigning()
    {
        var writer = new RlpWriter();
        var list = Begin(writer);
        WriteFields(writer);
        WriteSigningSuffix(writer);
        writer.EndList(list);
        return writer.ToArray();
    }

    /// <summary>The digest that the sender signs.</summary>
    public Bytes32 SigningHash() => Keccak256.Hash(EncodeForSigning());

    /// <summary>Signs with a key in this process.</summary>
    public SignedTransaction Sign(Secp256k1PrivateKey key) => new(this, Secp256k1.Sign(SigningHash(), key));

    /// <summary>Signs with any signer and makes sure that the signature is that signer's.</summary>
    /// <exception cref="InvalidOperationException">The signer answered with a signature that does not lead back to its address.</exception>
    public async ValueTask<SignedTransaction> SignAsync(IDigestSigner signer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(signer);
        var signed = new SignedTransaction(this, await signer.SignAsync(SigningHash(), cancellationToken).ConfigureAwait(false));
        if (!signed.TryRecoverSender(out var sender) || sender != signer.Address)
            throw new InvalidOperationException($"The signer of {signer.Address} answered with a signature that is not by that account: check which key it holds.");
        return signed;
    }

    /// <inheritdoc/>
    public virtual bool Equals(Transaction? other) =>
        other is not null && Type == other.Type && EncodeForSigning().AsSpan().SequenceEqual(other.EncodeForSigning());

    /// <inheritdoc/>
    public override int GetHashCode() => SigningHash().GetHashCode();

    internal byte[] EncodeSigned(in Secp256k1Signature signature)
    {
        var writer = new RlpWriter();
        var list = Begin(writer);
        WriteFields(writer);
        writer.WriteUInt256(SignatureV(signature.RecoveryId));
        writer.WriteUInt256(signature.R);
        writer.WriteUInt256(signature.S);
        writer.EndList(list);
        return writer.ToArray();
    }

    private protected abstract void WriteFields(RlpWriter writer);

    private protected virtual void WriteSigningSuffix(RlpWriter writer)
    {
    }

    private protected virtual BigInteger SignatureV(byte recoveryId) => recoveryId;

    private int Begin(RlpWriter writer)
    {
        if (Type != TransactionType.Legacy) writer.WriteRaw((byte)Type);
        return writer.BeginList();
    }
}
