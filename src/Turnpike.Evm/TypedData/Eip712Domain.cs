using System.Numerics;
using Turnpike.Core;

namespace Turnpike.Evm.TypedData;

/// <summary>What a signature is bound to; members that are null are no part of it. At least one is needed to bind to anything.</summary>
public sealed record Eip712Domain
{
    /// <summary>The name people know the signing domain by.</summary>
    public string? Name { get; init; }

    /// <summary>The major version of the domain.</summary>
    public string? Version { get; init; }

    /// <summary>The EIP-155 chain id.</summary>
    public BigInteger? ChainId { get; init; }

    /// <summary>The contract that verifies the signature.</summary>
    public Address? VerifyingContract { get; init; }

    /// <summary>The last resort to tell domains apart.</summary>
    public Bytes32? Salt { get; init; }

    /// <summary>The domain separator: hashStruct of the members that are there, in the standard's order.</summary>
    public Bytes32 Separator()
    {
        var builder = TypedStructType.Parse("EIP712Domain(" + string.Join(',', Present()) + ")").Build();
        if (Name is not null) builder.String(Name);
        if (Version is not null) builder.String(Version);
        if (ChainId is { } chainId) builder.UInt(chainId);
        if (VerifyingContract is { } contract) builder.Address(contract);
        if (Salt is { } salt) builder.Bytes32(salt);
        return builder.Hash();
    }

    /// <summary>What is signed: the hash of 0x1901, the separator and the struct's hash.</summary>
    public Bytes32 Digest(TypedStructBuilder message) => Digest(Separator(), message.Hash());

    /// <summary>What is signed, for a separator computed before.</summary>
    public static Bytes32 Digest(Bytes32 domainSeparator, Bytes32 structHash)
    {
        Span<byte> signed = stackalloc byte[2 + (2 * Bytes32.Length)];
        signed[0] = 0x19;
        signed[1] = 0x01;
        domainSeparator.CopyTo(signed[2..]);
        structHash.CopyTo(signed[(2 + Bytes32.Length)..]);
        return Keccak256.Hash(signed);
    }

    private IEnumerable<string> Present()
    {
        if (Name is not null) yield return "string name";
        if (Version is not null) yield return "string version";
        if (ChainId is not null) yield return "uint256 chainId";
        if (VerifyingContract is not null) yield return "address verifyingContract";
        if (Salt is not null) yield return "bytes32 salt";
    }
}
