namespace Turnpike.Cli.Blueprints;

/// <summary>Where blueprints lie, and how a name becomes a file.</summary>
internal sealed class BlueprintFolder
{
    private readonly string _path;

    private BlueprintFolder(string path) => _path = path;

    /// <summary>The given folder; else the one under TURNPIKE_ROOT, which the launcher sets; else the nearest above the program; else the current folder.</summary>
    internal static BlueprintFolder Find(string? given)
    {
        if (given is not null) return new BlueprintFolder(given);
        var root = Environment.GetEnvironmentVariable("TURNPIKE_ROOT") ?? AppContext.BaseDirectory;
        for (var folder = root; folder is not null; folder = Path.GetDirectoryName(folder))
            if (Directory.Exists(Path.Combine(folder, "blueprints"))) return new BlueprintFolder(Path.Combine(folder, "blueprints"));
        return new BlueprintFolder(Directory.GetCurrentDirectory());
    }

    /// <summary>The folder itself.</summary>
    internal string Location => _path;

    internal IReadOnlyList<string> Files() =>
        Directory.Exists(_path) ? [.. Directory.EnumerateFiles(_path, "*.yaml").Order(StringComparer.Ordinal)] : [];

    /// <summary>A file of that path, or the folder's blueprint of that name; null when there is neither.</summary>
    internal string? Resolve(string name)
    {
        if (File.Exists(name)) return name;
        var named = Path.Combine(_path, name + ".yaml");
        return Path.GetFileName(name) == name && File.Exists(named) ? named : null;
    }
}
