using Turnpike.Core;

namespace Turnpike.Evidence;

/// <summary>
/// Imported public keys of the devices seen last, because importing costs more than verifying. Least recently used keys leave first, so memory is
/// bounded by the capacity whatever the fleet sends. Thread-safe; sharded so that cores rarely meet.
/// </summary>
internal sealed class VerifyingKeyCache
{
    private const int ShardCount = 16;

    private readonly Shard[] _shards;

    public VerifyingKeyCache(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _shards = new Shard[ShardCount];
        for (var i = 0; i < ShardCount; i++) _shards[i] = new Shard((capacity + ShardCount - 1) / ShardCount);
    }

    public int Count => _shards.Sum(shard => shard.Count);

    public bool Verify(DeviceKey key, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature)
    {
        var shard = _shards[key.Id.GetHashCode() & (ShardCount - 1)];
        return shard.GetOrImport(key) is { } imported && imported.Verify(digest, signature);
    }

    /// <summary>Forgets every key.</summary>
    public void Clear()
    {
        foreach (var shard in _shards) shard.Clear();
    }

    private sealed class Shard(int capacity)
    {
        private readonly Lock _lock = new();
        private readonly Dictionary<DeviceId, LinkedListNode<(DeviceId Id, VerifyingKey Key)>> _index = [];
        private readonly LinkedList<(DeviceId Id, VerifyingKey Key)> _byUse = [];

        public int Count
        {
            get
            {
                lock (_lock) return _index.Count;
            }
        }

        public VerifyingKey? GetOrImport(DeviceKey key)
        {
            lock (_lock)
            {
                if (_index.TryGetValue(key.Id, out var node))
                {
                    _byUse.Remove(node);
                    _byUse.AddFirst(node);
                    return node.Value.Key;
                }
            }
            var imported = VerifyingKey.Import(key);
            return imported is null ? null : Add(key.Id, imported);
        }

        public void Clear()
        {
            lock (_lock)
            {
                _byUse.Clear();
                _index.Clear();
            }
        }

        private VerifyingKey Add(DeviceId id, VerifyingKey imported)
        {
            lock (_lock)
            {
                // Another thread may have imported it first; two must not live, or the bound on memory is lost.
                if (_index.TryGetValue(id, out var present)) return present.Value.Key;
                if (_index.Count >= capacity) RemoveOldest();
                _index[id] = _byUse.AddFirst((id, imported));
                return imported;
            }
        }

        private void RemoveOldest()
        {
            _index.Remove(_byUse.Last!.Value.Id);
            _byUse.RemoveLast();
        }
    }
}
