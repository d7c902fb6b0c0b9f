using System.Text;

namespace Turnpike.Evidence.Tests.Log;

/// <summary>Opens logs in a folder and reads everything they hold.</summary>
internal static class LogHarness
{
    public static EvidenceLog Open(string folder, int segmentBytes = 1 << 20, TimeProvider? time = null) => EvidenceLog.Open(
        new EvidenceLogOptions { Folder = folder, NetworkId = Samples.Network, SegmentBytes = segmentBytes, RetryDelay = TimeSpan.FromMilliseconds(20) }, time ?? TimeProvider.System);

    public static async Task<AppendOutcome> AppendAsync(this EvidenceLog log, string text, long receivedAt = Samples.Now) =>
        await log.AppendAsync(RecordType.Evidence, Encoding.UTF8.GetBytes(text), receivedAt, TestContext.Current.CancellationToken);

    /// <summary>Every record's body as text, sealed segments first and each proved against its summary.</summary>
    public static async Task<List<string>> ReadAllAsync(this EvidenceLog log)
    {
        var texts = new List<string>();
        foreach (var summary in log.Store.Segments)
        {
            var bytes = await log.Store.ReadSegmentAsync(summary.Sha256, CancellationToken.None);
            Assert.True(SegmentReader.TryOpen(bytes, summary, Samples.Network, out var reader, out var fault), fault?.ToString());
            texts.AddRange(reader.Records.Select(Text));
        }
        texts.AddRange(log.ReadOpenSegment().Select(Text));
        return texts;
    }

    public static string OpenFile(string folder) => Assert.Single(Directory.GetFiles(Path.Combine(folder, "open"), "*.open"));

    private static string Text(SegmentRecord record) => Encoding.UTF8.GetString(record.Body.Span);
}
