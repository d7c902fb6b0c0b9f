using System.Text.Json;
using Turnpike.Core.Parameters;
using Turnpike.Ledger;

namespace Turnpike.Node.Deploy;

/// <summary>No network is in the folder, or its files are damaged; the message says what to do.</summary>
public sealed class NetworkFolderException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>
/// A network on this machine: network.json (where it is), parameters.txt (what its rules were hashed from), keys/, journal/ (what was sent), and what a node keeps.
/// </summary>
public sealed class NetworkFolder(string path)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, Converters = { new AddressJsonConverter() } };

    /// <summary>The folder.</summary>
    public string Root { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>Keystore files.</summary>
    public string Keys => System.IO.Path.Combine(Root, "keys");

    /// <summary>Device keys.</summary>
    public string Devices => System.IO.Path.Combine(Root, "devices");

    /// <summary>The gateway's evidence.</summary>
    public string Evidence => System.IO.Path.Combine(Root, "evidence");

    /// <summary>Computed epochs.</summary>
    public string Epochs => System.IO.Path.Combine(Root, "epochs");

    /// <summary>The local chain's state file.</summary>
    public string ChainState => System.IO.Path.Combine(Root, "chain", "state.json");

    /// <summary>What an account sent and has under way.</summary>
    public string JournalOf(string account) => System.IO.Path.Combine(Root, "journal", account + ".jsonl");

    /// <summary>Whether a deployment was completed here.</summary>
    public bool HasNetwork => File.Exists(NetworkFile);

    private string NetworkFile => System.IO.Path.Combine(Root, "network.json");

    private string ParametersFile => System.IO.Path.Combine(Root, "parameters.txt");

    private string PlanFile => System.IO.Path.Combine(Root, "deployment-plan.json");

    /// <summary>Reads where the network is.</summary>
    /// <exception cref="NetworkFolderException">Nothing is deployed here, or the file is damaged.</exception>
    public NetworkFile Read()
    {
        if (!HasNetwork) throw new NetworkFolderException($"There is no network in {Root}: start one with 'turnpike up' or 'turnpike deploy', or name its folder with --network.");
        try
        {
            return JsonSerializer.Deserialize<NetworkFile>(File.ReadAllBytes(NetworkFile), Json) ?? throw new NetworkFolderException($"{NetworkFile} is empty.");
        }
        catch (JsonException fault)
        {
            throw new NetworkFolderException($"{NetworkFile} is damaged: {fault.Message}", fault);
        }
    }

    /// <summary>Keeps where the network is; the folder has a network from now on.</summary>
    public void Write(NetworkFile network) => Replace(NetworkFile, JsonSerializer.SerializeToUtf8Bytes(network, Json));

    /// <summary>The canonical parameters that the rules hash covers.</summary>
    public byte[] ReadParameters() => File.ReadAllBytes(ParametersFile);

    /// <summary>Keeps the canonical parameters.</summary>
    public void WriteParameters(byte[] canonical)
    {
        NetworkParameters.Parse(canonical);
        Replace(ParametersFile, canonical);
    }

    internal DeploymentPlan? ReadPlan() => File.Exists(PlanFile) ? JsonSerializer.Deserialize<DeploymentPlan>(File.ReadAllBytes(PlanFile), Json) : null;

    internal void WritePlan(DeploymentPlan plan) => Replace(PlanFile, JsonSerializer.SerializeToUtf8Bytes(plan, Json));

    /// <summary>Gives up a deployment that was begun and not completed.</summary>
    internal void ForgetPlan() => File.Delete(PlanFile);

    private static void Replace(string path, byte[] content)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        var temporary = path + ".new";
        using (var file = File.Create(temporary))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }
        File.Move(temporary, path, overwrite: true);
    }
}

/// <summary>network.json.</summary>
/// <param name="Deployment">Chain and contracts.</param>
/// <param name="Rpc">JSON-RPC endpoint.</param>
/// <param name="Node">The node's own URL.</param>
/// <param name="Blueprint">The blueprint's name.</param>
public sealed record NetworkFile(NetworkDeployment Deployment, Uri Rpc, Uri Node, string Blueprint);
