using System.Buffers.Binary;
using Turnpike.Networks.Wireless.Protocol.LoRaWan;
using Turnpike.Networks.Wireless.Service;

namespace Turnpike.Networks.Wireless.Virtual;

/// <summary>What a sensor reads from a downlink.</summary>
/// <param name="Port">Null without payload.</param>
/// <param name="Payload">Plain.</param>
/// <param name="IsAck">Whether it acknowledges the sensor's last confirmed uplink.</param>
/// <param name="Commands">The network's commands.</param>
public sealed record SensorDownlink(byte? Port, byte[] Payload, bool IsAck, IReadOnlyList<MacCommand> Commands);

/// <summary>
/// The device's side of LoRaWAN, class A, 1.0.x and 1.1: joins, counts, encrypts, proves what it hears, obeys MAC commands and answers them in its next uplink.
/// For networks without radio waves: demos, load and tests. Not thread-safe.
/// </summary>
public sealed class VirtualSensor(EndDevice device, RegionPlan plan)
{
    private readonly List<MacCommand> _answers = [];
    private SessionKeys? _keys;
    private uint _nextUp;
    private uint _nextDown;
    private uint _nextApplicationDown;
    private ushort _lastNonce;
    private ushort? _toAcknowledge;

    /// <summary>The registration.</summary>
    public EndDevice Device => device;

    /// <summary>Address after a join.</summary>
    public DevAddr Address { get; private set; }

    /// <summary>Whether it has a session.</summary>
    public bool IsJoined => _keys is not null;

    /// <summary>Index of the data rate it sends with.</summary>
    public byte DataRate { get; private set; } = plan.AdrRange.Min;

    /// <summary>Power index.</summary>
    public byte Power { get; private set; }

    /// <summary>Repetitions of each frame.</summary>
    public byte Repetitions { get; private set; } = 1;

    /// <summary>Channels it has: the region's and those that the network added.</summary>
    public List<Channel> Channels { get; } = [.. plan.Channels];

    /// <summary>Seconds to RX1.</summary>
    public byte RxDelay { get; private set; } = 1;

    /// <summary>How it modulates now.</summary>
    public DataRate Modulation => plan.DataRates[DataRate]!.Value;

    /// <summary>The next join request.</summary>
    public byte[] Join()
    {
        var root = device.Root ?? throw new InvalidOperationException("A device activated by personalisation does not join.");
        return JoinRequest.Write(root.JoinEui, device.DevEui, ++_lastNonce, root.NwkKey);
    }

    /// <summary>Takes the answer to the last join request; false when it is not for this device.</summary>
    public bool TryAccept(ReadOnlySpan<byte> frame)
    {
        var root = device.Root!;
        if (!JoinAccept.TryRead(frame, root.NwkKey, optNeg => optNeg ? SessionKeys.JoinIntegrity(root.NwkKey, device.DevEui) : root.NwkKey, root.JoinEui, _lastNonce, out var accept)) return false;
        _keys = accept.OptNeg ? SessionKeys.Derive11(root.NwkKey, root.AppKey, accept.JoinNonce, root.JoinEui, _lastNonce) : SessionKeys.Derive10(root.AppKey, accept.JoinNonce, accept.NetId, _lastNonce);
        Address = accept.Address;
        RxDelay = accept.RxDelay == 0 ? (byte)1 : accept.RxDelay;
        (_nextUp, _nextDown, _nextApplicationDown, _toAcknowledge) = (0, 0, 0, null);
        if (device.Is11) _answers.Add(new MacCommand(MacCommandId.Rekey, new byte[] { 1 }));
        AddChannels(accept.ChannelList.Span);
        return true;
    }

    /// <summary>Starts with a session of its own, activated by personalisation.</summary>
    public void Personalise(DevAddr address, SessionKeys keys) => (Address, _keys) = (address, keys);

