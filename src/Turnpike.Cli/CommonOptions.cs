using System.CommandLine;
using Turnpike.Blueprints;
using Turnpike.Core.Parameters;
using Turnpike.Networks.Wireless;
using Turnpike.Node.Deploy;

namespace Turnpike.Cli;

/// <summary>What went wrong, in one sentence for the person at the keyboard; exit code 1.</summary>
internal sealed class CommandException(string message) : Exception(message);

/// <summary>Options that several verbs share.</summary>
internal static class CommonOptions
{
    /// <summary>Environment variable that names the network's folder.</summary>
    public const string NetworkVariable = "TURNPIKE_NETWORK";

    public static Option<bool> Json() => new("--json") { Description = "Write JSON." };

    public static Option<DirectoryInfo> Network() => new("--network")
    {
        Description = $"The network's folder. Default: {NetworkVariable}, or .turnpike/local.",
        DefaultValueFactory = _ => new DirectoryInfo(Environment.GetEnvironmentVariable(NetworkVariable) is { Length: > 0 } named ? named : Path.Combine(".turnpike", "local")),
    };

    public static NetworkFolder Folder(this ParseResult parsed, Option<DirectoryInfo> option) => new(parsed.GetRequiredValue(option).FullName);

    public static HttpClient Http() => new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5), MaxConnectionsPerServer = 64, AllowAutoRedirect = false })
    {
        Timeout = TimeSpan.FromSeconds(60),
        // Answers that are read whole; evidence is streamed against its own limit.
        MaxResponseContentBufferSize = 64 << 20,
    };
}

/// <summary>Blueprints by name or path; without packs, those of this program are known.</summary>
internal static class BlueprintFiles
{
    /// <summary>The local profile of a blueprint.</summary>
    /// <exception cref="CommandException">There is none of that name, or it has problems; lists them.</exception>
    public static Blueprint Local(string name, IReadOnlyList<PackDescription>? packs = null) => Read(name, packs).Local!;

    /// <summary>Both profiles of a blueprint.</summary>
    /// <exception cref="CommandException">There is none of that name, or it has problems; lists them.</exception>
    public static BlueprintReading Read(string name, IReadOnlyList<PackDescription>? packs = null)
    {
        // Its protocol is not part of Turnpike, so there is nothing that could run it.
        if (Simulate.EconomyFiles.IsEconomyOnly(name))
            throw new CommandException($"'{name}' is an economy without a protocol: it can be simulated, but not started or deployed. Try: turnpike simulate {name}");
        var path = Blueprints.BlueprintFolder.Find(null).Resolve(name) ?? throw new CommandException($"There is no blueprint and no file '{name}'. See: turnpike blueprint list");
        var reading = BlueprintReader.Read(path, packs ?? WirelessModule.Packs);
        return reading.Problems.Count == 0 ? reading : throw new CommandException(string.Join(Environment.NewLine, reading.Problems));
    }
}
