using Turnpike.Core;

namespace Turnpike.Node.Oracle;

/// <summary>
/// An oracle signs one report for each (configuration, epoch, attempt, inputs), ever: the hash is on disk, fsynced, before the signature leaves. A second report
/// for the same four would be equivocation, which costs the bond, so it is refused even if this process forgot or was rolled back.
/// </summary>
public sealed class SignOnce(string folder)
{
    /// <summary>Whether this report may be signed: it is the first for its key, or the same again. Durable on return.</summary>
    public bool TryBind(Bytes32 configDigest, ulong epoch, uint attempt, Bytes32 inputsHash, Bytes32 reportDigest)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, $"{epoch}-{attempt}-{configDigest.ToString()[2..18]}-{inputsHash.ToString()[2..18]}.signed");
        if (File.Exists(path)) return File.ReadAllText(path) == reportDigest.ToString();
        var temporary = path + ".new";
        using (var file = File.Create(temporary))
        {
            file.Write(System.Text.Encoding.ASCII.GetBytes(reportDigest.ToString()));
            file.Flush(flushToDisk: true);
        }
        File.Move(temporary, path);
        Evidence.DurableFolder.Flush(folder);
        return true;
    }
}
