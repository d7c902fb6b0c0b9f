using FsCheck;
using FsCheck.Fluent;
using Turnpike.Networks.Wireless.Archive;
using Turnpike.Networks.Wireless.Protocol;

namespace Turnpike.Node.Tests.Replay;

public sealed class HeliumTraceTests : IDisposable
{
    private const long Start = 1_630_540_800_000;

    // A hotspot of the field testers' trace.
    private const string RealHotspot = "111KEcyjmMxhvUK85fP3dTCNLvfzNqmjVaTVMejhQQyEdSHVbU2";

    private readonly string _path = Path.Combine(Path.GetTempPath(), "turnpike-trace-" + Path.GetRandomFileName());

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Key_is_written_as_the_id_that_it_was_read_from()
    {
        Assert.True(HeliumKey.TryParse(RealHotspot, out var key, out var type));
        Assert.Equal(HeliumKeyType.P256, type);
        Assert.Equal(RealHotspot, HeliumKey.Format(key));
    }

    [Fact]
    public void Every_key_is_read_back_from_its_id() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(500).WithQuietOnSuccess(true), Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), ArbMap.Default.ArbFor<bool>(), (seed, isEd25519) =>
    {
        byte[] key = [(byte)(isEd25519 ? HeliumKeyType.Ed25519 : HeliumKeyType.P256), .. (seed ?? []).Concat(new byte[HeliumKey.Length]).Take(HeliumKey.Length - 1)];
        return HeliumKey.TryParse(HeliumKey.Format(key), out var read, out var type) && read.AsSpan().SequenceEqual(key) && (byte)type == key[0];
    }));

    [Fact]
    public void Id_with_a_changed_letter_is_refused() => Assert.False(HeliumKey.TryParse(RealHotspot[..^1] + "3", out _, out _));

    [Fact]
    public void Reception_holds_the_deliverys_and_the_hotspots_fields()
    {
        new SyntheticTrace().Add(RealHotspot, Start, frame: 1, payloadBytes: 15).WriteTo(_path);
        var reception = Assert.Single(HeliumConsoleTrace.Read(_path));
        Assert.Equal((Start, "0018B20000020CBC", "D2010048", 1u, (byte)15), (reception.ReportedAt, reception.DevEui, reception.DevAddr, reception.FrameCounter, reception.PayloadBytes));
        Assert.Equal(((short)-1090, (short)-202, "SF12BW125"), (reception.Rssi, reception.Snr, reception.DataRate));
        // sha256(0018b20000020cbc d2010048 00000001), computed elsewhere.
        Assert.Equal("0x0cd387a01b3cbb514c6e28bffd982b5e5e18e33937db25c31b38532e8965f397", reception.PacketHash.ToString());
    }

    [Theory]
    [InlineData("not JSON", "this is no JSON object, from byte 2 on.")]
    [InlineData("[]", "'hotspots' is missing.")]
    [InlineData("{}", "'hotspots' is missing.")]
    [InlineData("""{"hotspots":3}""", "'hotspots' is no array.")]
    [InlineData("""{"hotspots":[3]}""", "'id' is missing.")]
    [InlineData("""{"hotspots":[{"id":null}]}""", "'id' is no text.")]
    [InlineData("""{"hotspots":[{"id":"\ud800"}]}""", "'id' is no text.")]
    [InlineData("""{"hotspots":[{"id":"abc"}]}""", "a hotspot's 'id' is not its public key in base58check.")]
    public void Line_that_is_no_delivery_is_named_with_what_is_wrong(string line, string problem) => Assert.Equal($"{_path}, line 2: {problem}", RefusalOf(line).Message);

    [Theory]
    [InlineData("\"reported_at\":1630540800000", "\"reported_at\":1630540800", "'reported_at' is no whole number from 946684800000 to 4102444800000.")]
    [InlineData("\"reported_at\":1630540800000", "\"reported_at\":\"now\"", "'reported_at' is no whole number from 946684800000 to 4102444800000.")]
    [InlineData("\"fcnt\":1", "\"fcnt\":-1", "'fcnt' is no whole number from 0 to 4294967295.")]
    [InlineData("\"fcnt\":1", "\"fcnt\":1.5", "'fcnt' is no whole number from 0 to 4294967295.")]
    [InlineData("\"payload_size\":12", "\"payload_size\":256", "'payload_size' is no whole number from 0 to 255.")]
    [InlineData("\"rssi\":-109", "\"rssi\":1e999", "'rssi' is no level in dB.")]
    [InlineData("\"snr\":-20.2", "\"snr\":\"low\"", "'snr' is no level in dB.")]
    [InlineData("SF12BW125", "SF 12", "'spreading' is no data rate such as SF12BW125.")]
    [InlineData("SF12BW125", "SF12BW125SF12BW125", "'spreading' is no data rate such as SF12BW125.")]
    [InlineData("0018B20000020CBC", "0018B20000020CB", "'dev_eui' is not 16 hexadecimal digits.")]
    [InlineData("D2010048", "D201004G", "'devaddr' is not 8 hexadecimal digits.")]
    public void Field_that_is_wrong_is_named(string right, string wrong, string problem)
    {
        var line = File.ReadAllText(new SyntheticTrace().Add(RealHotspot, Start, frame: 1).WriteTo(_path)).TrimEnd();
        Assert.Contains(right, line, StringComparison.Ordinal);
        Assert.Equal($"{_path}, line 2: {problem}", RefusalOf(line.Replace(right, wrong, StringComparison.Ordinal)).Message);
    }

    [Fact]
    public void Line_without_end_is_refused_before_it_fills_the_memory()
    {
        using (var file = File.Create(_path)) file.SetLength(1L << 32);
        var before = GC.GetTotalAllocatedBytes();
        Assert.Equal($"{_path}, line 1: the line is longer than 1048576 characters.", Assert.Throws<TraceFormatException>(() => HeliumConsoleTrace.Read(_path).ToList()).Message);
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 64L << 20);
    }

    private TraceFormatException RefusalOf(string line)
    {
        new SyntheticTrace().Add(RealHotspot, Start, frame: 1).AddLine(line).WriteTo(_path);
        return Assert.Throws<TraceFormatException>(() => HeliumConsoleTrace.Read(_path).ToList());
    }
}
