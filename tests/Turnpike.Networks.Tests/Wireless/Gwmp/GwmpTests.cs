using System.Text;
using Turnpike.Networks.Wireless.Protocol.Gwmp;
using Turnpike.Networks.Wireless.Protocol.LoRaWan;

namespace Turnpike.Networks.Tests.Wireless.Gwmp;

public class GwmpTests
{
    // The example of the protocol's own description (sx1302_hal, PROTOCOL.md), shortened to one frame of each modulation.
    private const string Example = """
        {"rxpk":[
          {"time":"2013-03-31T16:21:17.528002Z","tmst":3512348611,"chan":2,"rfch":0,"freq":866.349812,"stat":1,"modu":"LORA","datr":"SF7BW125","codr":"4/6","rssi":-35,"lsnr":5.1,"size":32,"data":"-DS4CGaDCdG+48eJNM3Vai-zDpsR71Pn9CPA9uCON84"},
          {"tmst":3512348514,"chan":9,"rfch":1,"freq":869.1,"stat":1,"modu":"FSK","datr":50000,"rssi":-75,"size":16,"data":"VEVTVF9QQUNLRVRfMTIzNA=="}]}
        """;

    [Fact]
    public void Published_example_is_read()
    {
        // Its base64 holds '-', which is no base64: the first frame is unreadable, the second stays.
        Assert.True(PushData.TryRead(Encoding.UTF8.GetBytes(Example), out var data));
        Assert.Equal(1, data.Unreadable);
        var frame = Assert.Single(data.Frames);
        Assert.Equal("TEST_PACKET_1234", Encoding.ASCII.GetString(frame.Frame.Span));
        Assert.Equal(DataRate.Fsk(50_000), frame.DataRate);
        Assert.Equal(869_100_000u, frame.Frequency);
        Assert.Equal(-750, frame.Rssi);
    }

    [Theory]
    [InlineData("""{"tmst":1,"freq":868.1,"datr":"SF12BW125","rssi":-120,"lsnr":-20.25,"data":"QPF9vkkAAgABlUN4disR/w0="}""", -1200, -202)]
    [InlineData("""{"tmst":1,"freq":868.1,"datr":"SF12BW125","rssi":-120.5,"lsnr":-20,"stat":-1,"data":"QPF9vkkAAgABlUN4disR/w0"}""", -1205, -200)]
    [InlineData("""{"tmst":1,"freq":868.1,"datr":"SF12BW125","rsig":[{"ant":0,"rssic":-110,"lsnr":3},{"ant":1,"rssic":-100,"lsnr":7.5}],"size":9999,"data":"QPF9vkkAAgABlUN4disR/w0="}""", -1000, 75)]
    public void Quirks_of_forwarders_are_accepted(string rx, int rssi, int snr)
    {
        Assert.True(PushData.TryRead(Encoding.UTF8.GetBytes($$"""{"rxpk":[{{rx}}]}""" + "\0"), out var data));
        var frame = Assert.Single(data.Frames);
        Assert.Equal(17, frame.Frame.Length);
        Assert.Equal(868_100_000u, frame.Frequency);
        Assert.Equal(rssi, frame.Rssi);
        Assert.Equal(snr, frame.Snr);
    }

    [Theory]
    [InlineData("""{"tmst":-1,"freq":868.1,"datr":"SF12BW125","rssi":-120,"data":"QPF9"}""")]
    [InlineData("""{"tmst":1e30,"freq":868.1,"datr":"SF12BW125","rssi":-120,"data":"QPF9"}""")]
    [InlineData("""{"tmst":1,"freq":1e300,"datr":"SF12BW125","rssi":-120,"data":"QPF9"}""")]
    [InlineData("""{"tmst":1,"freq":868.1,"datr":"SF13BW125","rssi":-120,"data":"QPF9"}""")]
    [InlineData("""{"tmst":1,"freq":868.1,"datr":"SF12BW125","rssi":9000,"data":"QPF9"}""")]
    [InlineData("""{"tmst":1,"freq":868.1,"datr":"SF12BW125","rssi":-120,"data":""}""")]
    [InlineData("""{"tmst":1,"freq":868.1,"datr":"SF12BW125","rssi":-120,"data":"QPF9v"}""")]
    [InlineData("""{"tmst":1,"freq":868.1,"datr":"SF12BW125","rssi":-120,"data":7}""")]
    [InlineData("""17""")]
    public void Absurd_frame_is_counted_and_left_out(string rx)
    {
        Assert.True(PushData.TryRead(Encoding.UTF8.GetBytes($$"""{"rxpk":[{{rx}}]}"""), out var data));
        Assert.Empty(data.Frames);
        Assert.Equal(1, data.Unreadable);
    }

