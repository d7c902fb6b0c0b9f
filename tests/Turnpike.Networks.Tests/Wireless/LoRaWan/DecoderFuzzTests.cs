using System.Text;
using Turnpike.Networks.Wireless.Protocol.Gwmp;
using Turnpike.Networks.Wireless.Protocol.LoRaWan;

namespace Turnpike.Networks.Tests.Wireless.LoRaWan;

/// <summary>Mutations of real frames and packets: no decoder throws, and what it takes it writes again.</summary>
public class DecoderFuzzTests
{
    private static readonly string[] Frames =
    [
        "40f17dbe4900020001954378762b11ff0d", "60f17dbe4920020001f9d65d27", "4006dc00fcc07400000244925050", "600403020103000022ac0a01f0b468ddaa5ed13a",
        "0039363463336913aa05693574323831330489c65b1304", "2088f36ae3b21314bc284e314e99257328",
    ];

    private static readonly byte[] Push = Encoding.UTF8.GetBytes("""{"rxpk":[{"tmst":1,"freq":868.1,"datr":"SF12BW125","rssi":-120,"lsnr":-20.25,"stat":1,"data":"QPF9vkkAAgABlUN4disR/w0="}],"stat":{"lati":46.2,"long":3.2,"rxnb":2}}""");

    [Fact]
    public void Frames_are_refused_or_written_again_as_they_were()
    {
        var random = new Random(20261125);
        for (var i = 0; i < 200_000; i++)
        {
            var frame = Mutate(Convert.FromHexString(Frames[i % Frames.Length]), random);
            if (DataFrame.TryRead(frame, out var data, out var problem))
            {
                _ = MacCommand.Read(data.Options, data.IsDown, out _);
                Assert.Equal(frame.Length, data.WriteWithoutMic().Length + FrameHeader.MicLength);
            }
            else Assert.NotEqual(FrameProblem.None, problem);
            if (JoinRequest.TryRead(frame, out _, out problem)) Assert.Equal(JoinRequest.Length, frame.Length);
            else Assert.NotEqual(FrameProblem.None, problem);
            _ = JoinAccept.TryRead(frame, default, _ => default, default, 0, out _);
        }
    }

    [Fact]
    public void Packets_of_forwarders_never_throw()
    {
        var random = new Random(20261126);
        var packet = new GwmpPacket(2, 7, GwmpType.PushData, new Eui64(1), Push).Write();
        var send = new TxPacket { Frame = new byte[20], Timestamp = 5, Frequency = 868_100_000, DataRate = DataRate.LoRa(7, 125), Power = 14 }.WriteJson();
        var answer = """{"txpk_ack":{"error":"TOO_LATE"}}"""u8.ToArray();
        for (var i = 0; i < 60_000; i++)
        {
            if (GwmpPacket.TryRead(Mutate(packet, random), out var read, out _) && PushData.TryRead(read.Json, out var data)) Assert.All(data.Frames, frame => Assert.InRange(frame.Frame.Length, 1, FrameHeader.MaxFrameBytes));
            _ = TxPacket.TryRead(Mutate(send, random), out _);
            _ = TxAck.TryRead(Mutate(answer, random), out _);
        }
    }

    [Fact]
    public void Commands_of_any_bytes_end()
    {
        var random = new Random(20261127);
        var bytes = new byte[64];
        for (var i = 0; i < 100_000; i++)
        {
            random.NextBytes(bytes);
            var commands = MacCommand.Read(bytes.AsMemory(0, random.Next(bytes.Length)), isDown: i % 2 == 0, out var complete);
            var written = MacCommand.Write(commands);
            Assert.Equal(written, bytes[..written.Length]);
            Assert.True(complete || written.Length < bytes.Length);
        }
    }

    private static byte[] Mutate(byte[] original, Random random)
    {
        var bytes = (byte[])original.Clone();
        for (var i = random.Next(1, 4); i > 0; i--)
            switch (random.Next(4))
            {
                case 0:
                    bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes = bytes[..random.Next(1, bytes.Length + 1)];
                    break;
                default:
                    bytes = [.. bytes, .. new byte[random.Next(40)]];
                    break;
            }
        return bytes;
    }
}
