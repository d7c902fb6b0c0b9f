using Turnpike.Core;
using Turnpike.Core.Canonical;
using Turnpike.Core.Rules;
using Turnpike.Evidence;

namespace Turnpike.Node.Epochs;

/// <summary>Computed epochs as files: epochs/N/outcome/*.jsonl and epochs/N/carry/*.jsonl. A folder appears whole or not at all.</summary>
public sealed class EpochArchive(string folder)
{
    // An attempt that replaces a folder and what is written into that folder take turns.
    private readonly Lock _writing = new();

    /// <summary>Keeps an epoch, durably; an earlier attempt of the same epoch is replaced.</summary>
    public void Write(EpochNumber epoch, ShardSet outcome, ShardSet carry)
    {
        lock (_writing) Replace(epoch, outcome, carry);
    }

    /// <summary>Whether the epoch is here.</summary>
    public bool Has(EpochNumber epoch) => Directory.Exists(PathOf(epoch));

    /// <summary>The outcome's shards.</summary>
    public ShardSet ReadOutcome(EpochNumber epoch) => ReadShards(Path.Combine(PathOf(epoch), "outcome"));

    /// <summary>The carry-over's shards.</summary>
    public ShardSet ReadCarry(EpochNumber epoch) => ReadShards(Path.Combine(PathOf(epoch), "carry"));

    /// <summary>The carry-over that an epoch left; empty for none.</summary>
    /// <exception cref="EvidenceException">The epoch was never computed here.</exception>
    public CarryOver CarryAfter(EpochNumber epoch)
    {
        if (epoch.IsNone) return CarryOver.Empty;
        if (!Has(epoch)) throw new EvidenceException($"The carry-over of epoch {epoch} is not in {folder}.");
        var carry = ReadCarry(epoch);
        var header = CanonicalReader.ReadLines(ReadOutcome(epoch).Shards.Single(shard => shard.Name.StartsWith("header-", StringComparison.Ordinal)).Bytes).Single();
        // A shard that a crash lost would leave a shorter carry-over that reads as well: sequences forgotten, evidence paid again.
        if (carry.Root != header["carryHash"].Bytes32) throw new EvidenceException($"The carry-over of epoch {epoch} in {folder} is not the one that its outcome names: delete the folder {PathOf(epoch)}, and the epoch is computed anew.");
        return CarryDocument.Read(carry);
    }

    /// <summary>Whether it is written who signed what.</summary>
    public bool HasSignatures(EpochNumber epoch) => File.Exists(Path.Combine(PathOf(epoch), "signatures.json"));

    /// <summary>Keeps who signed what beside the outcome, of which it is no part; the same again is no change.</summary>
    /// <exception cref="IOException">The disk failed.</exception>
    public void WriteSignatures(EpochNumber epoch, ReadOnlySpan<byte> json)
    {
        var path = Path.Combine(PathOf(epoch), "signatures.json");
        if (File.Exists(path) && File.ReadAllBytes(path).AsSpan().SequenceEqual(json)) return;
        lock (_writing)
        {
            File.WriteAllBytes(path + ".new", json);
            File.Move(path + ".new", path, overwrite: true);
        }
    }

    private void Replace(EpochNumber epoch, ShardSet outcome, ShardSet carry)
    {
        var final = PathOf(epoch);
        var temporary = final + ".new";
        if (Directory.Exists(temporary)) Directory.Delete(temporary, recursive: true);
        WriteShards(Path.Combine(temporary, "outcome"), outcome);
        WriteShards(Path.Combine(temporary, "carry"), carry);
        DurableFolder.Flush(temporary);
        if (Directory.Exists(final)) Directory.Delete(final, recursive: true);
        Directory.Move(temporary, final);
        DurableFolder.Flush(folder);
    }

    private string PathOf(EpochNumber epoch) => Path.Combine(folder, epoch.ToString());

    private static void WriteShards(string path, ShardSet shards)
    {
        Directory.CreateDirectory(path);
        foreach (var shard in shards.Shards)
        {
            using var file = File.Create(Path.Combine(path, shard.Name));
            file.Write(shard.Bytes.Span);
            file.Flush(flushToDisk: true);
        }
        DurableFolder.Flush(path);
    }

    private static ShardSet ReadShards(string path) =>
        new(Directory.EnumerateFiles(path, "*.jsonl").Select(file => new Shard(Path.GetFileName(file), File.ReadAllBytes(file))));
}
