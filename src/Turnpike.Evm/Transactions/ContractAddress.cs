using Turnpike.Core;

namespace Turnpike.Evm;

/// <summary>Where a contract will live, known before it exists.</summary>
public static class ContractAddress
{
    /// <summary>The address of the contract that an account creates with this nonce: Keccak-256 of rlp([sender, nonce]), last 20 bytes.</summary>
    public static Address Create(Address sender, ulong nonce)
    {
        var writer = new RlpWriter();
        var list = writer.BeginList();
        writer.WriteAddress(sender);
        writer.WriteUInt64(nonce);
        writer.EndList(list);
        return LastTwenty(writer.Written);
    }

    /// <summary>The address that CREATE2 gives (EIP-1014), from the hash of the init code.</summary>
    public static Address Create2(Address deployer, Bytes32 salt, Bytes32 initCodeHash)
    {
        Span<byte> bytes = stackalloc byte[1 + Address.Length + 2 * Bytes32.Length];
        bytes[0] = 0xFF;
        deployer.CopyTo(bytes[1..]);
        salt.CopyTo(bytes[(1 + Address.Length)..]);
        initCodeHash.CopyTo(bytes[(1 + Address.Length + Bytes32.Length)..]);
        return LastTwenty(bytes);
    }

    /// <summary>The address that CREATE2 gives (EIP-1014), from the init code.</summary>
    public static Address Create2(Address deployer, Bytes32 salt, ReadOnlySpan<byte> initCode) => Create2(deployer, salt, Keccak256.Hash(initCode));

    private static Address LastTwenty(ReadOnlySpan<byte> preimage)
    {
        Span<byte> hash = stackalloc byte[Bytes32.Length];
        Keccak256.Hash(preimage, hash);
        return new Address(hash[^Address.Length..]);
    }
}
