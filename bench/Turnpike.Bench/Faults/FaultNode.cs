using System.Diagnostics;
using System.Text.Json;

namespace Turnpike.Bench.Faults;

/// <summary>A child process, its role and its log.</summary>
internal sealed class FaultNode(FaultChildRole role, string log) : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private readonly Lock _writing = new();
    private Process? _process;

    /// <summary>Its network folder.</summary>
    public string Folder => role.Folder;

    /// <summary>Whether the process lives.</summary>
    public bool IsRunning => _process is { HasExited: false };

    /// <summary>How often it was killed.</summary>
    public int Kills { get; private set; }

    /// <summary>Starts it, honest or lying, and waits until it serves.</summary>
    public async Task StartAsync(FaultKind? lie, CancellationToken cancellation)
    {
        if (IsRunning) return;
        var start = new ProcessStartInfo(Program, [FaultChild.Verb, JsonSerializer.Serialize(role with { Lie = lie })])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        // Ten processes share the machine: each collects its garbage on one thread and compiles once.
        start.Environment["DOTNET_gcConcurrent"] = "0";
        start.Environment["DOTNET_TieredPGO"] = "0";
        var process = Process.Start(start) ?? throw new InvalidOperationException("The node's process did not start.");
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data == "ready") ready.TrySetResult();
            else if (line.Data is null) ready.TrySetException(new InvalidOperationException($"The node ended before it served; {log} says why."));
        };
        process.ErrorDataReceived += (_, line) => Note(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _process = process;
        Note($"--- started {(lie is null ? "honest" : "as a liar: " + lie)}");
        await ready.Task.WaitAsync(StartLimit, cancellation);
    }

    /// <summary>Starts it and, as a service manager does, starts it again where it ends before it serves.</summary>
    public async Task RestartAsync(FaultKind? lie, CancellationToken cancellation)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await StartAsync(lie, cancellation);
                return;
            }
            catch (InvalidOperationException) when (tries < 5)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), cancellation);
            }
        }
    }

    /// <summary>SIGKILL: nothing of the process runs any more when this returns.</summary>
    public async Task KillAsync()
    {
        if (_process is not { } process) return;
        _process = null;
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        Kills++;
        Note("--- killed");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await KillAsync();

    private static string Program => Path.Combine(AppContext.BaseDirectory, "Turnpike.Bench" + (OperatingSystem.IsWindows() ? ".exe" : ""));

    private void Note(string? line)
    {
        if (line is null) return;
        lock (_writing) File.AppendAllText(log, $"{DateTime.UtcNow:HH:mm:ss.fff} {line}\n");
    }
}
