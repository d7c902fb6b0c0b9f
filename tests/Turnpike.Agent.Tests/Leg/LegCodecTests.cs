using Turnpike.Core;
using Turnpike.Networks.Wireless.Protocol.Gwmp;
using Turnpike.Networks.Wireless.Protocol.Leg;
using Turnpike.Networks.Wireless.Protocol.LoRaWan;
using Turnpike.Networks.Wireless.Service;

namespace Turnpike.Agent.Tests.Leg;

public sealed class LegCodecTests
{
    private static readonly TxWindow Window = new(4_294_967_290, 869_525_000, DataRate.LoRa(12, 125), 27);

    public static TheoryData<LegMessage> Messages => [
        new LegChallenge(Samples.Network, 1_700_000_000_000),
        new LegProof(new DeviceId(Samples.Network), Samples.Network, Enumerable.Range(0, 64).Select(i => (byte)i).ToArray(), "https://node.example.org:443", "turnpike-agent/1.0"),
        new LegWelcome(1_700_000_000_000, ulong.MaxValue, 1024, 500, 2000),
        new LegRefusal(9104, 30, "The registry does not know the device."),
        new LegFrames(3, [.. Enumerable.Range(1, LegCodec.MaxFrames).Select(number => new SequencedFrame((ulong)number << 40, number, Samples.Packet(number)))]),
        new LegFrames(0, [new SequencedFrame(1, 0, Samples.Packet(1) with { DataRate = DataRate.Fsk(50_000), Crc = CrcStatus.None, Rssi = -2000, Snr = 1000, Frame = new byte[255] })]),
        new LegAck(5),
        new LegAgain(1, 2, 250, 9111),
        new LegDownlink(7, new byte[] { 0x60, 1, 2 }, Window, Window with { Power = -4 }),
        new LegDownlink(8, new byte[255], null, Window),
        new LegResult(7, 2, TxResult.TooLate),
        new LegResult(7, 0, null),
        new LegPing(uint.MaxValue, 1),
        new LegPong(1, 1_700_000_000_000),
    ];

    [Theory]
    [MemberData(nameof(Messages))]
    public void Message_comes_back_as_it_went(LegMessage message)
    {
        var bytes = LegCodec.Encode(message);
        Assert.InRange(bytes.Length, 1, LegCodec.MaxBytes);
        Assert.True(LegCodec.TryDecode(bytes, out var read));
        Assert.Equal(message.GetType(), read.GetType());
        Assert.Equal(bytes, LegCodec.Encode(read));
    }

    // Whatever is read is what would be written: no second form of anything, and no exception.
    [Theory]
    [MemberData(nameof(Messages))]
    public void Mutated_message_is_refused_or_is_another_message(LegMessage message)
    {
        var original = LegCodec.Encode(message);
        var random = new Random(20260101);
        var refused = 0;
        for (var round = 0; round < 3000; round++)
        {
            var bytes = Mutate(original, random);
            if (!LegCodec.TryDecode(bytes, out var read)) refused++;
            else Assert.Equal(bytes, LegCodec.Encode(read));
        }
        Assert.True(refused > 0);
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void Cut_or_lengthened_message_is_refused(LegMessage message)
    {
        var bytes = LegCodec.Encode(message);
        for (var length = 0; length < bytes.Length; length++) Assert.False(LegCodec.TryDecode(bytes.AsSpan(0, length), out _));
        Assert.False(LegCodec.TryDecode([.. bytes, 0], out _));
    }

    [Fact]
    public void Sequences_that_do_not_rise_are_refused()
    {
        var bytes = LegCodec.Encode(new LegFrames(0, [new SequencedFrame(2, 1, Samples.Packet(1)), new SequencedFrame(3, 1, Samples.Packet(2))]));
        var second = bytes.AsSpan().LastIndexOf(new byte[] { 0, 0, 0, 0, 0, 0, 0, 3 });
        bytes[second + 7] = 2;
        Assert.False(LegCodec.TryDecode(bytes, out _));
    }

    [Theory]
    [InlineData("https://Node.Example.org/", "https://node.example.org:443")]
    [InlineData("wss://node.example.org/v1/leg", "https://node.example.org:443")]
    [InlineData("http://127.0.0.1:8600/", "http://127.0.0.1:8600")]
    [InlineData("ws://[::1]:80/v1/leg", "http://[::1]:80")]
    public void Url_has_one_form(string url, string expected) => Assert.Equal(expected, LegStatement.UrlOf(new Uri(url)));

    [Fact]
    public void Statement_differs_by_each_of_its_parts()
    {
        var (device, other) = (new DeviceId(Samples.Network), Bytes32.Parse("0x" + new string('8', 64)));
        var digests = new[]
        {
            LegStatement.Digest(Samples.Network, device, Samples.Network, "http://a:1"), LegStatement.Digest(other, device, Samples.Network, "http://a:1"), LegStatement.Digest(Samples.Network, new DeviceId(other), Samples.Network, "http://a:1"),
            LegStatement.Digest(Samples.Network, device, other, "http://a:1"), LegStatement.Digest(Samples.Network, device, Samples.Network, "http://a:2"),
        };
        Assert.Equal(digests.Length, digests.Distinct().Count());
    }

    private static byte[] Mutate(byte[] original, Random random)
    {
        var bytes = original.ToList();
        for (var change = random.Next(1, 4); change > 0 && bytes.Count > 0; change--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(4))
            {
                case 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: bytes[at] = (byte)random.Next(256); break;
                case 2: bytes.RemoveAt(at); break;
                default: bytes.Insert(at, (byte)random.Next(256)); break;
            }
        }
        return [.. bytes];
    }
}
