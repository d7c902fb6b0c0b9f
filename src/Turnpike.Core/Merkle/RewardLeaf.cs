using System.Buffers.Binary;

namespace Turnpike.Core.Merkle;

/// <summary>
/// One leaf of a rewards or charges tree: abi.encode(uint256 index, address account, uint256 cumulative, uint256 prefixSum), hashed twice.
/// <see cref="PrefixSum"/> is the sum of the cumulative amounts of leaves 0 to <see cref="Index"/>, this one included. Leaves are sorted by account, so two
/// neighbours (index i and i+1) show that accounts grow (no duplicate, no omitted account between them) and that prefixSum(i+1) = prefixSum(i) + cumulative(i+1);
/// leaf 0 has prefixSum = cumulative, and the last has the tree's total.
/// </summary>
/// <param name="Index">Position in the list sorted by account, from 0.</param>
/// <param name="Account">Who is paid or charged.</param>
/// <param name="Cumulative">All that the account was ever given (base units) or charged (credits).</param>
/// <param name="PrefixSum">Sum of the cumulative amounts up to and including this leaf.</param>
public readonly record struct RewardLeaf(int Index, Address Account, UInt128 Cumulative, UInt128 PrefixSum)
{
    /// <summary>Bytes of the ABI encoding: four words.</summary>
    public const int EncodedLength = 128;

    /// <summary>Writes the ABI encoding to the start of <paramref name="destination"/>.</summary>
    public void Encode(Span<byte> destination)
    {
        destination[..EncodedLength].Clear();
        BinaryPrimitives.WriteInt32BigEndian(destination[28..], Index);
        Account.CopyTo(destination[44..]);
        BinaryPrimitives.WriteUInt128BigEndian(destination[80..], Cumulative);
        BinaryPrimitives.WriteUInt128BigEndian(destination[112..], PrefixSum);
    }

    /// <summary>The leaf's hash in the tree.</summary>
    public Bytes32 Hash()
    {
        Span<byte> encoded = stackalloc byte[EncodedLength];
        Encode(encoded);
        return StandardMerkleTree.LeafHash(encoded);
    }
}
