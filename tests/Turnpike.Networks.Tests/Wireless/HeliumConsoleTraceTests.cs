using System.IO.Compression;
using System.Text;
using Turnpike.Networks.Wireless.Archive;
using Turnpike.Tests;

namespace Turnpike.Networks.Tests.Wireless;

public sealed class HeliumConsoleTraceTests : IDisposable
{
    private const string Hotspot = """{"id":"111KEcyjmMxhvUK85fP3dTCNLvfzNqmjVaTVMejhQQyEdSHVbU2","reported_at":1630589706147,"rssi":-109,"snr":-19.799999237060547,"spreading":"SF11BW125"}""";

    private readonly string _folder = Directory.CreateTempSubdirectory("turnpike-trace-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Delivery_gives_a_reception_for_each_hotspot_with_levels_in_tenths()
    {
        var receptions = Read(Delivery($"{Hotspot},{Hotspot}")).ToList();
        Assert.Equal(2, receptions.Count);
        var reception = receptions[0];
        Assert.Equal((1_630_589_706_147, "0018B20000020CBC", "D2010048", 5U, (byte)15), (reception.ReportedAt, reception.DevEui, reception.DevAddr, reception.FrameCounter, reception.PayloadBytes));
        Assert.Equal((-1090, -198, "SF11BW125", 33), (reception.Rssi, reception.Snr, reception.DataRate, reception.HotspotKey.Length));
    }

    [Fact]
    public void Blank_lines_are_passed_over_and_counted()
    {
        var fault = Assert.Throws<TraceFormatException>(() => Read("\n" + Delivery(Hotspot) + "\n\nx\n").ToList());
        Assert.Contains("line 4", fault.Message, StringComparison.Ordinal);
        Assert.Empty(Read("\n  \n"));
    }

    [Fact]
    public void Compressed_file_reads_like_the_plain_one()
    {
        var path = Path.Combine(_folder, "trace.ndjson.gz");
        using (var file = new GZipStream(File.Create(path), CompressionLevel.Fastest)) file.Write(Encoding.UTF8.GetBytes(Delivery(Hotspot)));
        Assert.Single(HeliumConsoleTrace.Read(path));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"hotspots\":5}")]
    [InlineData("{\"hotspots\":[5]}")]
    [InlineData("{\"hotspots\":[{}]}")]
    public void Line_that_is_no_delivery_is_refused_by_its_number(string line) => Refused(line);

    [Theory]
    [InlineData("\"fcnt\":5", "\"fcnt\":-1")]
    [InlineData("\"fcnt\":5", "\"fcnt\":4294967296")]
    [InlineData("\"fcnt\":5", "\"fcnt\":\"5\"")]
    [InlineData("\"fcnt\":5", "\"fcnt\":5.5")]
    [InlineData("\"payload_size\":15", "\"payload_size\":256")]
    [InlineData("\"payload_size\":15", "\"payload_size\":null")]
    [InlineData("\"dev_eui\":\"0018B20000020CBC\"", "\"dev_eui\":null")]
    [InlineData("\"dev_eui\":\"0018B20000020CBC\"", "\"dev_eui\":7")]
    [InlineData("\"devaddr\":", "\"addr\":")]
    [InlineData("111KEcyj", "111KEcyk")]
    [InlineData("\"reported_at\":1630589706147,\"rssi\"", "\"reported_at\":1.5,\"rssi\"")]
    [InlineData("\"rssi\":-109", "\"rssi\":-3277")]
    [InlineData("\"rssi\":-109", "\"rssi\":1e400")]
    [InlineData("\"rssi\":-109", "\"rssi\":\"-109\"")]
    [InlineData("\"snr\":-19.799999237060547", "\"snr\":true")]
    [InlineData("\"spreading\":\"SF11BW125\"", "\"spreading\":null")]
    public void Field_of_another_form_is_refused_by_its_line(string good, string bad)
    {
        Assert.Contains(good, Delivery(Hotspot), StringComparison.Ordinal);
        Refused(Delivery(Hotspot).Replace(good, bad, StringComparison.Ordinal));
    }

    [Fact]
    public void Line_beyond_the_limit_is_refused() => Refused(Delivery(Hotspot) + new string(' ', 1 << 20));

    /// <summary>The public field-tester trace of 2021 to 2023; the counts are its publishers'.</summary>
    [Fact]
    public void Public_trace_is_read_whole()
    {
        var receptions = HeliumConsoleTrace.Read(SharedData.Path("wireless/helium-field-tester.ndjson.gz")).ToList();
        Assert.Equal(17_075, receptions.Count);
        Assert.Equal(348, receptions.Select(reception => Convert.ToHexString(reception.HotspotKey.Span)).Distinct().Count());
        Assert.Equal(3, receptions.Select(reception => reception.DevEui).Distinct().Count());
    }

    private void Refused(string line)
    {
        var fault = Assert.Throws<TraceFormatException>(() => Read(Delivery(Hotspot) + "\n" + line).ToList());
        Assert.Contains("line 2:", fault.Message, StringComparison.Ordinal);
    }

    private IEnumerable<ArchivedReception> Read(string text)
    {
        var path = Path.Combine(_folder, "trace.ndjson");
        File.WriteAllText(path, text);
        return HeliumConsoleTrace.Read(path);
    }

    private static string Delivery(string hotspots) =>
        $$"""{"dev_eui":"0018B20000020CBC","devaddr":"D2010048","fcnt":5,"payload_size":15,"hotspots":[{{hotspots}}],"reported_at":1630589706147}""";
}
