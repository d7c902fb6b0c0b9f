using System.Text.Json;
using Turnpike.Evidence;
using Turnpike.Node.Epochs;
using Turnpike.Node.Oracle.Peers;

namespace Turnpike.Node.Oracle.Rounds;

/// <summary>One line of a round's file; exactly one property is there.</summary>
/// <param name="Own">This oracle's own commitment with what opens it.</param>
/// <param name="Seen">Somebody's commitment.</param>
/// <param name="Shown">Somebody's reveal.</param>
/// <param name="Closed">The book was closed.</param>
internal sealed record RoundLine(OwnText? Own = null, SeenText? Seen = null, RevealText? Shown = null, bool? Closed = null);

/// <summary>What must never be forgotten between commitment and reveal.</summary>
internal sealed record OwnText(CommitmentText Commitment, RevealText Reveal);

/// <summary>A commitment and whether it came after the book was closed.</summary>
internal sealed record SeenText(CommitmentText Commitment, bool Late);

/// <summary>
/// A round on disk: JSON lines, appended and fsynced before anything that follows from them leaves this node. A line that a crash cut short was never acted on, so it is cut off at the next start.
/// </summary>
internal sealed class RoundFile(string path)
{
    private static readonly JsonSerializerOptions Text = new(PeerReply.Json) { DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull };
    private long _durable;

    public IReadOnlyList<RoundLine> Open()
    {
        if (!File.Exists(path)) return [];
        var bytes = File.ReadAllBytes(path);
        var end = bytes.AsSpan().LastIndexOf((byte)'\n') + 1;
        if (end < bytes.Length)
        {
            using var cut = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
            RandomAccess.SetLength(cut, end);
            RandomAccess.FlushToDisk(cut);
        }
        _durable = end;
        var lines = new List<RoundLine>();
        for (var rest = bytes.AsSpan(0, end); rest.Length > 0;)
        {
            var length = rest.IndexOf((byte)'\n');
            // Whole lines are ours, fsynced: one that does not read is a damaged disk, and an oracle without memory must not sign.
            lines.Add(PeerReply.TryRead<RoundLine>(rest[..length], out var line) ? line : throw new EvidenceException($"{path} is damaged in line {lines.Count + 1}: restore it from a backup; this oracle signs nothing of that epoch until then."));
            rest = rest[(length + 1)..];
        }
        return lines;
    }

    /// <exception cref="IOException">The disk failed: nothing was appended, and what was half written goes with the next attempt.</exception>
    public void Append(RoundLine line)
    {
        var isNew = !File.Exists(path);
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.Write };
        // The salt of a commitment that is not opened yet is a secret.
        if (isNew && !OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(path, options))
        {
            file.SetLength(_durable);
            file.Position = _durable;
            file.Write([.. JsonSerializer.SerializeToUtf8Bytes(line, Text), (byte)'\n']);
            file.Flush(flushToDisk: true);
            if (isNew) DurableFolder.Flush(Path.GetDirectoryName(path)!);
            _durable = file.Length;
        }
    }
}
