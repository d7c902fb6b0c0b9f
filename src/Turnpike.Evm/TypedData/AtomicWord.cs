using Turnpike.Core;
using Turnpike.Evm.Abi;

namespace Turnpike.Evm.TypedData;

/// <summary>encodeData of one atomic or dynamic value (EIP-712): the ABI word, or the hash of bytes and text.</summary>
internal static class AtomicWord
{
    public static void Write(AbiType type, object value, Span<byte> word)
    {
        if (type.IsDynamic)
        {
            Keccak256.Hash(AbiPacked.Encode([type], [value]), word);
            return;
        }
        var writer = new AbiWriter([], AbiWriter.WordBytes);
        AbiCodec.Write(ref writer, type, value);
        writer.ToArray().CopyTo(word);
    }
}
