using Turnpike.Core;

namespace Turnpike.Evm;

/// <summary>One contract and the storage slots that a transaction announces to touch (EIP-2930).</summary>
public sealed record AccessListEntry(Address Address, IReadOnlyList<Bytes32> StorageKeys)
{
    /// <inheritdoc/>
    public bool Equals(AccessListEntry? other) => other is not null && Address == other.Address && StorageKeys.SequenceEqual(other.StorageKeys);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Address, StorageKeys.Count);

    internal static void WriteAll(RlpWriter writer, IReadOnlyList<AccessListEntry> entries)
    {
        var list = writer.BeginList();
        foreach (var entry in entries)
        {
            var tuple = writer.BeginList();
            writer.WriteAddress(entry.Address);
            var keys = writer.BeginList();
            foreach (var key in entry.StorageKeys) writer.WriteBytes32(key);
            writer.EndList(keys);
            writer.EndList(tuple);
        }
        writer.EndList(list);
    }

    internal static IReadOnlyList<AccessListEntry> ReadAll(ref RlpReader fields)
    {
        var entries = new List<AccessListEntry>();
        var list = fields.ReadList();
        while (!list.IsAtEnd)
        {
            var tuple = list.ReadList();
            var address = tuple.ReadAddress();
            var keys = new List<Bytes32>();
            var keyList = tuple.ReadList();
            while (!keyList.IsAtEnd) keys.Add(keyList.ReadBytes32());
            tuple.Leave(keyList);
            list.Leave(tuple);
            entries.Add(new AccessListEntry(address, keys));
        }
        fields.Leave(list);
        return entries;
    }
}
