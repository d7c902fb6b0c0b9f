using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Turnpike.Core;
using Turnpike.Evm.Rpc;

namespace Turnpike.Evm.Tests;

/// <summary>A real anvil on a free port, stopped on dispose. The binary comes from TURNPIKE_ANVIL or from contracts/node_modules; without it the test is skipped.</summary>
internal sealed class Anvil : IAsyncDisposable
{
    private readonly Process _process;
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    private bool _isAutomining = true;

    private Anvil(Process process, Uri address)
    {
        _process = process;
        Address = address;
        Rpc = new JsonRpcClient(_http, address);
        Client = new EthereumClient(Rpc);
    }

    public Uri Address { get; }

    public JsonRpcClient Rpc { get; }

    public EthereumClient Client { get; }

    /// <summary>The first of anvil's accounts, of the mnemonic that every development chain knows; each holds 10,000 ether.</summary>
    public static Secp256k1PrivateKey Key(int index) => Secp256k1PrivateKey.Parse(index switch
    {
        0 => "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80",
        1 => "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d",
        _ => throw new ArgumentOutOfRangeException(nameof(index)),
    });

    public static async Task<Anvil> StartAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Binary(), ["--port", "0", "--host", "127.0.0.1", .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        var process = Process.Start(start) ?? throw new InvalidOperationException("anvil did not start.");
        var listening = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        process.OutputDataReceived += (_, line) =>
        {
            const string Mark = "Listening on ";
            if (line.Data is null) listening.TrySetException(new InvalidOperationException("anvil ended before it listened."));
            else if (line.Data.StartsWith(Mark, StringComparison.Ordinal)) listening.TrySetResult(new Uri("http://" + line.Data[Mark.Length..].Trim()));
        };
        process.ErrorDataReceived += static (_, _) => { }; // drained, or anvil would block on a full pipe
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new Anvil(process, await listening.Task.WaitAsync(TimeSpan.FromSeconds(30))) { _isAutomining = !arguments.Contains("--no-mining") };
    }

    public Task<JsonElement> DoAsync(string method, params JsonNode?[] parameters) =>
        Rpc.CallAsync(new RpcCall(method, new JsonArray(parameters)) { IsIdempotent = false }, TestContext.Current.CancellationToken);

    public Task MineAsync(int blocks = 1) => DoAsync("anvil_mine", "0x" + blocks.ToString("x", CultureInfo.InvariantCulture));

    public Task AutomineAsync(bool on)
    {
        _isAutomining = on;
        return DoAsync("evm_setAutomine", on);
    }

    /// <summary>Replaces the newest <paramref name="depth"/> blocks by as many empty ones.</summary>
    public Task ReorganiseAsync(int depth) => DoAsync("anvil_reorg", depth, new JsonArray());

    /// <summary>Sends from an unlocked account, without waiting for a block.</summary>
    public async Task<Bytes32> SendUnlockedAsync(int from, Address? to, ReadOnlyMemory<byte> data, JsonObject? extra = null)
    {
        using var key = Key(from);
        var transaction = extra ?? [];
        transaction["from"] = key.Address.ToString();
        transaction["data"] = Hex.Format(data.Span);
        if (to is { } callee) transaction["to"] = callee.ToString();
        return Bytes32.Parse((await DoAsync("eth_sendTransaction", transaction)).GetString());
    }

    /// <summary>Creates a contract of that runtime code (at most 255 bytes) and mines it.</summary>
    public async Task<Address> DeployAsync(string runtime)
    {
        var hash = await SendUnlockedAsync(1, null, Code.Deploying(runtime));
        if (!_isAutomining) await MineAsync();
        return (await ReceiptAsync(hash)).ContractAddress ?? throw new InvalidOperationException("The contract was not created.");
    }

    /// <summary>Waits for the block that holds a transaction; anvil answers before it has mined.</summary>
    public async Task<TransactionReceipt> ReceiptAsync(Bytes32 hash)
    {
        TransactionReceipt? receipt = null;
        await UntilAsync(async () => (receipt = await Client.ReceiptAsync(hash, TestContext.Current.CancellationToken)) is not null, () => $"no receipt of {hash}");
        return receipt!;
    }

    /// <summary>Waits until a condition holds; says the state after 30 s.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition, Func<string> state)
    {
        for (var start = Stopwatch.GetTimestamp(); !await condition();)
        {
            if (Stopwatch.GetElapsedTime(start) > TimeSpan.FromSeconds(30)) Assert.Fail("Waited 30 s: " + state());
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _http.Dispose();
    }

    private static string Binary()
    {
        var name = RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? "win32" : RuntimeInformation.IsOSPlatform(OSPlatform.OSX) ? "darwin" : "linux";
        var machine = RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "amd64";
        var path = Environment.GetEnvironmentVariable("TURNPIKE_ANVIL")
            ?? Path.Combine(Turnpike.Tests.SharedData.RepositoryRoot, "contracts", "node_modules", "@foundry-rs", $"anvil-{name}-{machine}", "bin", name == "win32" ? "anvil.exe" : "anvil");
        if (!File.Exists(path)) Assert.Skip("anvil is not on this machine: run npm ci in contracts, or set TURNPIKE_ANVIL to its path.");
        return path;
    }

    /// <summary>Small contracts, assembled by hand.</summary>
    internal static class Code
    {
        /// <summary>Emits LOG1 with the first word of the calldata as topic and the second as data.</summary>
        public const string Emitter = "6020602060003760003560206000a100";

        /// <summary>Reverts with its calldata.</summary>
        public const string Echo = "366000600037366000fd";

        /// <summary>With calldata: closes itself. Without: reverts once closed.</summary>
        public const string Door = "36600b57600054601257005b6001600055005b60006000fd";

        // codecopy(0, 12, length); return(0, length)
        public static byte[] Deploying(string runtime) => Convert.FromHexString($"60{runtime.Length / 2:x2}600c60003960{runtime.Length / 2:x2}6000f3{runtime}");
    }
}
