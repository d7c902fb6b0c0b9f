using System.Buffers.Binary;
using Turnpike.Core;

namespace Turnpike.Evidence;

/// <summary>The 32 bytes that bind every signature to one network; the signing device's id follows them (docs/adr/0006).</summary>
public static class NetworkId
{
    /// <summary>keccak256(abi.encode(chainId, registry)).</summary>
    public static Bytes32 Of(ulong chainId, Address registry)
    {
        Span<byte> words = stackalloc byte[64];
        words.Clear();
        BinaryPrimitives.WriteUInt64BigEndian(words[24..], chainId);
        registry.CopyTo(words[44..]);
        return Keccak256.Hash(words);
    }
}