    [Fact]
    public void Stat_is_read_and_a_place_of_zero_is_none()
    {
        Assert.True(PushData.TryRead("""{"stat":{"time":"2014-01-12 08:59:28 GMT","lati":46.24,"long":3.2523,"alti":145,"rxnb":2,"rxok":2,"rxfw":2,"ackr":99.5,"dwnb":3,"txnb":1}}"""u8.ToArray(), out var data));
        Assert.Equal(new GatewayStat(2, 2, 2, 995, 3, 1, 462_400_000, 32_523_000), data.Stat);
        Assert.True(PushData.TryRead("""{"stat":{"lati":0.0,"long":0.0,"rxnb":0}}"""u8.ToArray(), out data));
        Assert.Null(data.Stat!.LatitudeE7);
    }

    [Fact]
    public void Header_is_read_written_and_acknowledged()
    {
        var packet = new GwmpPacket(2, 0x1234, GwmpType.PushData, new Eui64(0xAA555A0000000101), "{}"u8.ToArray());
        var bytes = packet.Write();
        Assert.Equal(Convert.FromHexString("02341200AA555A0000000101"), bytes[..12]);
        Assert.True(GwmpPacket.TryRead(bytes, out var read, out _));
        Assert.Equal(packet.Gateway, read.Gateway);
        Assert.Equal(Convert.FromHexString("02341201"), read.Acknowledge());
        Assert.Equal(Convert.FromHexString("02341204"), (read with { Type = GwmpType.PullData }).Acknowledge());
        Assert.Equal(Convert.FromHexString("010000037B7D"), GwmpPacket.WritePullResp(1, 0x1234, "{}"u8));
        Assert.Equal(Convert.FromHexString("023412037B7D"), GwmpPacket.WritePullResp(2, 0x1234, "{}"u8));
    }

    [Theory]
    [InlineData("0234", GwmpProblem.TooShort)]
    [InlineData("03341200AA555A0000000101", GwmpProblem.UnknownVersion)]
    [InlineData("02341203AA555A0000000101", GwmpProblem.UnknownType)]
    public void Other_bytes_are_refused(string hex, GwmpProblem expected)
    {
        Assert.False(GwmpPacket.TryRead(Convert.FromHexString(hex), out _, out var problem));
        Assert.Equal(expected, problem);
    }

    [Fact]
    public void Frame_to_send_is_what_it_was()
    {
        var packet = new TxPacket { Frame = new byte[] { 1, 2, 3 }, Timestamp = 4_000_000_000, Frequency = 869_525_000, DataRate = DataRate.LoRa(9, 125), Power = 27 };
        Assert.True(TxPacket.TryRead(packet.WriteJson(), out var read));
        Assert.Equal(packet.Frame.ToArray(), read.Frame.ToArray());
        Assert.Equal(packet with { Frame = default }, read with { Frame = default });
        var atOnce = packet with { Timestamp = null, DataRate = DataRate.Fsk(50_000) };
        Assert.True(TxPacket.TryRead(atOnce.WriteJson(), out read));
        Assert.Equal(atOnce with { Frame = default }, read with { Frame = default });
    }

    [Theory]
    [InlineData("", TxResult.Ok)]
    [InlineData("\0", TxResult.Ok)]
    [InlineData("""{"txpk_ack":{"error":"NONE"}}""", TxResult.Ok)]
    [InlineData("""{"txpk_ack":{"warn":"TX_POWER","value":14}}""", TxResult.Ok)]
    [InlineData("""{"txpk_ack":{"error":"TOO_LATE"}}""", TxResult.TooLate)]
    [InlineData("""{"txpk_ack":{"error":"NEWER"}}""", TxResult.Other)]
    public void Answer_of_the_forwarder_is_read(string json, TxResult expected)
    {
        Assert.True(TxAck.TryRead(Encoding.UTF8.GetBytes(json), out var result));
        Assert.Equal(expected, result);
    }
}
