using System.Text.Json.Serialization;
using Turnpike.Core;

namespace Turnpike.Ledger;

/// <summary>Where a network's contracts are. All else is in the logs of the chain from <see cref="FirstBlock"/> on.</summary>
public sealed record NetworkDeployment
{
    /// <summary>The blueprint's name.</summary>
    public required string Name { get; init; }

    /// <summary>The chain's id.</summary>
    public required ulong ChainId { get; init; }

    /// <summary>The block before the first contract; logs are read from here.</summary>
    public required ulong FirstBlock { get; init; }

    /// <summary>NetworkToken.</summary>
    public required Address Token { get; init; }

    /// <summary>Emissions.</summary>
    public required Address Emissions { get; init; }

    /// <summary>PriceFeed.</summary>
    public required Address PriceFeed { get; init; }

    /// <summary>Credits.</summary>
    public required Address Credits { get; init; }

    /// <summary>DeviceRegistry, or ArchiveRegistry for a replay.</summary>
    public required Address Registry { get; init; }

    /// <summary>EpochSettlement.</summary>
    public required Address Settlement { get; init; }

    /// <summary>RewardDistributor.</summary>
    public required Address Distributor { get; init; }

    /// <summary>Every contract whose logs make up the ledger.</summary>
    [JsonIgnore]
    public IReadOnlyList<Address> Contracts => [Token, Emissions, PriceFeed, Credits, Registry, Settlement, Distributor];

    /// <summary>Names the network in every signature: keccak256(abi.encode(chain id, registry)).</summary>
    [JsonIgnore]
    public Bytes32 NetworkId => IdOf(ChainId, Registry);

    /// <summary>keccak256(abi.encode(chain id, registry)).</summary>
    public static Bytes32 IdOf(ulong chainId, Address registry)
    {
        Span<byte> words = stackalloc byte[64];
        words.Clear();
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(words[24..], chainId);
        registry.CopyTo(words[44..]);
        return Keccak256.Hash(words);
    }
}
