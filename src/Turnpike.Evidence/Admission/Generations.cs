namespace Turnpike.Evidence;

/// <summary>
/// A bounded memory of what was used last: two dictionaries; when the young one is full it becomes the old one and the old one is forgotten. Keeps at least the
/// last half of the capacity used, in constant time and without links. Thread-safe.
/// </summary>
internal sealed class Generations<TKey, TValue>(int capacity)
    where TKey : notnull
{
    private readonly Lock _lock = new();
    private readonly int _half = capacity / 2;
    private Dictionary<TKey, TValue> _young = [];
    private Dictionary<TKey, TValue> _old = [];

    public int Count
    {
        get
        {
            lock (_lock) return _young.Count + _old.Count(entry => !_young.ContainsKey(entry.Key));
        }
    }

    public bool TryGet(TKey key, out TValue value)
    {
        lock (_lock) return Find(key, out value);
    }

    /// <summary>Replaces the value of a key, given the present one or the default, and answers what <paramref name="change"/> answers. Nothing else happens in between.</summary>
    public TResult Change<TState, TResult>(TKey key, TState state, Func<bool, TValue, TState, (TValue Value, TResult Result)> change)
    {
        lock (_lock)
        {
            var known = Find(key, out var present);
            var (value, result) = change(known, present, state);
            if (!_young.ContainsKey(key) && _young.Count >= _half)
            {
                (_old, _young) = (_young, _old);
                _young.Clear();
            }
            _young[key] = value;
            return result;
        }
    }

    private bool Find(TKey key, out TValue value) => _young.TryGetValue(key, out value!) || _old.TryGetValue(key, out value!);
}
