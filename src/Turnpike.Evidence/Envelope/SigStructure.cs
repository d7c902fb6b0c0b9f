using System.Buffers;
using System.Security.Cryptography;
using Turnpike.Core;

namespace Turnpike.Evidence;

/// <summary>
/// The bytes a COSE_Sign1 signature covers (RFC 9052, section 4.4): ["Signature1", protected, external_aad, payload]. The external_aad is network id || device id,
/// so what is signed names the network it is for and, though kid is unprotected, its signer: two devices that state the same thing sign two things.
/// </summary>
internal static class SigStructure
{
    private const int StackLimit = 1024;

    /// <summary>The array head and the context string.</summary>
    private static ReadOnlySpan<byte> Prefix => [0x84, 0x6A, (byte)'S', (byte)'i', (byte)'g', (byte)'n', (byte)'a', (byte)'t', (byte)'u', (byte)'r', (byte)'e', (byte)'1'];

    private static ReadOnlySpan<byte> ProtectedEs256 => [0xA1, 0x01, 0x26];

    private static ReadOnlySpan<byte> ProtectedEs256K => [0xA1, 0x01, 0x38, 0x2E];

    /// <summary>The one deterministic protected header of an algorithm: {1: alg}.</summary>
    public static ReadOnlySpan<byte> ProtectedHeader(EnvelopeAlgorithm algorithm) => algorithm == EnvelopeAlgorithm.Es256 ? ProtectedEs256 : ProtectedEs256K;

    public static Bytes32 Hash(EnvelopeAlgorithm algorithm, Bytes32 networkId, DeviceId device, ReadOnlySpan<byte> payload)
    {
        Span<byte> externalAad = stackalloc byte[2 * Bytes32.Length];
        networkId.CopyTo(externalAad);
        device.Value.CopyTo(externalAad[Bytes32.Length..]);
        return Hash(ProtectedHeader(algorithm), externalAad, payload);
    }

    public static Bytes32 Hash(ReadOnlySpan<byte> protectedHeader, ReadOnlySpan<byte> externalAad, ReadOnlySpan<byte> payload)
    {
        var length = Length(protectedHeader, externalAad, payload);
        var rented = length > StackLimit ? ArrayPool<byte>.Shared.Rent(length) : null;
        var buffer = rented is null ? stackalloc byte[StackLimit] : rented;
        Write(buffer, protectedHeader, externalAad, payload);
        Span<byte> digest = stackalloc byte[Bytes32.Length];
        SHA256.HashData(buffer[..length], digest);
        if (rented is not null) ArrayPool<byte>.Shared.Return(rented);
        return new Bytes32(digest);
    }

    public static int Length(ReadOnlySpan<byte> protectedHeader, ReadOnlySpan<byte> externalAad, ReadOnlySpan<byte> payload) =>
        Prefix.Length + CborBuffer.BytesLength(protectedHeader.Length) + CborBuffer.BytesLength(externalAad.Length) + CborBuffer.BytesLength(payload.Length);

    public static void Write(Span<byte> destination, ReadOnlySpan<byte> protectedHeader, ReadOnlySpan<byte> externalAad, ReadOnlySpan<byte> payload)
    {
        var buffer = new CborBuffer(destination);
        buffer.Raw(Prefix);
        buffer.Bytes(protectedHeader);
        buffer.Bytes(externalAad);
        buffer.Bytes(payload);
    }
}
