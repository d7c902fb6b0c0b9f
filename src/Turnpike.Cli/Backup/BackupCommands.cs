using System.CommandLine;
using Turnpike.Node.Backup;
using Turnpike.Node.Deploy;

namespace Turnpike.Cli.Backup;

/// <summary>The verbs <c>turnpike backup</c> and <c>turnpike restore</c>.</summary>
internal static class BackupCommands
{
    public static Command Backup()
    {
        var file = new Argument<FileInfo>("file") { Description = "Where to write the backup; must not exist." };
        var keys = new Option<bool>("--with-keys") { Description = "Copy the account keys too, each encrypted under its password. Device keys are never copied." };
        var (network, json) = (CommonOptions.Network(), CommonOptions.Json());
        var command = new Command("backup", "Copy a node's folder into one file, while the node runs.") { file, keys, network, json }.WithExamples("turnpike backup /backup/node-1.tgz --network /var/lib/turnpike --with-keys");
        command.SetAction(parsed =>
        {
            var made = NodeBackup.Write(parsed.Folder(network), parsed.GetRequiredValue(file).FullName, parsed.GetValue(keys), DateTimeOffset.UtcNow);
            if (parsed.GetValue(json)) NetworkSession.WriteJson(new { file = parsed.GetRequiredValue(file).FullName, files = made.Contents.Files.Count, bytes = made.Bytes, sha256 = made.Sha256, made.Contents.Keys });
            else Console.WriteLine($"{made.Contents.Files.Count} files in {parsed.GetRequiredValue(file).FullName}, {made.Bytes} bytes, SHA-256 {made.Sha256}{(made.Contents.Keys ? "" : "; without keys: keep a copy of keys/ elsewhere, or use --with-keys")}");
            return 0;
        });
        return command;
    }

    public static Command Restore()
    {
        var file = new Argument<FileInfo>("file") { Description = "The backup." };
        var moved = new Option<bool>("--moved") { Description = "The node was stopped before the backup and has not run since: the backup holds all that it ever signed, and nothing need be abstained from." };
        var (network, json) = (CommonOptions.Network(), CommonOptions.Json());
        var command = new Command("restore", "Make a node's folder out of a backup. Overwrites nothing. The old node must never run again.") { file, moved, network, json }.WithExamples("turnpike restore /backup/node-1.tgz --network /var/lib/turnpike");
        command.SetAction(parsed =>
        {
            var folder = new NetworkFolder(parsed.GetRequiredValue(network).FullName);
            var contents = NodeRestore.Read(parsed.GetRequiredValue(file).FullName, folder, parsed.GetValue(moved));
            if (parsed.GetValue(json)) NetworkSession.WriteJson(new { folder = folder.Root, contents.Network, contents.TakenAt, files = contents.Files.Count, contents.Keys, abstains = !parsed.GetValue(moved) });
            else Describe(folder, contents, parsed.GetValue(moved));
            return 0;
        });
        return command;
    }

    private static void Describe(NetworkFolder folder, BackupContents contents, bool moved)
    {
        Console.WriteLine($"{contents.Files.Count} files of '{contents.Network}', backed up {contents.TakenAt:u}, are in {folder.Root}; each is what its hash says.");
        if (!moved) Console.WriteLine("The node may have signed reports after the backup: its oracle signs none of an epoch that has begun before its next start. The other oracles settle those.");
        if (!contents.Keys) Console.WriteLine($"The backup holds no keys: copy them to {folder.Keys}.");
        Console.WriteLine("See that the old node never runs again, then: turnpike config check; turnpike node run");
    }
}
