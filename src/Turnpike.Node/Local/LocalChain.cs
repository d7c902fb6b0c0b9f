using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Turnpike.Node.Local;

/// <summary>How a local chain is started.</summary>
public sealed record LocalChainOptions
{
    /// <summary>The chain id of a development chain; the archive registry accepts no other.</summary>
    public const ulong ChainId = 31337;

    /// <summary>State file kept between runs; null keeps nothing.</summary>
    public string? StateFile { get; init; }

    /// <summary>Unix seconds of the genesis block; null is now. A replay starts its chain at the trace's own time.</summary>
    public long? GenesisTime { get; init; }

    /// <summary>Seconds between blocks; null mines a block for each transaction and none otherwise.</summary>
    public int? BlockTime { get; init; }

    /// <summary>Port on loopback; 0 picks a free one.</summary>
    public int Port { get; init; }

    /// <summary>EVM rules, such as "prague"; null is anvil's newest.</summary>
    public string? Hardfork { get; init; }

    /// <summary>Slots of the chain's epoch: the finalized tag follows two such epochs behind the head. Default 1.</summary>
    public int FinalitySlots { get; init; } = 1;
}

/// <summary>
/// A development chain (anvil) as a child process. It listens on loopback only, is asked to stop (SIGTERM, which saves its state) and killed after ten seconds.
/// Its process id is kept beside the state file, so that a chain orphaned by a crash of its parent is ended at the next start.
/// </summary>
public sealed class LocalChain : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(10);

    // What anvil prints once its port is bound. Asking the port instead could be answered by another program that has it.
    private const string ListeningMark = "Listening on ";

    private readonly Process _process;
    private readonly string? _pidFile;
    private readonly TailBuffer _output = new();
    private readonly TaskCompletionSource<Uri?> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private LocalChain(Process process, string? pidFile)
    {
        _process = process;
        _pidFile = pidFile;
        process.OutputDataReceived += (_, line) => Read(line.Data);
        process.ErrorDataReceived += (_, line) => _output.Add(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>The JSON-RPC endpoint.</summary>
    public Uri Rpc { get; private set; } = null!;

    /// <summary>Starts a chain and waits until it listens.</summary>
    /// <exception cref="LocalChainException">anvil is not installed, or it stopped or stayed silent; the message says what to do.</exception>
    public static async Task<LocalChain> StartAsync(LocalChainOptions options, CancellationToken cancellation)
    {
        var pidFile = options.StateFile is null ? null : options.StateFile + ".pid";
        if (pidFile is not null) await EndOrphanAsync(pidFile, cancellation);
        var start = new ProcessStartInfo(FindAnvil()) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in Arguments(options)) start.ArgumentList.Add(argument);
        var process = Process.Start(start) ?? throw new LocalChainException("anvil could not be started.");
        if (pidFile is not null) await File.WriteAllTextAsync(pidFile, process.Id.ToString(CultureInfo.InvariantCulture), cancellation);
        var chain = new LocalChain(process, pidFile);
        try
        {
            await chain.WaitUntilItListensAsync(cancellation);
            return chain;
        }
        catch
        {
            await chain.DisposeAsync();
            throw;
        }
    }

    /// <summary>The anvil program: TURNPIKE_ANVIL, or the one that npm put under contracts/node_modules.</summary>
    /// <exception cref="LocalChainException">Neither is there.</exception>
    public static string FindAnvil()
    {
        if (Environment.GetEnvironmentVariable("TURNPIKE_ANVIL") is { Length: > 0 } named)
            return File.Exists(named) ? named : throw new LocalChainException($"TURNPIKE_ANVIL names '{named}', which does not exist.");
        var system = OperatingSystem.IsWindows() ? "win32" : OperatingSystem.IsMacOS() ? "darwin" : "linux";
        var architecture = RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "amd64";
        var package = Path.Combine("@foundry-rs", $"anvil-{system}-{architecture}", "bin", OperatingSystem.IsWindows() ? "anvil.exe" : "anvil");
        // The launcher installs elsewhere when the repository cannot be written.
        if (Environment.GetEnvironmentVariable("TURNPIKE_NPM_MODULES") is { Length: > 0 } modules && File.Exists(Path.Combine(modules, package))) return Path.Combine(modules, package);
        var relative = Path.Combine("contracts", "node_modules", package);
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
            if (File.Exists(Path.Combine(folder, relative))) return Path.Combine(folder, relative);
        throw new LocalChainException("The local chain needs anvil: run 'npm ci' in contracts/, or set TURNPIKE_ANVIL to the program.");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            if (OperatingSystem.IsWindows()) _process.Kill();
            else _ = SendSignal(_process.Id, SigTerm);
            using var limit = new CancellationTokenSource(StopLimit);
            try
            {
                await _process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill();
            }
        }
        _process.Dispose();
        if (_pidFile is not null) File.Delete(_pidFile);
    }

    private static IEnumerable<string> Arguments(LocalChainOptions options)
    {
        yield return "--host=127.0.0.1";
        yield return $"--port={options.Port}";
        yield return $"--chain-id={LocalChainOptions.ChainId}";
        // The finalized tag follows two epochs behind the head, as on a real chain; with one slot an epoch that is two blocks.
        yield return $"--slots-in-an-epoch={options.FinalitySlots}";
        yield return "--disable-console-log";
        if (options.BlockTime is { } blockTime) yield return $"--block-time={blockTime}";
        if (options.GenesisTime is { } genesis) yield return $"--timestamp={genesis}";
        if (options.Hardfork is { } hardfork) yield return $"--hardfork={hardfork}";
        if (options.StateFile is not { } file) yield break;
        yield return $"--state={file}";
        yield return "--state-interval=2";
        yield return "--preserve-historical-states";
    }

    private void Read(string? line)
    {
        _output.Add(line);
        if (line is null) _listening.TrySetResult(null);
        else if (line.StartsWith(ListeningMark, StringComparison.Ordinal)) _listening.TrySetResult(new Uri("http://" + line[ListeningMark.Length..].Trim()));
    }

    private async Task WaitUntilItListensAsync(CancellationToken cancellation)
    {
        try
        {
            if (await _listening.Task.WaitAsync(StartLimit, cancellation) is { } address)
            {
                Rpc = address;
                return;
            }
            await _process.WaitForExitAsync(cancellation).WaitAsync(StopLimit, cancellation);
            throw new LocalChainException($"anvil stopped with exit code {_process.ExitCode}: {_output}");
        }
        catch (TimeoutException late)
        {
            throw new LocalChainException($"anvil did not listen within {StartLimit.TotalSeconds} s: {_output}", late);
        }
    }

    private static async Task EndOrphanAsync(string pidFile, CancellationToken cancellation)
    {
        if (!File.Exists(pidFile) || !int.TryParse(await File.ReadAllTextAsync(pidFile, cancellation), out var id)) return;
        try
        {
            using var orphan = Process.GetProcessById(id);
            if (!orphan.ProcessName.StartsWith("anvil", StringComparison.Ordinal)) return;
            if (OperatingSystem.IsWindows()) orphan.Kill();
            else _ = SendSignal(id, SigTerm);
            await orphan.WaitForExitAsync(cancellation).WaitAsync(StopLimit, cancellation);
        }
        catch (ArgumentException)
        {
            // No such process: it ended with its parent.
        }
    }

    private const int SigTerm = 15;

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int process, int signal);

    private sealed class TailBuffer
    {
        private const int Lines = 5;
        private readonly Queue<string> _tail = new();

        public void Add(string? line)
        {
            if (string.IsNullOrWhiteSpace(line)) return;
            lock (_tail)
            {
                _tail.Enqueue(line.Trim());
                if (_tail.Count > Lines) _tail.Dequeue();
            }
        }

        public override string ToString()
        {
            lock (_tail) return _tail.Count == 0 ? "it printed nothing." : string.Join(" | ", _tail);
        }
    }
}

/// <summary>The local chain could not be started; the message says what to do.</summary>
public sealed class LocalChainException(string message, Exception? inner = null) : Exception(message, inner);
