namespace Turnpike.Node.Settings;

/// <summary>What a node does. Without either role it follows the network and answers questions about it.</summary>
public sealed class RoleOptions
{
    /// <summary>Name of the key, in the folder's keys/, with which the node is a gateway: takes evidence, gives receipts, commits manifests. Default none. A key that is no registered gateway's: evidence is taken and never certified, alert 514.</summary>
    public string? Gateway { get; init; }

    /// <summary>Name of the key with which the node is an oracle: certifies, recomputes, signs, settles. Default none. A key that is not in the oracle configuration: its signatures count for nothing, alert 514.</summary>
    public string? Oracle { get; init; }

    /// <summary>File that holds the keys' password, its owner's only. Default: the variable TURNPIKE_PASSWORD, else the file that TURNPIKE_PASSWORD_FILE names. A wrong password ends the start.</summary>
    public string? PasswordFile { get; init; }

    internal IEnumerable<string> Problems()
    {
        if (PasswordFile is { } file && !File.Exists(file)) yield return $"roles.passwordFile: there is no file {file}.";
    }
}
