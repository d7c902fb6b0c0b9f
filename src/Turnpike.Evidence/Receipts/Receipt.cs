using System.Buffers.Binary;
using Turnpike.Core;
using Turnpike.Evm;

namespace Turnpike.Evidence;

/// <summary>
/// A gateway's promise to a device: the piece will be in my certified manifest of the promised epoch at the latest. If it is not, the receipt proves censorship.
/// Signed as EIP-712 typed data, so that a contract can judge it too.
/// </summary>
public sealed record Receipt
{
    /// <summary>Keccak-256 of the typed-data domain {name "Turnpike receipt", version "1"}: chain and registry are in the network id already.</summary>
    private static readonly Bytes32 DomainSeparator = HashWords(
        Keccak256.Hash("EIP712Domain(string name,string version)"u8), Keccak256.Hash("Turnpike receipt"u8), Keccak256.Hash("1"u8));

    private static readonly Bytes32 TypeHash = Keccak256.Hash("Receipt(bytes32 networkId,address gateway,bytes32 identity,uint64 receivedAt,uint64 promisedEpoch)"u8);

    /// <summary>The network.</summary>
    public required Bytes32 NetworkId { get; init; }

    /// <summary>The gateway's registered account.</summary>
    public required Address Gateway { get; init; }

    /// <summary>The piece.</summary>
    public required Bytes32 Identity { get; init; }

    /// <summary>When the gateway received it, UTC unix milliseconds.</summary>
    public required long ReceivedAt { get; init; }

    /// <summary>The last epoch whose manifest may be the first to list it.</summary>
    public required EpochNumber PromisedEpoch { get; init; }

    /// <summary>
    /// The epoch that a receipt of this time promises: the one after that of receipt, which may be sealed while the receipt is on its way; the first for what comes before it.
    /// A receipt with other terms is none: it would put the promise off for ever.
    /// </summary>
    public static EpochNumber PromiseOf(EpochClock clock, long receivedAt) => clock.TryAt(receivedAt, out var received) ? received.Next : EpochNumber.First;

    /// <summary>What the gateway signs: the EIP-712 digest.</summary>
    public Bytes32 Digest()
    {
        var content = HashWords(TypeHash, NetworkId, Word(Gateway), Identity, Word(checked((ulong)ReceivedAt)), Word(PromisedEpoch.Value));
        Span<byte> message = stackalloc byte[2 + 2 * Bytes32.Length];
        (message[0], message[1]) = (0x19, 0x01);
        DomainSeparator.CopyTo(message[2..]);
        content.CopyTo(message[(2 + Bytes32.Length)..]);
        return Keccak256.Hash(message);
    }

    private static Bytes32 Word(ulong number)
    {
        Span<byte> word = stackalloc byte[Bytes32.Length];
        word.Clear();
        BinaryPrimitives.WriteUInt64BigEndian(word[24..], number);
        return new Bytes32(word);
    }

    private static Bytes32 Word(Address address)
    {
        Span<byte> word = stackalloc byte[Bytes32.Length];
        word.Clear();
        address.CopyTo(word[(Bytes32.Length - Address.Length)..]);
        return new Bytes32(word);
    }

    private static Bytes32 HashWords(params ReadOnlySpan<Bytes32> words)
    {
        Span<byte> encoded = stackalloc byte[words.Length * Bytes32.Length];
        for (var i = 0; i < words.Length; i++) words[i].CopyTo(encoded[(i * Bytes32.Length)..]);
        return Keccak256.Hash(encoded);
    }
}

/// <summary>A receipt with its gateway's signature.</summary>
/// <param name="Receipt">What is promised.</param>
/// <param name="Signature">By the gateway's account over <see cref="Receipt.Digest"/>.</param>
public sealed record SignedReceipt(Receipt Receipt, Secp256k1Signature Signature)
{
    /// <summary>Whether the account that the receipt names signed it, with a low s.</summary>
    public bool Verify() =>
        Receipt.ReceivedAt >= 0 && Signature.IsInRange && Signature.IsLowS && Secp256k1.TryRecover(Receipt.Digest(), Signature, out var signer) && signer.ToAddress() == Receipt.Gateway;
}
