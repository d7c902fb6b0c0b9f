using System.Globalization;
using Turnpike.Core;
using Turnpike.Node.Deploy;

namespace Turnpike.Node.Backup;

/// <summary>
/// The first epoch whose report a restored oracle may sign. A backup does not hold what was signed after it was taken, so a node that came out of one cannot know whether it signed a report of an
/// epoch that had ended by then; two different signatures for one epoch are equivocation. It therefore signs nothing for any epoch that had begun when it first started after the restore: whatever it
/// may have signed before lies below. The others settle those epochs; f of n oracles may be silent.
///
/// States: <c>restored</c> (written by the restore, no epoch known yet) and <c>signing-floor</c> (the first start wrote the epoch that follows the present one and removed the mark). A crash between
/// the two leaves both; the next start keeps the floor that is there, which is the safe one only if it is not lower than what the present epoch asks for, so the higher of the two is taken.
/// </summary>
public static class SigningFloor
{
    /// <summary>Marks a folder as restored.</summary>
    public static void Mark(NetworkFolder folder) => Write(MarkOf(folder), "1");

    /// <summary>Whether the folder was restored and no floor is fixed yet.</summary>
    public static bool IsMarked(NetworkFolder folder) => File.Exists(MarkOf(folder));

    /// <summary>Fixes the floor of a restored folder at its first start; durable on return. Does nothing for a folder that was not restored.</summary>
    /// <param name="folder">The node's folder.</param>
    /// <param name="current">The epoch of now.</param>
    public static void Fix(NetworkFolder folder, EpochNumber current)
    {
        if (!IsMarked(folder)) return;
        var floor = current.Value + 1;
        if (Read(folder) is { } known && known.Value > floor) floor = known.Value;
        Write(PathOf(folder), floor.ToString(CultureInfo.InvariantCulture));
        File.Delete(MarkOf(folder));
        Evidence.DurableFolder.Flush(folder.Root);
    }

    /// <summary>Whether a report of the epoch may not be signed here.</summary>
    public static bool Forbids(NetworkFolder folder, EpochNumber epoch) => IsMarked(folder) || Read(folder) is { } floor && epoch < floor;

    /// <summary>The first epoch that may be signed; null when every one may.</summary>
    public static EpochNumber? Read(NetworkFolder folder) =>
        File.Exists(PathOf(folder)) ? new EpochNumber(ulong.Parse(File.ReadAllText(PathOf(folder)).Trim(), NumberStyles.None, CultureInfo.InvariantCulture)) : null;

    private static string MarkOf(NetworkFolder folder) => Path.Combine(folder.Root, "restored");

    private static string PathOf(NetworkFolder folder) => Path.Combine(folder.Root, "signing-floor");

    private static void Write(string path, string content)
    {
        using (var file = File.Create(path + ".new"))
        {
            file.Write(System.Text.Encoding.ASCII.GetBytes(content));
            file.Flush(flushToDisk: true);
        }
        File.Move(path + ".new", path, overwrite: true);
        Evidence.DurableFolder.Flush(Path.GetDirectoryName(path)!);
    }
}
