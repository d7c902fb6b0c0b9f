using System.Formats.Cbor;
using Turnpike.Core;
using Turnpike.Evidence;

namespace Turnpike.Bench.Admission;

/// <summary>Devices with their signed pieces, made before anything is measured: rounds of one piece from every device, each round in an order of its own.</summary>
internal sealed class Fleet
{
    public const ushort Kind = 300;

    public static readonly Bytes32 Network = NetworkId.Of(31337, Address.Parse("0x5fbdb2315678afecb367f032d93f642f64180aa3"));

    private readonly byte[][] _pieces;
    private readonly int _devices;

    private Fleet(byte[][] pieces, int devices, DeviceDirectory directory) => (_pieces, _devices, Directory) = (pieces, devices, directory);

    public DeviceDirectory Directory { get; }

    public int PieceBytes => _pieces[0].Length;

    /// <summary>One reading in each piece is a plain report; more are an array in one body, under one signature.</summary>
    public static Fleet Create(int devices, int rounds, int readings, long now)
    {
        var pieces = new byte[devices * rounds][];
        var directory = new DeviceDirectory();
        for (var device = 0; device < devices; device++)
        {
            using var key = P256DeviceKey.Generate();
            directory.Set(key.Public);
            var signer = new EnvelopeSigner(key, Network);
            for (var round = 0; round < rounds; round++)
            {
                var content = new EnvelopeContent { Kind = Kind, Boot = 1, Sequence = (ulong)round, UnixMilliseconds = now, PublicBody = Body(device, round, readings) };
                pieces[round * devices + device] = signer.Sign(content);
            }
        }
        var random = new Random(7);
        for (var round = 0; round < rounds; round++) random.Shuffle(pieces.AsSpan(round * devices, devices));
        return new Fleet(pieces, devices, directory);
    }

    /// <summary>The pieces of some rounds, in the order in which they arrive.</summary>
    public ReadOnlyMemory<byte[]> Rounds(int first, int count) => _pieces.AsMemory(first * _devices, count * _devices);

    /// <summary>Readings as a weather or power meter has them: seconds since the first, then three measured integers.</summary>
    private static byte[] Body(int device, int round, int readings)
    {
        var writer = new CborWriter(CborConformanceMode.Canonical);
        writer.WriteStartArray(readings);
        for (var i = 0; i < readings; i++)
        {
            writer.WriteStartArray(4);
            writer.WriteInt32(i * 10);
            writer.WriteInt32(2_000 + device % 1_000);
            writer.WriteInt32(-40 - round);
            writer.WriteInt32(101_325 + i);
            writer.WriteEndArray();
        }
        writer.WriteEndArray();
        return writer.Encode();
    }
}
