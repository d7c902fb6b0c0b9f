using System.Buffers.Binary;
using Turnpike.Core;

namespace Turnpike.Networks.Wireless.Rules.Usage2026;

/// <summary>One sold copy of a packet.</summary>
internal readonly record struct SoldCopy(PacketKey Packet, long SoldAt) : IComparable<SoldCopy>
{
    public int CompareTo(SoldCopy other)
    {
        var byPacket = Packet.CompareTo(other.Packet);
        return byPacket != 0 ? byPacket : SoldAt.CompareTo(other.SoldAt);
    }
}

/// <summary>
/// A device's sold copies as a line of the carry-over: device (32 bytes), then for each copy, sorted, packet key (12) and unix milliseconds (6, big-endian). Lines are
/// sorted by device, one each.
/// </summary>
internal static class CarriedSales
{
    private const int TimeBytes = 6;
    private const int CopyBytes = PacketKey.Length + TimeBytes;

    public static DeviceId DeviceOf(ReadOnlySpan<byte> line) =>
        line.Length > Bytes32.Length && (line.Length - Bytes32.Length) % CopyBytes == 0
            ? new DeviceId(new Bytes32(line[..Bytes32.Length]))
            : throw new FormatException($"A line of sold copies has {Bytes32.Length} bytes and {CopyBytes} for each copy, not {line.Length}.");

    public static int CountOf(ReadOnlySpan<byte> line) => (line.Length - Bytes32.Length) / CopyBytes;

    public static SoldCopy CopyAt(ReadOnlySpan<byte> line, int index)
    {
        var copy = line.Slice(Bytes32.Length + index * CopyBytes, CopyBytes);
        var time = (long)BinaryPrimitives.ReadUInt16BigEndian(copy[PacketKey.Length..]) << 32 | BinaryPrimitives.ReadUInt32BigEndian(copy[(PacketKey.Length + sizeof(ushort))..]);
        return new SoldCopy(PacketKey.Read(copy), time);
    }

    public static int LengthOf(int copies) => Bytes32.Length + copies * CopyBytes;

    /// <summary>Writes a line; the copies are sorted.</summary>
    /// <exception cref="OverflowException">A time beyond the year 10889, which no epoch has.</exception>
    public static void Write(Span<byte> line, DeviceId device, ReadOnlySpan<SoldCopy> copies)
    {
        device.Value.CopyTo(line);
        for (var i = 0; i < copies.Length; i++)
        {
            var copy = line.Slice(Bytes32.Length + i * CopyBytes, CopyBytes);
            copies[i].Packet.Write(copy);
            BinaryPrimitives.WriteUInt16BigEndian(copy[PacketKey.Length..], checked((ushort)(copies[i].SoldAt >> 32)));
            BinaryPrimitives.WriteUInt32BigEndian(copy[(PacketKey.Length + sizeof(ushort))..], (uint)copies[i].SoldAt);
        }
    }
}

/// <summary>Lines of the carry-over, in few large arrays.</summary>
internal sealed class CarriedLines
{
    private const int SlabBytes = 1 << 20;

    private readonly List<ReadOnlyMemory<byte>> _lines = [];
    private Memory<byte> _free;

    public IReadOnlyList<ReadOnlyMemory<byte>> Lines => _lines;

    /// <summary>Two sorted sequences of lines, of disjoint devices, as one.</summary>
    public static List<ReadOnlyMemory<byte>> Merge(IEnumerable<ReadOnlyMemory<byte>> lines, IReadOnlyList<ReadOnlyMemory<byte>> others)
    {
        var merged = new List<ReadOnlyMemory<byte>>();
        var next = 0;
        foreach (var line in lines)
        {
            for (; next < others.Count && CarriedSales.DeviceOf(others[next].Span).CompareTo(CarriedSales.DeviceOf(line.Span)) < 0; next++) merged.Add(others[next]);
            merged.Add(line);
        }
        for (; next < others.Count; next++) merged.Add(others[next]);
        return merged;
    }

    public void Add(DeviceId device, ReadOnlySpan<SoldCopy> copies)
    {
        if (copies.IsEmpty) return;
        var length = CarriedSales.LengthOf(copies.Length);
        if (_free.Length < length) _free = new byte[Math.Max(SlabBytes, length)];
        CarriedSales.Write(_free.Span, device, copies);
        _lines.Add(_free[..length]);
        _free = _free[length..];
    }
}
