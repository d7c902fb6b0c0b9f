using Turnpike.Networks.Wireless.Protocol.LoRaWan;

namespace Turnpike.Networks.Wireless.Service;

/// <summary>An uplink that is the device's: counter, commands and payload in the clear.</summary>
/// <param name="Frame">As it was on the air.</param>
/// <param name="Counter">All 32 bits.</param>
/// <param name="DataRate">Index in the region.</param>
/// <param name="IsRepetition">The device sent its last frame again: nothing new in it, but it may want the acknowledgement again.</param>
/// <param name="Commands">MAC commands.</param>
/// <param name="Payload">Decrypted; empty without port and under port 0.</param>
public sealed record Uplink(DataFrame Frame, uint Counter, byte DataRate, bool IsRepetition, IReadOnlyList<MacCommand> Commands, ReadOnlyMemory<byte> Payload);

/// <summary>Proves and decrypts an uplink against a session.</summary>
public static class UplinkReader
{
    /// <summary>Counters that a device may skip (LoRaWAN 1.0.3, MAX_FCNT_GAP).</summary>
    public const uint MaxGap = 16_384;

    /// <summary>Reads an uplink; the refusal says why it is not this session's.</summary>
    public static UplinkRefusal Read(DataFrame frame, HeardFrame heard, EndDeviceSession session, RegionPlan plan, out Uplink uplink)
    {
        uplink = null!;
        if (frame.IsDown) return UplinkRefusal.NotAFrame;
        if (!plan.TryFindDataRate(heard.DataRate, out var rate) || !plan.TryFindChannel(heard.Frequency, out var channel)) return UplinkRefusal.NotInRegion;
        if (!FrameCounters.TryExtend(session.NextUp, frame.FrameCounter, out var counter)) return UplinkRefusal.Replayed;
        if (!IsSigned(frame, heard.Frame.Span, session, counter, rate, channel)) return WasSigned(frame, heard.Frame.Span, session, rate, channel) ? UplinkRefusal.Replayed : UplinkRefusal.BadMic;
        if (counter >= session.NextUp && counter - session.NextUp > MaxGap) return UplinkRefusal.CounterJump;
        uplink = Decrypt(frame, counter, rate, isRepetition: counter < session.NextUp, session);
        return UplinkRefusal.None;
    }

    private static bool IsSigned(DataFrame frame, ReadOnlySpan<byte> bytes, EndDeviceSession session, uint counter, byte rate, int channel)
    {
        var signed = bytes[..^FrameHeader.MicLength];
        if (!session.Keys.Is11) return FrameSecurity.Mic10(session.Keys.FNwkSInt, isDown: false, session.Address, counter, signed) == frame.Mic;
        var context = new UplinkContext(frame.Ack ? session.Unacknowledged ?? 0 : (ushort)0, rate, (byte)channel);
        return FrameSecurity.MicUp11(session.Keys.SNwkSInt, session.Keys.FNwkSInt, context, session.Address, counter, signed) == frame.Mic;
    }

    // An old frame of the device is a replay, not a forgery: the operator who hears somebody replay his neighbour's frames should read the right reason.
    private static bool WasSigned(DataFrame frame, ReadOnlySpan<byte> bytes, EndDeviceSession session, byte rate, int channel)
    {
        if (session.NextUp == 0) return false;
        var last = session.NextUp - 1;
        var behind = (ushort)((ushort)last - frame.FrameCounter);
        return behind <= last && IsSigned(frame, bytes, session, last - behind, rate, channel);
    }

    private static Uplink Decrypt(DataFrame frame, uint counter, byte rate, bool isRepetition, EndDeviceSession session)
    {
        var options = frame.Options.ToArray();
        if (session.Keys.Is11 && options.Length > 0) FrameSecurity.CryptOptions(session.Keys.NwkSEnc, isDown: false, usesApplicationCounter: false, session.Address, counter, options, options);
        var payload = frame.Payload.ToArray();
        FrameSecurity.CryptPayload(frame.Port == 0 ? session.Keys.NwkSEnc : session.Keys.AppS, isDown: false, session.Address, counter, payload, payload);
        var commands = MacCommand.Read(frame.Port == 0 ? payload : options, isDown: false, out _);
        return new Uplink(frame, counter, rate, isRepetition, commands, frame.Port is null or 0 ? ReadOnlyMemory<byte>.Empty : payload);
    }
}
