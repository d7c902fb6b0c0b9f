using System.Text.Json;

namespace Turnpike.Node.Backup;

/// <summary>A backup cannot be made or restored; the message says what to do.</summary>
public sealed class BackupException(string message) : Exception(message);

/// <summary>A file of a backup.</summary>
/// <param name="Path">Relative to the node's folder, with slashes.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Of its content, lowercase hexadecimal.</param>
public sealed record BackupFile(string Path, long Bytes, string Sha256);

/// <summary>The last entry of a backup: what it holds. It finds damage, not forgery: keep the hash of the whole backup, which both commands print, elsewhere.</summary>
/// <param name="Version">Of this format.</param>
/// <param name="Network">The network's name.</param>
/// <param name="NetworkId">The network's id.</param>
/// <param name="TakenAt">When it was taken.</param>
/// <param name="Keys">Whether it holds the encrypted keys.</param>
/// <param name="Files">Every file.</param>
public sealed record BackupContents(int Version, string Network, string NetworkId, DateTimeOffset TakenAt, bool Keys, IReadOnlyList<BackupFile> Files)
{
    /// <summary>The version that this program writes and reads.</summary>
    public const int CurrentVersion = 1;

    /// <summary>The entry's name; no file of a node is called so.</summary>
    public const string EntryName = "turnpike-backup.json";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    internal byte[] Encode() => JsonSerializer.SerializeToUtf8Bytes(this, Json);

    internal static BackupContents Decode(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var contents = JsonSerializer.Deserialize<BackupContents>(bytes, Json) ?? throw new BackupException($"{EntryName} of the backup is empty.");
            return contents.Version == CurrentVersion ? contents : throw new BackupException($"The backup has version {contents.Version}; this program reads version {CurrentVersion}.");
        }
        catch (JsonException fault)
        {
            throw new BackupException($"{EntryName} of the backup is damaged: {fault.Message}");
        }
    }
}
