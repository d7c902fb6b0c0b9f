using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Turnpike.Agent.Keys;
using Turnpike.Agent.Settings;
using Turnpike.Agent.Status;

namespace Turnpike.Agent.Tests;

/// <summary>The program itself, as on a gateway.</summary>
public sealed class ProgramTests
{
    private const long MostResidentBytes = 80 << 20;
    private const int FramesPerSecond = 200;

    // TURNPIKE_AGENT_SECONDS makes it longer: docs/agent.md says what 30 s gave.
    private static readonly int Seconds = int.TryParse(Environment.GetEnvironmentVariable("TURNPIKE_AGENT_SECONDS"), CultureInfo.InvariantCulture, out var seconds) ? seconds : 3;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Agent_stays_below_80_MiB_and_tells_how_it_fares()
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("Resident memory is read from /proc.");
        await using var node = await TestNode.StartAsync();
        using var folder = new TemporaryFolder();
        var port = FreePort();
        node.Register(DeviceKeyFile.Create(folder["device.key"]));
        new AgentSettings { Network = "test", NetworkId = Samples.Network.ToString(), Node = node.Url, Listen = new ListenSettings { Port = port } }.Write(folder.Root);
        using var process = Start("agent", "run", "--folder", folder.Root);
        try
        {
            await Wait.UntilAsync(() => process.HasExited || StatusSocket.AskAsync(folder.Root, Stop).GetAwaiter().GetResult()?.Leg.State == "connected");
            using var forwarder = new VirtualForwarder(port);
            await forwarder.PullAsync();
            var most = await DriveAsync(forwarder, process);
            await Wait.UntilAsync(() => node.Sink.Count == Seconds * FramesPerSecond, () => $"{node.Sink.Count}");

            TestContext.Current.TestOutputHelper?.WriteLine($"{most >> 20} MiB resident at most, {Seconds} s, {FramesPerSecond} frames/s");
            Assert.InRange(most, 1 << 20, MostResidentBytes);
            Assert.Equal(Enumerable.Range(1, Seconds * FramesPerSecond), node.Sink.Numbers);
            var (exit, text) = await RunAsync("agent", "status", "--folder", folder.Root, "--json");
            Assert.Equal(0, exit);
            using var status = JsonDocument.Parse(text);
            Assert.Equal("connected", status.RootElement.GetProperty("leg").GetProperty("state").GetString());
            Assert.Contains("all is well", (await RunAsync("agent", "status", "--folder", folder.Root)).Output, StringComparison.Ordinal);
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }
        Assert.Equal(1, (await RunAsync("agent", "status", "--folder", folder.Root)).Exit);
    }

    private static async Task<long> DriveAsync(VirtualForwarder forwarder, Process process)
    {
        var (most, number) = (0L, 0);
        var begun = Stopwatch.StartNew();
        for (var group = 0; group < Seconds * 20; group++)
        {
            await forwarder.PushAsync(Enumerable.Range(0, FramesPerSecond / 20).Select(_ => Samples.Packet(++number)));
            most = Math.Max(most, Resident(process));
            if (TimeSpan.FromMilliseconds(50 * (group + 1)) - begun.Elapsed is { Ticks: > 0 } early) await Task.Delay(early, Stop);
        }
        return Math.Max(most, Resident(process));
    }

    private static long Resident(Process process)
    {
        var line = File.ReadLines($"/proc/{process.Id}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.AsSpan(6, line.Length - 6 - 3).Trim(), CultureInfo.InvariantCulture) << 10;
    }

    private static int FreePort()
    {
        using var probe = new System.Net.Sockets.UdpClient(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        return ((System.Net.IPEndPoint)probe.Client.LocalEndPoint!).Port;
    }

    private static Process Start(params string[] arguments) =>
        Process.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "turnpike"), arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;

    private static async Task<(int Exit, string Output)> RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        var output = await process.StandardOutput.ReadToEndAsync(Stop);
        await process.WaitForExitAsync(Stop);
        return (process.ExitCode, output);
    }
}
