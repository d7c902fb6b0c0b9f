using Turnpike.Core;
using Turnpike.Evm.Abi;
using Turnpike.Evm.Rpc;

namespace Turnpike.Ledger;

/// <summary>The logs of one block, as short as comparing them needs.</summary>
/// <param name="Block">The block.</param>
/// <param name="Count">How many.</param>
/// <param name="Digest">Hash over all of them.</param>
public readonly record struct BlockLogs(BlockPoint Block, int Count, Bytes32 Digest)
{
    /// <summary>The logs of one block, in order.</summary>
    public static BlockLogs Of(BlockPoint block, IReadOnlyList<LogEntry> logs)
    {
        using var bytes = new MemoryStream();
        Span<byte> word = stackalloc byte[Bytes32.Length];
        Span<byte> number = stackalloc byte[sizeof(ulong)];
        foreach (var log in logs)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(number, log.LogIndex);
            bytes.Write(number);
            log.Address.CopyTo(word);
            bytes.Write(word[..Address.Length]);
            bytes.WriteByte((byte)log.Topics.Count);
            foreach (var topic in log.Topics)
            {
                topic.CopyTo(word);
                bytes.Write(word);
            }
            System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(number, (ulong)log.Data.Length);
            bytes.Write(number);
            bytes.Write(log.Data.Span);
        }
        return new BlockLogs(block, logs.Count, Keccak256.Hash(bytes.GetBuffer().AsSpan(0, (int)bytes.Length)));
    }
}

/// <summary>What a ledger was built from, block by block, so that it can be compared with what others say of the same blocks. Blocks without logs are left out. Safe for any number of threads.</summary>
public sealed class AppliedLogs
{
    private readonly Lock _lock = new();
    private readonly List<BlockLogs> _blocks = [];

    /// <summary>Notes a block that follows the last one.</summary>
    public void Add(BlockPoint block, IReadOnlyList<LogEntry> logs)
    {
        if (logs.Count == 0) return;
        var noted = BlockLogs.Of(block, logs);
        lock (_lock) _blocks.Add(noted);
    }

    /// <summary>Forgets every block above a height.</summary>
    public void RollBackTo(ulong number)
    {
        lock (_lock) _blocks.RemoveAll(block => block.Block.Number > number);
    }

    /// <summary>Blocks with logs above one height, up to another.</summary>
    public IReadOnlyList<BlockLogs> Between(ulong above, ulong upTo)
    {
        lock (_lock) return [.. _blocks.SkipWhile(block => block.Block.Number <= above).TakeWhile(block => block.Block.Number <= upTo)];
    }
}
