using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Turnpike.Core;

namespace Turnpike.Agent.Settings;

/// <summary>agent.json: what an agent is set to. 'turnpike agent enroll' writes it; a person may edit it, and the agent reads it when it starts. What is not in the file has its default, hence no init accessors: generated readers would set those to nothing.</summary>
public sealed class AgentSettings
{
    /// <summary>Name of the file in the agent's folder.</summary>
    public const string FileName = "agent.json";

    private const int MaxFileBytes = 64 * 1024;

    /// <summary>The network's name, for people.</summary>
    public string Network { get; set; } = "";

    /// <summary>keccak256 of chain id and registry: in every signature. Another one: the node refuses with code 9103.</summary>
    public required string NetworkId { get; init; }

    /// <summary>The node's URL, such as https://node.example.org. http only for this machine itself. Unreachable: frames wait in the spool.</summary>
    public required Uri Node { get; init; }

    /// <summary>The device key's file, relative to the folder. Default device.key. Readable by others: the agent does not start.</summary>
    public string Key { get; set; } = "device.key";

    /// <summary>PEM file with the certificate authorities that vouch for the node, in place of this machine's. Default none. Wrong: code 9231.</summary>
    public string? CaFile { get; set; }

    /// <summary>Where packet forwarders send to.</summary>
    public ListenSettings Listen { get; set; } = new();

    /// <summary>What is kept while no node takes it.</summary>
    public SpoolSettings Spool { get; set; } = new();

    /// <summary>Usage reports by the hotspot itself; null (the default) where a router meters.</summary>
    public ReportSettings? Reports { get; set; }

    /// <summary>Reads and checks a folder's file.</summary>
    /// <exception cref="AgentException">There is none, or it cannot be used.</exception>
    public static AgentSettings Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            if (!File.Exists(path)) throw new AgentException($"There is no {FileName} in {folder}: make one with 'turnpike agent enroll'.");
            if (new FileInfo(path).Length > MaxFileBytes) throw new AgentException($"{path} is larger than an agent's settings are.");
            var settings = JsonSerializer.Deserialize(File.ReadAllBytes(path), SettingsJson.Default.AgentSettings) ?? throw new AgentException($"{path} is empty.");
            var problems = settings.Problems().ToList();
            return problems.Count == 0 ? settings : throw new AgentException($"{path}: {string.Join(" ", problems)}");
        }
        catch (Exception fault) when (fault is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new AgentException($"{path} cannot be read: {fault.Message}", fault);
        }
    }

    /// <summary>Writes a folder's file.</summary>
    public void Write(string folder) => File.WriteAllBytes(Path.Combine(folder, FileName), JsonSerializer.SerializeToUtf8Bytes(this, SettingsJson.Default.AgentSettings));

    /// <summary>What is wrong with the values, a sentence each.</summary>
    public IEnumerable<string> Problems()
    {
        if (!Bytes32.TryParse(NetworkId, out _)) yield return $"networkId is '{NetworkId}': 0x and 64 hexadecimal digits.";
        if (!Node.IsAbsoluteUri || Node.Scheme != Uri.UriSchemeHttp && Node.Scheme != Uri.UriSchemeHttps) yield return $"node is '{Node}': it begins with https://, or with http:// for this machine itself.";
        else if (Node.Scheme == Uri.UriSchemeHttp && !Node.IsLoopback) yield return $"node is '{Node}': without TLS only this machine itself can be a node; use https://.";
        if (CaFile is { } file && !File.Exists(file)) yield return $"caFile: there is no file {file}.";
        foreach (var problem in (string[])[.. Listen.Problems(), .. Spool.Problems(), .. Reports?.Problems() ?? []]) yield return problem;
    }
}

/// <summary>Where packet forwarders send to.</summary>
public sealed class ListenSettings
{
    /// <summary>Address of the UDP port. Default 127.0.0.1: this machine only.</summary>
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>The UDP port. Default 1700, as stock packet forwarders have it. In use: the agent does not start.</summary>
    public int Port { get; set; } = 1700;

    /// <summary>Whether datagrams of other machines are taken. Default false. True only on a network that is yours alone: the protocol has no authentication, and whoever reaches the port speaks as your hotspot.</summary>
    public bool Network { get; set; }

