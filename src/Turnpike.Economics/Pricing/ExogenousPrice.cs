using Turnpike.Core;

namespace Turnpike.Economics;

/// <summary>A price that comes from outside: history, or a scenario's assumption. The last value holds.</summary>
public sealed class ExogenousPrice
{
    private readonly Price[] _path;

    /// <summary>Prices of epoch 1, 2 and so on.</summary>
    /// <exception cref="ArgumentException">None.</exception>
    public ExogenousPrice(IEnumerable<Price> path)
    {
        _path = [.. path];
        if (_path.Length == 0) throw new ArgumentException("A price path has at least one price.", nameof(path));
    }

    /// <summary>The price of an epoch, from 1.</summary>
    public Price At(ulong epoch) => _path[(int)Math.Min(epoch == 0 ? 0 : epoch - 1, (ulong)_path.Length - 1)];
}
