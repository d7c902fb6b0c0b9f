using System.Text.Json;

namespace Turnpike.Node.Settings;

/// <summary>The settings of a node are wrong; the message lists every fault.</summary>
public sealed class NodeConfigurationException(IReadOnlyList<string> problems) : Exception(string.Join(Environment.NewLine, problems))
{
    /// <summary>A sentence each.</summary>
    public IReadOnlyList<string> Problems { get; } = problems;
}

/// <summary>A setting's value and where it comes from.</summary>
/// <param name="Name">As in node.json.</param>
/// <param name="Value">As it would be written; null where it is not set.</param>
/// <param name="Source">node.json, a variable, or "default".</param>
public sealed record SettingValue(string Name, string? Value, string Source);

/// <summary>
/// A node's settings: defaults, over them node.json of its folder, over that environment variables such as TURNPIKE_NODE_CHAIN__CONFIRMATIONS. A key that no setting has is a fault, never passed
/// over: a misspelt limit would otherwise protect nothing.
/// </summary>
public sealed class NodeConfiguration
{
    /// <summary>What the environment variables begin with; section and setting follow, two underscores between.</summary>
    public const string VariablePrefix = "TURNPIKE_NODE_";

    /// <summary>The file's name in a node's folder.</summary>
    public const string FileName = "node.json";

    private readonly Dictionary<string, string> _sources = new(StringComparer.Ordinal);
    private readonly List<string> _problems = [];

    private NodeConfiguration()
    {
    }

    /// <summary>The settings; meaningful only while <see cref="Problems"/> is empty.</summary>
    public NodeOptions Options { get; } = new();

    /// <summary>Every fault of the settings, a sentence each.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>Every setting with its value and where it comes from.</summary>
    public IReadOnlyList<SettingValue> Values => [.. Setting.All.Select(setting => new SettingValue(setting.Name, setting.Read(Options), _sources.GetValueOrDefault(setting.Name, "default")))];

    /// <summary>Reads a folder's file, if it has one, and the process's environment.</summary>
    public static NodeConfiguration Read(string folder) => Read(Path.Combine(folder, FileName), Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>().ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? ""));

    /// <summary>Reads a folder's settings.</summary>
    /// <exception cref="NodeConfigurationException">Some are wrong.</exception>
    public static NodeOptions Require(string folder)
    {
        var read = Read(folder);
        return read.Problems.Count == 0 ? read.Options : throw new NodeConfigurationException(read.Problems);
    }

    internal static NodeConfiguration Read(string file, IReadOnlyDictionary<string, string> environment)
    {
        var configuration = new NodeConfiguration();
        if (File.Exists(file)) configuration.ReadFile(file);
        configuration.ReadEnvironment(environment);
        if (configuration._problems.Count == 0) configuration._problems.AddRange(configuration.Options.Problems());
        return configuration;
    }

    private void ReadFile(string file)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            if (document.RootElement.ValueKind != JsonValueKind.Object) _problems.Add($"{file}: it holds one object with sections such as \"listen\" and \"chain\".");
            else foreach (var section in document.RootElement.EnumerateObject()) ReadSection(section);
        }
        catch (Exception fault) when (fault is JsonException or IOException or UnauthorizedAccessException)
        {
            _problems.Add($"{file} cannot be read: {fault.Message}");
        }
    }

    private void ReadSection(JsonProperty section)
    {
        if (section.Value.ValueKind != JsonValueKind.Object) _problems.Add($"{section.Name} is no section of settings: {Sections}.");
        else foreach (var entry in section.Value.EnumerateObject().Where(entry => entry.Value.ValueKind != JsonValueKind.Null)) Write($"{section.Name}.{entry.Name}", TextOf(entry.Value), FileName);
    }

    private static string Sections => string.Join(", ", typeof(NodeOptions).GetProperties().Select(Setting.JsonName));

    private static string TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Array => string.Join(',', value.EnumerateArray().Select(TextOf)),
        _ => value.GetRawText(),
    };

    private void ReadEnvironment(IReadOnlyDictionary<string, string> environment)
    {
        foreach (var (variable, text) in environment.Where(entry => entry.Key.StartsWith(VariablePrefix, StringComparison.Ordinal)).OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            if (Setting.All.FirstOrDefault(setting => setting.Variable == variable) is { } setting) Write(setting.Name, text, variable);
            else _problems.Add($"The variable {variable} names no setting: see 'turnpike config print'.");
        }
    }

    private void Write(string name, string text, string source)
    {
        if (Setting.All.FirstOrDefault(setting => setting.Name == name) is not { } setting) _problems.Add($"{source}: there is no setting {name}.{Nearest(name)}");
        else if (!setting.TryWrite(Options, text, out var problem)) _problems.Add(problem);
        else _sources[name] = source;
    }

    private static string Nearest(string name) =>
        Setting.All.FirstOrDefault(setting => string.Equals(setting.Name, name, StringComparison.OrdinalIgnoreCase)) is { } near ? $" It is written {near.Name}." : " See 'turnpike config print'.";
}