    /// <summary>Most packet forwarders at once. Default 16; further ones are refused with code 9210.</summary>
    public int Forwarders { get; set; } = 16;

    internal IEnumerable<string> Problems()
    {
        if (!IPAddress.TryParse(Address, out var address)) yield return $"listen.address is '{Address}': an IP address.";
        else if (!IPAddress.IsLoopback(address) && !Network) yield return $"listen.address is '{Address}': the agent listens to this machine only, unless listen.network is true.";
        if (Port is < 0 or > 65535) yield return $"listen.port is {Port}: 1 to 65535.";
        if (Forwarders is < 1 or > 256) yield return $"listen.forwarders is {Forwarders}: 1 to 256.";
    }
}

/// <summary>What is kept while no node takes it.</summary>
public sealed class SpoolSettings
{
    /// <summary>Most mebibytes of frames. Default 64: about 800,000 frames. Full: the newest are refused with code 9220.</summary>
    public int Mebibytes { get; set; } = 64;

    /// <summary>Milliseconds after which frames that no node took are forced to disk. Default 1000. A power cut loses what was heard since; shorter wears flash memory.</summary>
    public int FlushMilliseconds { get; set; } = 1000;

    internal IEnumerable<string> Problems()
    {
        if (Mebibytes is < 1 or > 65536) yield return $"spool.mebibytes is {Mebibytes}: 1 to 65536.";
        if (FlushMilliseconds is < 10 or > 3_600_000) yield return $"spool.flushMilliseconds is {FlushMilliseconds}: 10 to 3600000.";
    }
}

/// <summary>Usage reports by the hotspot itself, one signature for many packets.</summary>
public sealed class ReportSettings
{
    /// <summary>The account that the packets were delivered to: the hotspot cannot know whose an encrypted packet is, so reports serve networks with one organisation.</summary>
    public required string Organisation { get; init; }

    /// <summary>The region, such as EU868.</summary>
    public required string Region { get; init; }

    /// <summary>Gateways that take the evidence, in the order in which they are tried.</summary>
    public required IReadOnlyList<ReportGateway> Gateways { get; init; }

    /// <summary>Begin of epoch 1, unix seconds.</summary>
    public required long EpochStart { get; init; }

    /// <summary>Seconds of an epoch.</summary>
    public required long EpochLength { get; init; }

    /// <summary>Seconds after an epoch in which manifests may be committed. Default 600. Too short: pieces are handed to a second gateway early, which does no harm.</summary>
    public int CommitWindowSeconds { get; set; } = 600;

    /// <summary>Longest time in seconds that a packet waits for its report to be signed. Default 60. A crash loses the reports of that time.</summary>
    public int BatchSeconds { get; set; } = 60;

    internal IEnumerable<string> Problems()
    {
        if (!Core.Address.TryParse(Organisation, out _)) yield return $"reports.organisation is '{Organisation}': an account's address.";
        if (Region.Length is 0 or > 16) yield return $"reports.region is '{Region}': such as EU868.";
        if (Gateways.Count is 0 or > 16) yield return "reports.gateways: 1 to 16 of them.";
        foreach (var gateway in Gateways.Where(gateway => !Core.Address.TryParse(gateway.Account, out _))) yield return $"reports.gateways: '{gateway.Account}' is no account's address.";
        if (EpochStart < 0 || EpochLength < 1) yield return "reports.epochStart and epochLength are seconds, as /v1/network of the node says them.";
        if (CommitWindowSeconds < 1) yield return $"reports.commitWindowSeconds is {CommitWindowSeconds}: at least 1.";
        if (BatchSeconds is < 1 or > 3600) yield return $"reports.batchSeconds is {BatchSeconds}: 1 to 3600.";
    }
}

/// <summary>A gateway that takes evidence.</summary>
/// <param name="Url">Its URL.</param>
/// <param name="Account">Whose receipts are believed.</param>
public sealed record ReportGateway(Uri Url, string Account);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true)]
[JsonSerializable(typeof(AgentSettings))]
internal sealed partial class SettingsJson : JsonSerializerContext;
