using Turnpike.Core;

namespace Turnpike.Evm.Abi;

/// <summary>One event log as a node returns it, with its place in the chain. Equality is by reference of the lists; identity on one chain is (BlockHash, LogIndex).</summary>
public sealed record LogEntry
{
    /// <summary>The contract that emitted the log.</summary>
    public required Address Address { get; init; }

    /// <summary>Zero to four topics; the first is the event's signature hash unless the event is anonymous.</summary>
    public required IReadOnlyList<Bytes32> Topics { get; init; }

    /// <summary>The ABI encoding of the parameters that are not indexed.</summary>
    public required ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>Height of the block.</summary>
    public required ulong BlockNumber { get; init; }

    /// <summary>Hash of the block; changes when the block is reorganised away.</summary>
    public required Bytes32 BlockHash { get; init; }

    /// <summary>The transaction that emitted the log.</summary>
    public required Bytes32 TransactionHash { get; init; }

    /// <summary>Position of the transaction in its block.</summary>
    public required ulong TransactionIndex { get; init; }

    /// <summary>Position of the log in its block, over all transactions.</summary>
    public required ulong LogIndex { get; init; }

    /// <summary>True when the node says a reorganisation removed the log.</summary>
    public bool Removed { get; init; }
}