    /// <summary>The next uplink.</summary>
    /// <param name="port">1 to 223.</param>
    /// <param name="payload">Plain.</param>
    /// <param name="confirmed">Whether it wants an acknowledgement.</param>
    /// <param name="channel">Index of the channel that it will be sent on: a 1.1 code covers it.</param>
    /// <param name="asksForAdr">Whether the data rate is the network's business.</param>
    public byte[] Send(byte port, ReadOnlySpan<byte> payload, bool confirmed = false, int channel = 0, bool asksForAdr = true)
    {
        var keys = _keys ?? throw new InvalidOperationException("The sensor has not joined.");
        var counter = _nextUp++;
        var options = MacCommand.Write(_answers);
        _answers.Clear();
        if (keys.Is11) FrameSecurity.CryptOptions(keys.NwkSEnc, isDown: false, usesApplicationCounter: false, Address, counter, options, options);
        var encrypted = new byte[payload.Length];
        FrameSecurity.CryptPayload(keys.AppS, isDown: false, Address, counter, payload, encrypted);
        var frame = new DataFrame
        {
            Type = confirmed ? FrameType.ConfirmedUp : FrameType.UnconfirmedUp,
            Address = Address,
            Adr = asksForAdr,
            Ack = _toAcknowledge is not null,
            FrameCounter = (ushort)counter,
            Options = options,
            Port = port,
            Payload = encrypted,
        };
        var signed = frame.WriteWithoutMic();
        var mic = keys.Is11
            ? FrameSecurity.MicUp11(keys.SNwkSInt, keys.FNwkSInt, new UplinkContext(_toAcknowledge ?? 0, DataRate, (byte)channel), Address, counter, signed)
            : FrameSecurity.Mic10(keys.FNwkSInt, isDown: false, Address, counter, signed);
        _toAcknowledge = null;
        var bytes = new byte[signed.Length + FrameHeader.MicLength];
        signed.CopyTo(bytes, 0);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(signed.Length), mic);
        return bytes;
    }

    /// <summary>Takes a downlink; false when it is not for this device, forged or old.</summary>
    public bool TryReceive(ReadOnlyMemory<byte> frame, out SensorDownlink downlink)
    {
        downlink = null!;
        if (_keys is not { } keys || !DataFrame.TryRead(frame, out var data, out _) || !data.IsDown || data.Address != Address) return false;
        var isApplication = keys.Is11 && data.Port > 0;
        if (!FrameCounters.TryExtend(isApplication ? _nextApplicationDown : _nextDown, data.FrameCounter, out var counter) || counter < (isApplication ? _nextApplicationDown : _nextDown)) return false;
        var acknowledged = data.Ack ? (ushort)(_nextUp - 1) : (ushort)0;
        var mic = keys.Is11
            ? FrameSecurity.MicDown11(keys.SNwkSInt, Address, counter, acknowledged, frame.Span[..^FrameHeader.MicLength])
            : FrameSecurity.Mic10(keys.SNwkSInt, isDown: true, Address, counter, frame.Span[..^FrameHeader.MicLength]);
        if (mic != data.Mic) return false;
        if (isApplication) _nextApplicationDown = counter + 1;
        else _nextDown = counter + 1;
        if (data.IsConfirmed) _toAcknowledge = data.FrameCounter;
        downlink = Open(data, counter, isApplication, keys);
        foreach (var command in downlink.Commands) Obey(command);
        return true;
    }

    private SensorDownlink Open(DataFrame data, uint counter, bool isApplication, SessionKeys keys)
    {
        var options = data.Options.ToArray();
        if (keys.Is11 && options.Length > 0) FrameSecurity.CryptOptions(keys.NwkSEnc, isDown: true, isApplication, Address, counter, options, options);
        var payload = data.Payload.ToArray();
        FrameSecurity.CryptPayload(data.Port == 0 ? keys.NwkSEnc : keys.AppS, isDown: true, Address, counter, payload, payload);
        return new SensorDownlink(data.Port, payload, data.Ack, MacCommand.Read(data.Port == 0 ? payload : options, isDown: true, out _));
    }

    private void Obey(MacCommand command)
    {
        var fields = command.Fields.Span;
        switch (command.Id)
        {
            case MacCommandId.LinkAdr:
                (DataRate, Power, Repetitions) = ((byte)(fields[0] >> 4), (byte)(fields[0] & 15), (byte)Math.Max(1, fields[3] & 15));
                _answers.Add(new MacCommand(MacCommandId.LinkAdr, new byte[] { 7 }));
                break;
            case MacCommandId.DevStatus:
                // Three quarters of the battery, 10 dB of margin.
                _answers.Add(new MacCommand(MacCommandId.DevStatus, new byte[] { 191, 10 }));
                break;
            case MacCommandId.NewChannel:
                AddChannel(fields[0], FrequencyOf(fields[1..]));
                _answers.Add(new MacCommand(MacCommandId.NewChannel, new byte[] { 3 }));
                break;
            case MacCommandId.RxParamSetup:
                _answers.Add(new MacCommand(MacCommandId.RxParamSetup, new byte[] { 7 }));
                break;
        }
    }

    private void AddChannels(ReadOnlySpan<byte> list)
    {
        for (var i = 0; i + 3 <= list.Length - 1; i += 3)
            if (FrequencyOf(list[i..]) is > 0 and var frequency) AddChannel(plan.Channels.Count + i / 3, frequency);
    }

    private void AddChannel(int index, uint frequency)
    {
        if (index == Channels.Count) Channels.Add(new Channel(frequency, 0, 5));
        else if (index < Channels.Count) Channels[index] = new Channel(frequency, 0, 5);
    }

    private static uint FrequencyOf(ReadOnlySpan<byte> units) => (uint)(units[0] | units[1] << 8 | units[2] << 16) * 100;
}
