using System.Buffers.Binary;
using Turnpike.Core;
using Turnpike.Networks.Wireless.Protocol.Gwmp;
using Turnpike.Networks.Wireless.Protocol.LoRaWan;

namespace Turnpike.Agent.Tests;

internal static class Samples
{
    public static readonly Bytes32 Network = Bytes32.Parse("0x" + new string('7', 64));

    /// <summary>A reception whose frame holds its number.</summary>
    public static RxPacket Packet(int number, uint? timestamp = null) => new()
    {
        Frame = Numbered(number),
        Timestamp = timestamp ?? (uint)number * 1000,
        Frequency = 868_100_000,
        DataRate = DataRate.LoRa(7, 125),
        Rssi = -1100,
        Snr = -55,
        Channel = 3,
        GpsMilliseconds = number % 2 == 0 ? 1_400_000_000_000 : null,
    };

    public static int NumberOf(RxPacket packet) => BinaryPrimitives.ReadInt32BigEndian(packet.Frame.Span[8..]);

    private static byte[] Numbered(int number)
    {
        var frame = new byte[24];
        frame[0] = 0x40;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(8), number);
        return frame;
    }
}

/// <summary>A folder that goes with the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder() => Root = Directory.CreateTempSubdirectory("tp-agent-").FullName;

    public string Root { get; }

    public string this[string name] => Path.Combine(Root, name);

    public void Dispose() => Directory.Delete(Root, recursive: true);
}

internal static class Wait
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    /// <summary>Until the condition holds; afterwards the state says what was missing.</summary>
    public static async Task UntilAsync(Func<bool> condition, Func<string>? state = null)
    {
        var stop = TestContext.Current.CancellationToken;
        for (var until = DateTime.UtcNow + Longest; !condition(); await Task.Delay(5, stop))
            if (DateTime.UtcNow > until) Assert.Fail($"Waited {Longest.TotalSeconds} s in vain. {state?.Invoke()}");
    }
}
