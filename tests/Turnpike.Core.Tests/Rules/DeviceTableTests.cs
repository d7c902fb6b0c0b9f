using FsCheck;
using FsCheck.Fluent;
using Turnpike.Core.Rules;

namespace Turnpike.Core.Tests.Rules;

public class DeviceTableTests
{
    // Hashes, and ids that share their first bits, as somebody who grinds keys may have them.
    private static readonly Gen<DeviceId[]> Ids =
        from ids in Any.Bytes32.ListOf()
        from tails in Gen.Choose(0, 1000).ListOf()
        select ids.Concat(tails.Select(tail => new Bytes32([7, .. new byte[29], (byte)(tail >> 8), (byte)tail]))).Distinct().Select(id => new DeviceId(id)).ToArray();

    [Fact]
    public void Table_finds_what_a_dictionary_finds_and_ranks_by_id() => Property.Holds(Ids.Zip(Any.Bytes32), pair =>
    {
        var (ids, stranger) = (pair.Item1, new DeviceId(pair.Item2));
        var devices = ids.Select((id, i) => KeyValuePair.Create(id, new RegisteredDevice(Address.Zero, (uint)i, 2, true, 0))).ToList();
        var table = DeviceTable.Of(devices);
        Assert.Equal(ids.Length, table.Count);
        Assert.Equal(ids.Order(), Enumerable.Range(0, table.Count).Select(table.IdAt));
        foreach (var (id, device) in devices)
        {
            Assert.Equal(device, table[id]);
            Assert.Equal((id, device), (table.IdAt(table.RankOf(id)), table.At(table.RankOf(id))));
        }
        if (ids.Contains(stranger)) return;
        Assert.False(table.TryGetValue(stranger, out _));
        Assert.Equal(ids.Count(id => id.CompareTo(stranger) < 0), ~table.RankOf(stranger));
        Assert.Throws<KeyNotFoundException>(() => table[stranger]);
    },
    200);

    [Fact]
    public void Device_given_twice_is_refused()
    {
        var device = KeyValuePair.Create(new DeviceId(Bytes32.Zero), default(RegisteredDevice));
        Assert.Throws<ArgumentException>(() => DeviceTable.Of([device, device]));
    }
}
