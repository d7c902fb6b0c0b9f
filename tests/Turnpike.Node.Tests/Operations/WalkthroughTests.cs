using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Turnpike.Node.Local;
using Turnpike.Tests;

namespace Turnpike.Node.Tests.Operations;

/// <summary>
/// docs/operations.md, followed step by step: every block marked "sh run", in order, in one shell. Four nodes on a real EVM chain, a device whose report is paid, an audit, a backup of a running
/// node, SIGKILL, a restore, epochs that go on, oracles changed. Only the ports are others, so that two runs do not meet.
/// </summary>
public sealed partial class WalkthroughTests
{
    private const string Preamble = """
        set -euo pipefail
        trap 'status=$?; kill $(jobs -p) 2>/dev/null; wait; exit $status' EXIT

        """;

    [Fact]
    public async Task Operations_page_works_as_it_stands()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The page is written for Linux.");
        var anvil = "";
        try
        {
            anvil = LocalChain.FindAnvil();
        }
        catch (LocalChainException absent)
        {
            Assert.Skip(absent.Message);
        }
        Assert.SkipUnless(Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, "curl"))), "curl is not installed.");
        var folder = Directory.CreateTempSubdirectory("turnpike-walkthrough-");
        try
        {
            var output = await RunAsync(folder.FullName, anvil);
            Assert.Contains("tokens claimed for", output, StringComparison.Ordinal);
            Assert.Equal(2, Reproduced().Count(output));
            Assert.DoesNotContain("difference", output, StringComparison.OrdinalIgnoreCase);
            AssertSettledOnce(folder.FullName);
            AssertAbstained(folder.FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<string> RunAsync(string folder, string anvil)
    {
        var bin = Directory.CreateDirectory(Path.Combine(folder, "bin")).FullName;
        File.CreateSymbolicLink(Path.Combine(bin, "anvil"), anvil);
        File.CreateSymbolicLink(Path.Combine(bin, "turnpike"), Path.Combine(AppContext.BaseDirectory, "turnpike"));
        File.WriteAllText(Path.Combine(folder, "page.sh"), Preamble + OnFreePorts(string.Concat(Blocks().Matches(Page()).Select(block => block.Groups[1].Value))) + "turnpike epoch list --json --network founder > epochs.json\n");
        var start = new ProcessStartInfo("bash", ["page.sh"]) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PATH"] = bin + ":" + Environment.GetEnvironmentVariable("PATH");
        start.Environment["TURNPIKE_ROOT"] = SharedData.RepositoryRoot;
        foreach (var variable in start.Environment.Keys.Where(name => name.StartsWith("TURNPIKE_", StringComparison.Ordinal) && name != "TURNPIKE_ROOT").ToList()) start.Environment.Remove(variable);
        using var shell = Process.Start(start)!;
        var output = new StringBuilder();
        shell.OutputDataReceived += (_, line) => Add(line.Data);
        shell.ErrorDataReceived += (_, line) => Add(line.Data);
        shell.BeginOutputReadLine();
        shell.BeginErrorReadLine();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(8));
        try
        {
            await shell.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            shell.Kill(entireProcessTree: true);
            Assert.Fail($"The page did not end in time.\n{output}\n{Logs(folder)}");
        }
        Assert.True(shell.ExitCode == 0, $"The page ended with exit code {shell.ExitCode}.\n{output}\n{Logs(folder)}");
        return output.ToString();

        void Add(string? line)
        {
            lock (output) output.AppendLine(line);
        }
    }

    private static string Page() => File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "docs", "operations.md"));

    // 8601 to 8604 appear with the last digit as a shell variable, too: ten free ports in a row are looked for.
    private static string OnFreePorts(string script)
    {
        var chain = LocalNetwork.FreePort();
        for (var tens = 2000 + Random.Shared.Next(2000); ; tens++)
        {
            if (Enumerable.Range(tens * 10, 10).All(IsFree)) return script.Replace("8545", $"{chain}", StringComparison.Ordinal).Replace("127.0.0.1:860", $"127.0.0.1:{tens}", StringComparison.Ordinal);
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (System.Net.Sockets.SocketException)
        {
            return false;
        }
    }

    private static string Logs(string folder) => string.Join('\n', Directory.EnumerateFiles(folder, "*.log").Order(StringComparer.Ordinal).Select(log => $"--- {Path.GetFileName(log)}\n{string.Join('\n', File.ReadAllLines(log).TakeLast(30))}"));

    private static void AssertSettledOnce(string folder)
    {
        using var epochs = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "epochs.json")));
        var numbers = epochs.RootElement.EnumerateArray().Select(epoch => epoch.GetProperty("epoch").GetUInt64()).ToList();
        Assert.Equal(Enumerable.Range(1, numbers.Count).Select(number => (ulong)number), numbers);
    }

    // The restored oracle came back with a floor and signed nothing below it.
    private static void AssertAbstained(string folder)
    {
        var restored = Path.Combine(folder, "node-1-again");
        var floor = ulong.Parse(File.ReadAllText(Path.Combine(restored, "signing-floor")), System.Globalization.CultureInfo.InvariantCulture);
        var before = SignedIn(Path.Combine(folder, "node-1")).Max();
        Assert.True(floor > before, $"The floor is {floor}; epoch {before} was signed before.");
        var copied = SignedIn(Path.Combine(folder, "node-1")).ToHashSet();
        Assert.All(SignedIn(restored), epoch => Assert.True(copied.Contains(epoch) || epoch >= floor, $"Epoch {epoch} was signed below the floor {floor}."));
    }

    private static IEnumerable<ulong> SignedIn(string node) =>
        Directory.EnumerateFiles(Path.Combine(node, "signed"), "*.signed").Select(file => ulong.Parse(Path.GetFileName(file).Split('-')[0], System.Globalization.CultureInfo.InvariantCulture));

    [GeneratedRegex("```sh run\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Blocks();

    [GeneratedRegex(@"^audit: (\d+) of \1 epochs reproduced", RegexOptions.Multiline)]
    private static partial Regex Reproduced();
}
