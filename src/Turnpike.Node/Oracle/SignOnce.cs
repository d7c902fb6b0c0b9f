using Turnpike.Core;
using Turnpike.Evidence;

namespace Turnpike.Node.Oracle;

/// <summary>
/// What an oracle binds itself to, once and for ever: one report for each (configuration, epoch, attempt, inputs), one manifest for each (epoch, gateway). The binding is on disk, fsynced, before the
/// signature leaves. A second report for the same four would be equivocation, which costs the bond, so it is refused even if this process forgot.
/// </summary>
/// <remarks>
/// A binding is a file that is written aside, fsynced, renamed, and its folder fsynced: after a crash it is there whole or not at all, and then nothing left. Two processes cannot hold the folder
/// at the same time, and threads take turns. No clock is read. What it cannot know is a disk that was set back to an older copy: restore this folder by 'turnpike restore' only, after which <see cref="Backup.SigningFloor"/> forbids what may have been signed.
/// </remarks>
public sealed class SignOnce : IDisposable
{
    private readonly Lock _lock = new();
    private readonly string _folder;
    private readonly FileStream _held;

    /// <summary>Takes a folder.</summary>
    /// <exception cref="IOException">Another process has it: two oracles with one key would equivocate.</exception>
    public SignOnce(string folder)
    {
        _folder = folder;
        Directory.CreateDirectory(ManifestFolder);
        try
        {
            // Held as long as this lives; the system lets go of it whatever ends the process.
            _held = new FileStream(Path.Combine(folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException fault)
        {
            throw new IOException($"Another process signs from {folder}. Stop it first: two oracles with one key would sign against each other.", fault);
        }
    }

    private string ManifestFolder => Path.Combine(_folder, "manifests");

    /// <summary>Whether this report may be signed: it is the first for its key, or the same again. Durable on return.</summary>
    public bool TryBind(Bytes32 configDigest, ulong epoch, uint attempt, Bytes32 inputsHash, Bytes32 reportDigest) =>
        TryBind(_folder, $"{epoch}-{attempt}-{configDigest.ToString()[2..]}-{inputsHash.ToString()[2..]}.signed", reportDigest);

    /// <summary>Whether this manifest may be certified: it is the first of its gateway and epoch, or the same again. Durable on return.</summary>
    public bool TryBindManifest(EpochNumber epoch, Address gateway, Bytes32 manifestHash)
    {
        var name = $"{epoch}-{gateway}";
        var isNew = !File.Exists(Path.Combine(ManifestFolder, name));
        var bound = TryBind(ManifestFolder, name, manifestHash);
        if (isNew) ForgetManifestsBefore(epoch);
        return bound;
    }

    /// <inheritdoc/>
    public void Dispose() => _held.Dispose();

    private bool TryBind(string folder, string name, Bytes32 value)
    {
        var path = Path.Combine(folder, name);
        lock (_lock)
        {
            if (File.Exists(path)) return File.ReadAllText(path) == value.ToString();
            var temporary = path + ".new";
            using (var file = File.Create(temporary))
            {
                file.Write(System.Text.Encoding.ASCII.GetBytes(value.ToString()));
                file.Flush(flushToDisk: true);
            }
            File.Move(temporary, path);
            DurableFolder.Flush(folder);
            return true;
        }
    }

    // Two commit windows never overlap, so bindings of epochs long past bind nobody.
    private void ForgetManifestsBefore(EpochNumber epoch)
    {
        foreach (var path in Directory.EnumerateFiles(ManifestFolder))
            if (EpochNumber.TryParse(Path.GetFileName(path).Split('-')[0], out var past) && past.Value + 2 < epoch.Value) File.Delete(path);
    }
}
