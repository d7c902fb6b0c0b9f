using Turnpike.Core;
using Turnpike.Networks.Wireless.Protocol.LoRaWan;
using Turnpike.Networks.Wireless.Service;
using Turnpike.Networks.Wireless.Virtual;

namespace Turnpike.Networks.Tests.Wireless.LoRaWan;

/// <summary>A sensor and the network server talk, without radio waves between them.</summary>
public class NetworkServerTests
{
    private static readonly NetId Network = new(0x00003C);
    private static readonly Address Organisation = new(Enumerable.Repeat((byte)7, 20).ToArray());

    private readonly MemoryEndDevices _store = new(Network);
    private readonly NetworkServer _server;

    public NetworkServerTests() => _server = new NetworkServer(_store, new JoinServer(Network, RxDelay: 1), TimeProvider.System);

    public static TheoryData<string, bool> Kinds() => new() { { "EU868", false }, { "EU868", true }, { "US915", false }, { "US915", true }, { "AU915", false }, { "AS923-1", true }, { "IN865", false }, { "KR920", true } };

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Sensor_joins_sends_and_is_answered(string region, bool is11)
    {
        var sensor = await JoinedAsync(region, is11);
        for (var i = 0; i < 30; i++)
        {
            var answer = await HearAsync(sensor, sensor.Send(10, [1, 2, (byte)i], confirmed: i % 2 == 1), snr: 50);
            Assert.Equal(UplinkRefusal.None, answer.Refusal);
            Assert.Equal([1, 2, (byte)i], answer.Uplink!.Payload.ToArray());
            Assert.True(answer.IsDelivered);
            if (answer.Downlink is not { } downlink)
            {
                Assert.Equal(0, i % 2);
                continue;
            }
            Assert.True(sensor.TryReceive(downlink.Frame, out var read));
            Assert.Equal(i % 2 == 1, read.IsAck);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Queued_downlinks_arrive_in_order_and_are_acknowledged(string region, bool is11)
    {
        var sensor = await JoinedAsync(region, is11);
        _store.Queue(sensor.Device.DevEui, new QueuedDownlink("first", 5, new byte[] { 9, 9 }, Confirmed: true));
        _store.Queue(sensor.Device.DevEui, new QueuedDownlink("second", 6, new byte[] { 8 }, Confirmed: false));
        var answer = await HearAsync(sensor, sensor.Send(1, [0]));
        Assert.Equal("first", answer.SentDownlink);
        Assert.True(sensor.TryReceive(answer.Downlink!.Frame, out var read));
        Assert.Equal([9, 9], read.Payload);
        Assert.Equal((byte)5, read.Port);
        answer = await HearAsync(sensor, sensor.Send(1, [0]));
        Assert.True(answer.AcknowledgesDownlink);
        Assert.Equal("second", answer.SentDownlink);
        Assert.True(sensor.TryReceive(answer.Downlink!.Frame, out read));
        Assert.Equal([8], read.Payload);
        answer = await HearAsync(sensor, sensor.Send(1, [0]));
        Assert.Null(answer.SentDownlink);
        Assert.False(answer.AcknowledgesDownlink);
    }

    [Fact]
    public async Task Join_answer_is_timed_five_and_six_seconds_after_and_a_data_answer_one_and_two()
    {
        var (sensor, request) = Register("EU868", false);
        var join = await HearAsync(sensor, request, timestamp: uint.MaxValue - 1_000_000);
        Assert.Equal(3_999_999u, join.Downlink!.Rx1!.Value.Timestamp);
        Assert.Equal(4_999_999u, join.Downlink.Rx2.Timestamp);
        Assert.True(sensor.TryAccept(join.Downlink.Frame));
        var data = await HearAsync(sensor, sensor.Send(1, [1], confirmed: true), timestamp: 10);
        Assert.Equal(new TxWindow(1_000_010, 868_100_000, DataRate.LoRa(12, 125), 14), data.Downlink!.Rx1);
        Assert.Equal(new TxWindow(2_000_010, 869_525_000, DataRate.LoRa(12, 125), 27), data.Downlink.Rx2);
    }

    [Fact]
    public async Task Adaptive_data_rate_settles_at_what_the_link_bears()
    {
        var sensor = await JoinedAsync("EU868", false);
        // 0 dB at SF12: 20 dB above the floor, 10 dB of margin: three steps; at SF9, then 12.5 dB above its floor, nothing more.
        for (var i = 0; i < 60; i++)
        {
            var answer = await HearAsync(sensor, sensor.Send(1, [1]), snr: 0);
            if (answer.Downlink is { } downlink) Assert.True(sensor.TryReceive(downlink.Frame, out _));
        }
        Assert.Equal(DataRate.LoRa(9, 125), sensor.Modulation);
        Assert.Equal(0, sensor.Power);
        // 12 dB at full power, 2 dB less with each power step: at SF7 and 4 dB the margin is less than a step.
        for (var i = 0; i < 120; i++)
        {
            var answer = await HearAsync(sensor, sensor.Send(1, [1]), snr: (short)(120 - 20 * sensor.Power));
            if (answer.Downlink is { } downlink) Assert.True(sensor.TryReceive(downlink.Frame, out _));
        }
        Assert.Equal(DataRate.LoRa(7, 125), sensor.Modulation);
        Assert.Equal(4, sensor.Power);
    }

    [Fact]
    public async Task Status_is_asked_and_noted()
    {
        var sensor = await JoinedAsync("EU868", false);
        var answer = await HearAsync(sensor, sensor.Send(1, [1]));
        Assert.True(sensor.TryReceive(answer.Downlink!.Frame, out var read));
        Assert.Contains(read.Commands, command => command.Id == MacCommandId.DevStatus);
        answer = await HearAsync(sensor, sensor.Send(1, [1]));
        Assert.Equal((byte)191, answer.Session!.Battery);
        Assert.Equal((sbyte)10, answer.Session.Margin);
    }

    [Fact]
    public async Task Frame_heard_again_is_a_repetition_and_an_older_one_a_replay()
    {
        var sensor = await JoinedAsync("EU868", false);
        var first = sensor.Send(1, [1]);
        var second = sensor.Send(1, [2]);
        await HearAsync(sensor, first);
        await HearAsync(sensor, second);
        var again = await HearAsync(sensor, second);
        Assert.Equal(UplinkRefusal.None, again.Refusal);
        Assert.False(again.IsDelivered);
        Assert.Equal(0, again.PayloadBytes);
        Assert.Equal(UplinkRefusal.Replayed, (await HearAsync(sensor, first)).Refusal);
    }

    [Fact]
    public async Task Altered_frame_has_a_bad_code_and_an_unknown_address_nobody()
    {
        var sensor = await JoinedAsync("EU868", false);
        var frame = sensor.Send(1, [1]);
        frame[^5] ^= 1;
        Assert.Equal(UplinkRefusal.BadMic, (await HearAsync(sensor, frame)).Refusal);
        frame[1] ^= 0xFF;
        Assert.Equal(UplinkRefusal.UnknownDevice, (await HearAsync(sensor, frame)).Refusal);
    }

    [Fact]
    public async Task Counter_far_ahead_is_refused_and_one_within_the_gap_followed()
    {
        var sensor = await JoinedAsync("EU868", false);
        for (var i = 0; i < UplinkReader.MaxGap; i++) sensor.Send(1, []);
        Assert.Equal(UplinkRefusal.None, (await HearAsync(sensor, sensor.Send(1, [1]))).Refusal);
        for (var i = 0; i < UplinkReader.MaxGap + 1; i++) sensor.Send(1, []);
        Assert.Equal(UplinkRefusal.CounterJump, (await HearAsync(sensor, sensor.Send(1, [1]))).Refusal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Join_replayed_is_refused_and_the_session_stays(bool is11)
    {
        var (sensor, request) = Register("EU868", is11);
        var join = await HearAsync(sensor, request);
        Assert.True(sensor.TryAccept(join.Downlink!.Frame));
        Assert.Equal(UplinkRefusal.NonceReplayed, (await HearAsync(sensor, request)).Refusal);
        Assert.Equal(UplinkRefusal.None, (await HearAsync(sensor, sensor.Send(1, [1]))).Refusal);
    }

    [Fact]
    public async Task Join_under_a_wrong_key_is_refused()
    {
        var (sensor, _) = Register("EU868", false);
        var stranger = new VirtualSensor(sensor.Device with { Root = sensor.Device.Root! with { NwkKey = AesKey.Random() } }, RegionPlans.Eu868);
        Assert.Equal(UplinkRefusal.BadMic, (await HearAsync(stranger, stranger.Join())).Refusal);
    }

    [Fact]
    public async Task Devices_that_share_an_address_are_told_apart_by_their_keys()
    {
        var address = new DevAddr(0x78000001);
        var sensors = Enumerable.Range(0, 3).Select(i =>
        {
            var device = new EndDevice { DevEui = new Eui64((ulong)i + 1), Organisation = Organisation, Region = "EU868", StatusDays = 0, Adr = false };
            var keys = SessionKeys.Of10(AesKey.Random(), AesKey.Random());
            _store.Add(device, EndDeviceSession.Start(device.DevEui, address, keys, RegionPlans.Eu868) with { AddedChannels = 5 });
            var sensor = new VirtualSensor(device, RegionPlans.Eu868);
            sensor.Personalise(address, keys);
            return sensor;
        }).ToList();
        foreach (var sensor in sensors.Concat(sensors))
        {
            var answer = await HearAsync(sensor, sensor.Send(1, [5]));
            Assert.Equal(sensor.Device.DevEui, answer.Device!.DevEui);
            Assert.Equal([5], answer.Uplink!.Payload.ToArray());
        }
    }

    [Fact]
    public async Task Answer_goes_by_the_gateway_that_heard_best()
    {
        var sensor = await JoinedAsync("EU868", false);
        var copies = new[] { (1, -900, 20), (2, -1100, 75), (3, -1000, 75) };
        var heard = new HeardFrame(sensor.Send(1, [1], confirmed: true), 868_100_000, sensor.Modulation,
            [.. copies.Select(copy => new Reception(Gateway(copy.Item1), (uint)copy.Item1 * 100, (short)copy.Item2, (short)copy.Item3, 0)).OrderByDescending(copy => copy.Snr).ThenByDescending(copy => copy.Rssi)]);
        var answer = await _server.HearAsync(heard, TestContext.Current.CancellationToken);
        Assert.Equal(Gateway(3), answer.Downlink!.Gateway);
        Assert.Equal(1_000_300u, answer.Downlink.Rx1!.Value.Timestamp);
    }

    private async Task<VirtualSensor> JoinedAsync(string region, bool is11)
    {
        var (sensor, request) = Register(region, is11);
        var answer = await HearAsync(sensor, request);
        Assert.True(answer.IsJoin);
        Assert.True(sensor.TryAccept(answer.Downlink!.Frame));
        return sensor;
    }

    private (VirtualSensor Sensor, byte[] Request) Register(string region, bool is11)
    {
        Assert.True(RegionPlans.TryFind(region, out var plan));
        var key = AesKey.Random();
        var device = new EndDevice { DevEui = new Eui64(0x70B3D57ED0000001), Organisation = Organisation, Region = region, Is11 = is11, Root = new RootKeys(new Eui64(1), key, is11 ? AesKey.Random() : key) };
        _store.Add(device);
        var sensor = new VirtualSensor(device, plan);
        return (sensor, sensor.Join());
    }

    private Task<NetworkAnswer> HearAsync(VirtualSensor sensor, byte[] frame, short snr = -50, uint timestamp = 0)
    {
        RegionPlans.TryFind(sensor.Device.Region, out var plan);
        return _server.HearAsync(new HeardFrame(frame, plan.Channels[0].Frequency, sensor.Modulation, [new Reception(Gateway(1), timestamp, -1000, snr, 0)]), TestContext.Current.CancellationToken);
    }

    private static DeviceId Gateway(int number) => new(new Bytes32(Enumerable.Repeat((byte)number, 32).ToArray()));
}
