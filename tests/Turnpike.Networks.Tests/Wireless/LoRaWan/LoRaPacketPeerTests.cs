using System.Diagnostics;
using System.Text.Json;
using Turnpike.Core;
using Turnpike.Networks.Wireless.Protocol.LoRaWan;
using Turnpike.Networks.Wireless.Service;
using Turnpike.Networks.Wireless.Virtual;
using Turnpike.Tests;

namespace Turnpike.Networks.Tests.Wireless.LoRaWan;

/// <summary>Every kind of frame that the network server makes, read by npm's lora-packet, which derives the session keys itself from the join-accept.</summary>
public sealed class LoRaPacketPeerTests
{
    private static readonly string Folder = Path.Combine(SharedData.RepositoryRoot, "tests", "peers");
    private static readonly NetId Network = new(0x00003C);

    private readonly List<string> _questions = [];
    private readonly List<Action<JsonElement>> _expected = [];
    private readonly MemoryEndDevices _store = new(Network);
    private readonly NetworkServer _server;
    private uint _clock;

    public LoRaPacketPeerTests() => _server = new NetworkServer(_store, new JoinServer(Network, RxDelay: 3), TimeProvider.System);

    [Fact]
    public async Task Peer_reads_every_frame_that_the_server_makes()
    {
        if (!Directory.Exists(Path.Combine(Folder, "node_modules", "lora-packet"))) Assert.Skip("lora-packet is not installed: npm ci --prefix tests/peers.");
        var number = 0;
        foreach (var region in new[] { "EU868", "US915", "AU915", "AS923-1", "IN865", "KR920" })
            foreach (var is11 in new[] { false, true }) await ConverseAsync(region, is11, ++number);
        Assert.InRange(_questions.Count, 12 * 12, 12 * 60);
        var answers = await AskAsync();
        Assert.Equal(_questions.Count, answers.Count);
        for (var i = 0; i < answers.Count; i++)
        {
            Assert.False(answers[i].TryGetProperty("error", out var error), $"{_questions[i]}: {error}");
            Assert.True(answers[i].GetProperty("mic").GetBoolean(), $"{_questions[i]}: {answers[i]}");
            _expected[i](answers[i]);
        }
    }

    // A join, then uplinks of each sort: confirmed, with questions, with downlinks waiting that are confirmed, that fit and that do not; adaptive data rate asks on its own.
    private async Task ConverseAsync(string region, bool is11, int number)
    {
        var (sensor, root) = Register(region, is11, number);
        var request = sensor.Join();
        var joined = await HearAsync(sensor, request);
        Expect(new { type = "join", frame = Convert.ToHexString(joined.Downlink!.Frame), appKey = Text(root.AppKey), nwkKey = Text(root.NwkKey), joinEui = root.JoinEui.ToString(), devEui = sensor.Device.DevEui.ToString(), devNonce = Nonce(request) }, answer =>
        {
            Assert.Equal((is11, Network.ToString(), joined.Session!.Address.ToString(), 3), (answer.GetProperty("is11").GetBoolean(), answer.GetProperty("netId").GetString(), answer.GetProperty("address").GetString(), answer.GetProperty("rxDelay").GetInt32()));
            Assert.Equal(joined.Session.Rx2DataRate, answer.GetProperty("rx2").GetByte());
        });
        Assert.True(sensor.TryAccept(joined.Downlink.Frame));
        for (var i = 0; i < 40; i++)
        {
            if (i % 3 == 0) _store.Queue(sensor.Device.DevEui, new QueuedDownlink($"d{i}", (byte)(1 + i * 5), Enumerable.Range(i, i % 14).Select(value => (byte)value).ToArray(), Confirmed: i % 2 == 0));
            await SendAsync(sensor, confirmed: i % 4 == 1);
        }
    }

    private async Task SendAsync(VirtualSensor sensor, bool confirmed)
    {
        var answer = await HearAsync(sensor, sensor.Send(1, [1, 2, 3], confirmed));
        if (answer.Downlink is not { } downlink) return;
        Assert.True(sensor.TryReceive(downlink.Frame, out var read));
        Assert.True(DataFrame.TryRead(downlink.Frame, out var frame, out _));
        Expect(new { type = "data", frame = Convert.ToHexString(downlink.Frame), confirms = (int)(ushort)answer.Uplink!.Counter }, peer =>
        {
            Assert.Equal((frame.Address.ToString(), (int)frame.FrameCounter, read.IsAck), (peer.GetProperty("address").GetString(), peer.GetProperty("counter").GetInt32(), peer.GetProperty("acknowledges").GetBoolean()));
            Assert.Equal((frame.Pending, frame.IsConfirmed ? "Confirmed Data Down" : "Unconfirmed Data Down"), (peer.GetProperty("pending").GetBoolean(), peer.GetProperty("type").GetString()));
            Assert.Equal(read.Port is { } port ? port : null, peer.GetProperty("port").ValueKind == JsonValueKind.Null ? null : (int?)peer.GetProperty("port").GetInt32());
            Assert.Equal(Convert.ToHexStringLower(read.Payload), peer.GetProperty("payload").GetString());
            if (read.Port is not 0) Assert.Equal(Convert.ToHexStringLower(MacCommand.Write(read.Commands)), peer.GetProperty("options").GetString());
        });
    }

    private (VirtualSensor Sensor, RootKeys Root) Register(string region, bool is11, int number)
    {
        AesKey Key(int which) => new(Enumerable.Range(0, 16).Select(i => (byte)(number * 16 + which * 7 + i)).ToArray());
        var root = new RootKeys(new Eui64(0x70B3D57ED0000000 + (ulong)number), Key(1), is11 ? Key(2) : Key(1));
        var device = new EndDevice { DevEui = new Eui64(0xA840410000000000 + (ulong)number), Organisation = new Address(new byte[20]), Region = region, Is11 = is11, Root = root };
        _store.Add(device);
        return (new VirtualSensor(device, RegionPlans.TryFind(region, out var plan) ? plan : throw new InvalidOperationException(region)), root);
    }

    private Task<NetworkAnswer> HearAsync(VirtualSensor sensor, byte[] frame) => _server.HearAsync(
        new HeardFrame(frame, sensor.Channels[0].Frequency, sensor.Modulation, [new Reception(new DeviceId(Bytes32.Zero), _clock += 10_000_000, -900, 50, 0)]), TestContext.Current.CancellationToken);

    private void Expect(object question, Action<JsonElement> expected)
    {
        _questions.Add(JsonSerializer.Serialize(question));
        _expected.Add(expected);
    }

    private async Task<List<JsonElement>> AskAsync()
    {
        var start = new ProcessStartInfo("node") { WorkingDirectory = Folder, RedirectStandardInput = true, RedirectStandardOutput = true };
        start.ArgumentList.Add("lora.cjs");
        using var process = Process.Start(start)!;
        var reading = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        foreach (var question in _questions) await process.StandardInput.WriteLineAsync(question);
        process.StandardInput.Close();
        var answers = await reading;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
        return answers.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement.Clone()).ToList();
    }

    private static string Text(AesKey key)
    {
        var bytes = new byte[AesKey.Length];
        key.CopyTo(bytes);
        return Convert.ToHexString(bytes);
    }

    // Least significant byte first on the air.
    private static string Nonce(byte[] request) => Convert.ToHexString([request[18], request[17]]);
}
