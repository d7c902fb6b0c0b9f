using Turnpike.Agent.Keys;
using Turnpike.Agent.Settings;
using Turnpike.Agent.Status;

namespace Turnpike.Agent.Tests.Status;

public sealed class StatusTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Socket_answers_with_the_whole_status_and_nobody_else_may_ask()
    {
        await using var node = await TestNode.StartAsync();
        await using var agent = new TestAgent();
        node.Register(agent.Key);
        agent.Start(node.Url);
        await agent.UntilConnectedAsync();
        using var forwarder = agent.NewForwarder();
        await forwarder.PushAsync(Samples.Packet(1));
        await Wait.UntilAsync(() => agent.Host.Status() is { Leg.RoundTripMilliseconds: not null, Spool.Frames: 0, Leg.Taken: 1 });

        var status = await StatusSocket.AskAsync(agent.Folder, Stop);
        Assert.Equal((true, "registered", "connected", agent.Key.Public.Id.ToString(), 1L), (status!.Ok, status.Registration, status.Leg.State, status.Device, status.Leg.Taken));
        Assert.InRange(status.Leg.ClockOffsetMilliseconds!.Value, -5000, 5000);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(agent.Folder, "status.sock")));
        Assert.Equal(status.ToJson(), AgentStatus.FromJson(status.ToJson())!.ToJson());
    }

    [Fact]
    public async Task Folder_without_an_agent_has_no_status()
    {
        using var folder = new TemporaryFolder();
        Assert.Null(await StatusSocket.AskAsync(folder.Root, Stop));
    }

    [Fact]
    public void Key_file_is_its_owners_alone()
    {
        using var folder = new TemporaryFolder();
        var path = folder["device.key"];
        var key = DeviceKeyFile.Create(path);
        Assert.Equal(key.Public.Id, DeviceKeyFile.Open(path).Public.Id);
        Assert.Throws<AgentException>(() => DeviceKeyFile.Create(path));
        if (OperatingSystem.IsWindows()) return;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        Assert.Contains("chmod 600", Assert.Throws<AgentException>(() => DeviceKeyFile.Open(path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", "JSON")]
    [InlineData("{\"networkId\":\"0x12\",\"node\":\"https://a\"}", "networkId")]
    [InlineData("{\"networkId\":\"0x7777777777777777777777777777777777777777777777777777777777777777\",\"node\":\"http://node.example.org\"}", "TLS")]
    [InlineData("{\"networkId\":\"0x7777777777777777777777777777777777777777777777777777777777777777\",\"node\":\"https://a\",\"spol\":{}}", "spol")]
    [InlineData("{\"networkId\":\"0x7777777777777777777777777777777777777777777777777777777777777777\",\"node\":\"https://a\",\"spool\":{\"mebibytes\":0}}", "spool.mebibytes")]
    public void Settings_that_cannot_work_say_why(string json, string expected)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder[AgentSettings.FileName], json);
        Assert.Contains(expected, Assert.Throws<AgentException>(() => AgentSettings.Read(folder.Root)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_come_back_as_they_were_written()
    {
        using var folder = new TemporaryFolder();
        new AgentSettings { Network = "n", NetworkId = Samples.Network.ToString(), Node = new Uri("https://node.example.org"), Listen = new ListenSettings { Port = 1701 } }.Write(folder.Root);
        var read = AgentSettings.Read(folder.Root);
        Assert.Equal((Samples.Network.ToString(), 1701, (object?)null), (read.NetworkId, read.Listen.Port, read.Reports));
    }
}
