using System.Diagnostics;

namespace Turnpike.Bench.Hashing;

/// <summary>A reference that runs under Node.js, from the packages of a folder of the repository.</summary>
internal static class Peer
{
    /// <summary>The folder, if it has the package installed.</summary>
    public static string? Folder(string folder, string package)
    {
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "Turnpike.slnx"))) root = Path.GetDirectoryName(root) ?? throw new InvalidOperationException("Benchmarks run inside the repository.");
        var path = Path.Combine(root, folder);
        return Directory.Exists(Path.Combine(path, "node_modules", package)) ? path : null;
    }

    /// <summary>Runs a script with the folder's packages; what it reads from its input and writes to its output.</summary>
    public static async Task<string> RunAsync(string folder, string script, string input, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("node") { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true };
        start.ArgumentList.Add("-e");
        start.ArgumentList.Add(script);
        using var process = Process.Start(start) ?? throw new InvalidOperationException("node did not start.");
        var output = process.StandardOutput.ReadToEndAsync(cancellation);
        await process.StandardInput.WriteAsync(input.AsMemory(), cancellation);
        process.StandardInput.Close();
        var text = await output;
        await process.WaitForExitAsync(cancellation);
        return process.ExitCode == 0 ? text : throw new InvalidOperationException($"node ended with {process.ExitCode}.");
    }
}
