using System.Diagnostics.CodeAnalysis;

namespace Turnpike.Core;

/// <summary>All codes of the modules that a program uses: number to meaning. Two modules that claim one number or one name cannot be loaded together.</summary>
public sealed class VerdictRegistry
{
    private readonly SortedList<ushort, VerdictCode> _codes = [];

    /// <summary>A registry of the generic codes and of the given modules.</summary>
    /// <exception cref="ArgumentException">Ranges overlap, or a name is declared twice.</exception>
    public VerdictRegistry(params ReadOnlySpan<VerdictModule> modules)
    {
        var all = new List<VerdictModule> { VerdictCode.Module };
        foreach (var module in modules)
        {
            if (!all.Contains(module)) all.Add(module);
        }
        all.Sort((left, right) => left.First.CompareTo(right.First));
        for (var i = 1; i < all.Count; i++)
        {
            if (all[i].First <= all[i - 1].Last) throw new ArgumentException($"The ranges of {all[i - 1].Name} and {all[i].Name} overlap.", nameof(modules));
        }
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var module in all)
        {
            foreach (var code in module.Codes)
            {
                if (!names.Add(code.Name)) throw new ArgumentException($"{code.Name} is declared by two modules.", nameof(modules));
                _codes.Add(code.Number, code);
            }
        }
    }

    /// <summary>Every code by number.</summary>
    public IReadOnlyList<VerdictCode> Codes => _codes.Values.AsReadOnly();

    /// <summary>The code of a number; false when no loaded module declares it.</summary>
    public bool TryGet(ushort number, [NotNullWhen(true)] out VerdictCode? code) => _codes.TryGetValue(number, out code);
}
