using System.Buffers.Binary;
using Turnpike.Networks.Wireless.Protocol.LoRaWan;

namespace Turnpike.Networks.Wireless.Service;

/// <summary>What a customer wants to send to a device.</summary>
/// <param name="Id">His own name for it.</param>
/// <param name="Port">1 to 223.</param>
/// <param name="Payload">Plain.</param>
/// <param name="Confirmed">Whether the device is to acknowledge it.</param>
public sealed record QueuedDownlink(string Id, byte Port, ReadOnlyMemory<byte> Payload, bool Confirmed);

/// <summary>Writes downlink frames and advances the session's counters.</summary>
public static class DownlinkBuilder
{
    /// <summary>A frame for a device; the session returned must be stored before the frame leaves, so that no counter is used twice.</summary>
    /// <param name="session">The device's session.</param>
    /// <param name="acknowledges">The counter of the confirmed uplink that it answers; null for none.</param>
    /// <param name="commands">MAC commands; those that do not fit beside the payload are left out and stay unanswered, so they are asked again.</param>
    /// <param name="application">The customer's payload; null for none. One that does not fit beside the commands stays for the next time.</param>
    /// <param name="more">Whether another one waits.</param>
    /// <param name="adr">Whether the network steers the device's data rate.</param>
    /// <param name="maxPayload">Most bytes of FRMPayload in the window used; 0 leaves no payload.</param>
    /// <param name="frame">The frame as it goes on the air.</param>
    /// <param name="carries">Whether the customer's payload is in it.</param>
    public static EndDeviceSession Build(EndDeviceSession session, uint? acknowledges, IReadOnlyList<MacCommand> commands, QueuedDownlink? application, bool more, bool adr, int maxPayload, out byte[] frame, out bool carries)
    {
        if (application is { Port: 0 or > 223 }) throw new ArgumentException("Applications use the ports 1 to 223.", nameof(application));
        var options = Fit(commands, DataFrame.MaxOptionsBytes);
        if (application is not null && application.Payload.Length + options.Length > maxPayload) application = null;
        carries = application is not null;
        var usesApplicationCounter = session.Keys.Is11 && application is not null;
        var counter = usesApplicationCounter ? session.NextApplicationDown : session.NextDown;
        if (session.Keys.Is11) FrameSecurity.CryptOptions(session.Keys.NwkSEnc, isDown: true, usesApplicationCounter, session.Address, counter, options, options);
        var payload = application?.Payload.ToArray() ?? [];
        FrameSecurity.CryptPayload(session.Keys.AppS, isDown: true, session.Address, counter, payload, payload);
        var data = new DataFrame
        {
            Type = application is { Confirmed: true } ? FrameType.ConfirmedDown : FrameType.UnconfirmedDown,
            Address = session.Address,
            Adr = adr,
            Ack = acknowledges is not null,
            Pending = more,
            FrameCounter = (ushort)counter,
            Options = options,
            Port = application?.Port,
            Payload = payload,
        };
        frame = Sign(data.WriteWithoutMic(), session, counter, acknowledges);
        var next = usesApplicationCounter ? session with { NextApplicationDown = counter + 1 } : session with { NextDown = counter + 1 };
        return application is { Confirmed: true } ? next with { Unacknowledged = (ushort)counter } : next;
    }

    private static byte[] Sign(byte[] signed, EndDeviceSession session, uint counter, uint? acknowledges)
    {
        var mic = session.Keys.Is11
            ? FrameSecurity.MicDown11(session.Keys.SNwkSInt, session.Address, counter, acknowledges is { } up ? (ushort)up : (ushort)0, signed)
            : FrameSecurity.Mic10(session.Keys.SNwkSInt, isDown: true, session.Address, counter, signed);
        var frame = new byte[signed.Length + FrameHeader.MicLength];
        signed.CopyTo(frame, 0);
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(signed.Length), mic);
        return frame;
    }

    private static byte[] Fit(IReadOnlyList<MacCommand> commands, int room)
    {
        var fitting = new List<MacCommand>();
        foreach (var command in commands)
        {
            if (command.Length > room) break;
            room -= command.Length;
            fitting.Add(command);
        }
        return MacCommand.Write(fitting);
    }
}
