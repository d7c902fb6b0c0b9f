using System.Globalization;
using System.Security.Cryptography;
using Turnpike.Core;
using Turnpike.Evm;
using Turnpike.Ledger;

namespace Turnpike.Node.Oracle.Peers;

/// <summary>Who asks, when, and the signature: the headers of a request between nodes.</summary>
/// <param name="Sender">The account that asks.</param>
/// <param name="UnixMilliseconds">Its clock.</param>
/// <param name="Nonce">Makes two equal requests of one millisecond differ.</param>
/// <param name="Signature">Over all that <see cref="PeerSeal.OfRequest"/> covers.</param>
public readonly record struct PeerStamp(Address Sender, long UnixMilliseconds, ulong Nonce, Secp256k1Signature Signature)
{
    internal const string SenderHeader = "Turnpike-Sender";
    internal const string TimeHeader = "Turnpike-Time";
    internal const string NonceHeader = "Turnpike-Nonce";
    internal const string SignatureHeader = "Turnpike-Signature";

    internal static bool TryRead(string? sender, string? time, string? nonce, string? signature, out PeerStamp stamp)
    {
        stamp = default;
        if (!Address.TryParse(sender ?? "", out var account) || !TryNumber(time, out var milliseconds) || milliseconds > long.MaxValue || !TryNumber(nonce, out var number) || !TryRead(signature, out var signed)) return false;
        stamp = new PeerStamp(account, (long)milliseconds, number, signed);
        return true;
    }

    internal static bool TryRead(string? text, out Secp256k1Signature signature)
    {
        signature = default;
        return Hex.TryParse(text ?? "", out var bytes) && Secp256k1Signature.TryParseCompact(bytes, out signature) && signature.IsLowS;
    }

    private static bool TryNumber(string? text, out ulong number) => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}

/// <summary>
/// What nodes sign when they talk: EIP-712 typed data in the domain of the settlement contract, so that no signature serves another network, another receiver, another path or another body, and an
/// answer serves one request only.
/// </summary>
public sealed class PeerSeal(NetworkDeployment deployment)
{
    private readonly SigningDomain _domain = new(deployment.ChainId, deployment.Settlement);

    /// <summary>What the sender signs.</summary>
    public Bytes32 OfRequest(Address sender, Address receiver, string method, string path, ReadOnlySpan<byte> body, long unixMilliseconds, ulong nonce) =>
        _domain.PeerRequest(deployment.NetworkId, sender, receiver, method, path, new Bytes32(SHA256.HashData(body)), unixMilliseconds, nonce);

    /// <summary>What the receiver signs.</summary>
    public Bytes32 OfAnswer(Bytes32 request, int status, ReadOnlySpan<byte> body) => _domain.PeerAnswer(request, (ushort)status, new Bytes32(SHA256.HashData(body)));

    /// <summary>Whether an account signed a digest, with a low s.</summary>
    public static bool IsBy(Address account, Bytes32 digest, in Secp256k1Signature signature) =>
        signature.IsLowS && Secp256k1.TryRecover(digest, signature, out var key) && key.ToAddress() == account;
}
