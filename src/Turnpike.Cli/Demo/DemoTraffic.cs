using System.Buffers.Binary;
using System.Security.Cryptography;
using Turnpike.Core;
using Turnpike.Networks.Wireless.Evidence;

namespace Turnpike.Cli.Demo;

/// <summary>Invents sensor packets: the radio waves are the only thing in the demonstration that is not real.</summary>
internal sealed class DemoTraffic(ulong firstFrame = 0)
{
    private static readonly string[] DataRates = ["SF7BW125", "SF9BW125", "SF12BW125"];
    private ulong _frame = firstFrame;

    /// <summary>A packet of an organisation's sensor, never the same twice.</summary>
    public PacketReport Packet(Address organisation)
    {
        var frame = ++_frame;
        Span<byte> seed = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(seed, frame);
        var hash = SHA256.HashData(seed);
        return new PacketReport(
            new Bytes32(hash),
            PayloadBytes: (byte)(8 + hash[0] % 56),
            organisation,
            DataRates[hash[1] % DataRates.Length],
            Rssi: (short)(-1200 + hash[2]),
            Snr: (short)(hash[3] % 200 - 120),
            Region: "EU868");
    }
}
