using Turnpike.Networks.Wireless.Protocol.LoRaWan;

namespace Turnpike.Networks.Wireless.Service;

/// <summary>
/// The network's side of the MAC commands: takes the device's answers and questions, and says what to answer and to ask next. What was asked is remembered and asked again in the
/// next downlink until the device answers; a device that refuses is not asked the same again until its samples start anew.
/// </summary>
public static class MacDialogue
{
    private const long DayMilliseconds = 86_400_000;

    /// <summary>Applies the device's commands; answers are what must go into the next downlink.</summary>
    public static EndDeviceSession Hear(EndDeviceSession session, Uplink uplink, HeardFrame heard, long now, out List<MacCommand> answers)
    {
        answers = [];
        foreach (var command in uplink.Commands) session = Hear(session, command, heard, now, answers);
        return session;
    }

    /// <summary>What to ask now: adaptive data rate, missing channels, receive windows, status.</summary>
    public static EndDeviceSession Ask(EndDeviceSession session, EndDevice device, DataFrame frame, RegionPlan plan, long now, List<MacCommand> questions)
    {
        session = AskChannels(session, plan, questions);
        session = AskWindows(session, plan, questions);
        if (device.Adr && frame.Adr) session = AskAdr(session, plan, questions);
        if (device.StatusDays > 0 && now - session.StatusAskedAt >= device.StatusDays * DayMilliseconds)
        {
            questions.Add(MacCommand.DevStatusReq());
            session = session with { StatusAskedAt = now };
        }
        return session;
    }

    private static EndDeviceSession Hear(EndDeviceSession session, MacCommand command, HeardFrame heard, long now, List<MacCommand> answers)
    {
        var fields = command.Fields.Span;
        switch (command.Id)
        {
            case MacCommandId.LinkCheck:
                var margin = Math.Clamp((heard.Best.Snr - heard.DataRate.RequiredSnr) / 10, 0, 254);
                answers.Add(MacCommand.LinkCheckAns((byte)margin, (byte)Math.Min(heard.Receptions.Count, byte.MaxValue)));
                return session;
            case MacCommandId.DeviceTime:
                answers.Add(GpsTime.Answer(now));
                return session;
            case MacCommandId.Rekey:
                answers.Add(MacCommand.RekeyConf());
                return session;
            case MacCommandId.Reset:
                answers.Add(MacCommand.ResetConf());
                return session;
            case MacCommandId.DevStatus:
                // Six bits, two's complement.
                return session with { Battery = fields[0], Margin = (sbyte)((sbyte)(fields[1] << 2) >> 2) };
            case MacCommandId.LinkAdr when session.AskedAdr is { } asked:
                var settled = session with { AskedAdr = null, Samples = [] };
                return (fields[0] & 7) == 7 ? settled with { DataRate = asked.DataRate, Power = asked.Power, Repetitions = asked.Repetitions } : settled;
            case MacCommandId.NewChannel when session.AskedChannel is { } channel:
                return session with { AskedChannel = null, AddedChannels = (fields[0] & 3) == 3 ? (byte)(channel + 1) : session.AddedChannels };
            case MacCommandId.RxParamSetup when session.AskedRx is { } rx:
                return (fields[0] & 7) == 7
                    ? session with { AskedRx = null, Rx1Offset = rx.Rx1Offset, Rx2DataRate = rx.Rx2DataRate, Rx2Frequency = rx.Rx2Frequency }
                    : session with { AskedRx = null };
            default:
                return session;
        }
    }

    private static EndDeviceSession AskAdr(EndDeviceSession session, RegionPlan plan, List<MacCommand> questions)
    {
        var wanted = session.AskedAdr ?? AdaptiveDataRate.Choose(session, plan);
        if (wanted == (session.DataRate, session.Power, session.Repetitions)) return session;
        foreach (var (mask, control) in Masks(session, plan)) questions.Add(MacCommand.LinkAdrReq(wanted.DataRate, wanted.Power, mask, control, wanted.Repetitions));
        return session with { AskedAdr = wanted };
    }

    // Dynamic plans: one mask of the default and added channels. Plans of 72: all off but the sub-band (control 7 with its 500 kHz channel), then its eight; or all on.
    private static IEnumerable<(ushort Mask, byte Control)> Masks(EndDeviceSession session, RegionPlan plan)
    {
        if (!plan.HasFixedChannels) yield return ((ushort)((1 << (plan.Channels.Count + session.AddedChannels)) - 1), 0);
        else if (session.SubBand is { } band)
        {
            yield return ((ushort)(1 << band), 7);
            yield return ((ushort)(0xFF << 8 * (band % 2)), (byte)(band / 2));
        }
        else yield return (0xFF, 6);
    }

    private static EndDeviceSession AskChannels(EndDeviceSession session, RegionPlan plan, List<MacCommand> questions)
    {
        if (plan.HasFixedChannels || session.AddedChannels >= plan.AddedChannels.Count) return session;
        var index = session.AskedChannel ?? session.AddedChannels;
        var channel = plan.AddedChannels[index];
        questions.Add(MacCommand.NewChannelReq((byte)(plan.Channels.Count + index), channel.Frequency, channel.MinDataRate, channel.MaxDataRate));
        return session with { AskedChannel = index };
    }

    private static EndDeviceSession AskWindows(EndDeviceSession session, RegionPlan plan, List<MacCommand> questions)
    {
        if (session.Rx2DataRate == plan.Rx2DataRate && session.Rx2Frequency == plan.Rx2Frequency) return session;
        questions.Add(MacCommand.RxParamSetupReq(session.Rx1Offset, plan.Rx2DataRate, plan.Rx2Frequency));
        return session with { AskedRx = (session.Rx1Offset, plan.Rx2DataRate, plan.Rx2Frequency) };
    }
}
