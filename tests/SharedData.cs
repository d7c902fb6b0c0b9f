using System.IO.Compression;
using System.Text.Json;

namespace Turnpike.Tests;

/// <summary>Public test vectors and traces, read from ../shared/data beside the repository or from TURNPIKE_DATA; a test that needs an absent file is skipped.</summary>
internal static class SharedData
{
    public static string Path(string relative)
    {
        var root = Environment.GetEnvironmentVariable("TURNPIKE_DATA") ?? System.IO.Path.Combine(RepositoryRoot, "..", "shared", "data");
        var path = System.IO.Path.GetFullPath(System.IO.Path.Combine(root, relative));
        if (!File.Exists(path)) Assert.Skip($"The vector file {relative} is not on this machine; set TURNPIKE_DATA to the folder that holds it.");
        return path;
    }

    public static JsonElement Json(string relative)
    {
        using Stream file = File.OpenRead(Path(relative));
        using var stream = relative.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
        return JsonDocument.Parse(stream).RootElement.Clone();
    }

    public static string RepositoryRoot { get; } = FindRepositoryRoot();

    private static string FindRepositoryRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(System.IO.Path.Combine(folder, "Turnpike.slnx")))
            folder = System.IO.Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("Tests run inside the repository: no Turnpike.slnx above " + AppContext.BaseDirectory);
        return folder;
    }
}
