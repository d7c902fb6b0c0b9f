using Turnpike.Networks.Wireless.Protocol.LoRaWan;

namespace Turnpike.Networks.Wireless.Service;

/// <summary>
/// The LoRaWAN network server. A merged frame becomes an answer in named steps: find the device, prove and decrypt, note what was measured, hear its commands, decide
/// what to ask, write the downlink, store the session. Only then does anything leave: counters are durable before the frame that uses them.
/// Frames of one device are handled one after another, of different devices at once.
/// </summary>
public sealed class NetworkServer(IEndDeviceStore store, JoinServer joins, TimeProvider time)
{
    private const int LockStripes = 1024;
    private const byte JoinRx1Seconds = 5;

    private readonly SemaphoreSlim[] _locks = [.. Enumerable.Range(0, LockStripes).Select(_ => new SemaphoreSlim(1, 1))];

    /// <summary>Handles a frame with all its copies.</summary>
    public async Task<NetworkAnswer> HearAsync(HeardFrame heard, CancellationToken cancellation)
    {
        if (!FrameHeader.TryRead(heard.Frame.Span, out var type, out _)) return new NetworkAnswer(UplinkRefusal.NotAFrame);
        return type switch
        {
            FrameType.JoinRequest => await JoinAsync(heard, cancellation),
            FrameType.UnconfirmedUp or FrameType.ConfirmedUp => await DataAsync(heard, cancellation),
            _ => new NetworkAnswer(UplinkRefusal.NotAFrame),
        };
    }

    private async Task<NetworkAnswer> JoinAsync(HeardFrame heard, CancellationToken cancellation)
    {
        if (!JoinRequest.TryRead(heard.Frame.Span, out var request, out _)) return new NetworkAnswer(UplinkRefusal.NotAFrame);
        using var turn = await TakeAsync(request.DevEui, cancellation);
        if (await store.FindAsync(request.DevEui, cancellation) is not { } found || !RegionPlans.TryFind(found.Device.Region, out var plan)) return new NetworkAnswer(UplinkRefusal.UnknownDevice);
        if (!plan.TryFindDataRate(heard.DataRate, out _) || !plan.TryFindChannel(heard.Frequency, out _)) return new NetworkAnswer(UplinkRefusal.NotInRegion, found.Device);
        // The device would not hear of its new session and try again with the next nonce.
        if (!heard.IsAnswerable) return new NetworkAnswer(UplinkRefusal.Late, found.Device);
        var address = await store.AddressForAsync(request.DevEui, cancellation);
        var refusal = joins.Grant(found.Device, heard.Frame.Span, request, found.Joins, address, plan, out var join);
        if (refusal != UplinkRefusal.None) return new NetworkAnswer(refusal, found.Device);
        await store.SaveAsync(join, cancellation);
        return new NetworkAnswer(UplinkRefusal.None, found.Device, IsJoin: true, Session: join.Session,
            Downlink: Downlink.After(heard, join.Answer, JoinRx1Seconds, 0, plan.Rx2DataRate, plan.Rx2Frequency, plan));
    }

    private async Task<NetworkAnswer> DataAsync(HeardFrame heard, CancellationToken cancellation)
    {
        if (!DataFrame.TryRead(heard.Frame, out var frame, out _)) return new NetworkAnswer(UplinkRefusal.NotAFrame);
        var refused = new NetworkAnswer(UplinkRefusal.UnknownDevice);
        foreach (var (candidate, _) in await store.FindAsync(frame.Address, cancellation))
        {
            using var turn = await TakeAsync(candidate.DevEui, cancellation);
            // Again, now that nobody else changes it.
            var now = (await store.FindAsync(frame.Address, cancellation)).FirstOrDefault(entry => entry.Device.DevEui == candidate.DevEui);
            if (now.Device is null || !RegionPlans.TryFind(now.Device.Region, out var plan)) continue;
            var refusal = UplinkReader.Read(frame, heard, now.Session, plan, out var uplink);
            if (refusal == UplinkRefusal.None) return await TakeAsync(now.Device, now.Session, uplink, heard, plan, cancellation);
            // Several devices may share the address: a wrong code under one key says nothing yet.
            if (refused.Refusal is UplinkRefusal.UnknownDevice || refusal != UplinkRefusal.BadMic) refused = new NetworkAnswer(refusal, refusal == UplinkRefusal.BadMic ? null : now.Device);
        }
        return refused;
    }

    private async Task<NetworkAnswer> TakeAsync(EndDevice device, EndDeviceSession before, Uplink uplink, HeardFrame heard, RegionPlan plan, CancellationToken cancellation)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var commands = new List<MacCommand>();
        var acknowledged = uplink is { Frame.Ack: true, IsRepetition: false } && before.Unacknowledged is not null;
        var session = before;
        if (!uplink.IsRepetition)
        {
            session = Measure(session, uplink, heard, now);
            session = MacDialogue.Hear(session, uplink, heard, now, out commands);
        }
        if (!heard.IsAnswerable)
        {
            await store.SaveAsync(session, null, cancellation);
            return new NetworkAnswer(UplinkRefusal.None, device, Uplink: uplink, Session: session, AcknowledgesDownlink: acknowledged);
        }
        var answersOwed = commands.Count > 0 || uplink.Frame.IsConfirmed || uplink.Frame.AdrAckRequest;
        session = MacDialogue.Ask(session, device, uplink.Frame, plan, now, commands);
        var (queued, more) = await store.QueuedAsync(device.DevEui, cancellation);
        if (!answersOwed && queued is null && commands.Count == 0)
        {
            await store.SaveAsync(session, null, cancellation);
            return new NetworkAnswer(UplinkRefusal.None, device, Uplink: uplink, Session: session, AcknowledgesDownlink: acknowledged);
        }
        session = DownlinkBuilder.Build(session, uplink.Frame.IsConfirmed ? uplink.Counter : null, commands, queued, more, device.Adr, MaxPayload(uplink, session, plan), out var frame, out var carries);
        var sent = carries ? queued!.Id : null;
        await store.SaveAsync(session, sent, cancellation);
        // The windows are those that the device has now; what this frame asks for takes effect after it.
        var downlink = Downlink.After(heard, frame, before.RxDelay, before.Rx1Offset, before.Rx2DataRate, before.Rx2Frequency, plan);
        return new NetworkAnswer(UplinkRefusal.None, device, Uplink: uplink, Session: session, Downlink: downlink, SentDownlink: sent, AcknowledgesDownlink: acknowledged);
    }

    private static EndDeviceSession Measure(EndDeviceSession session, Uplink uplink, HeardFrame heard, long now)
    {
        var samples = uplink.DataRate == session.DataRate ? session.Samples : [];
        return session with
        {
            NextUp = uplink.Counter + 1,
            DataRate = uplink.DataRate,
            Samples = [.. samples.Skip(Math.Max(0, samples.Count - EndDeviceSession.MaxSamples + 1)), new LinkSample(uplink.Counter, heard.Best.Snr)],
            Unacknowledged = uplink.Frame.Ack ? null : session.Unacknowledged,
            LastHeardAt = now,
        };
    }

    // The frame may have to go out in RX2: it must fit both windows.
    private static int MaxPayload(Uplink uplink, EndDeviceSession session, RegionPlan plan)
    {
        var second = plan.MaxPayloads[session.Rx2DataRate];
        return uplink.DataRate < plan.Rx1DataRates.Count && session.Rx1Offset < plan.Rx1DataRates[uplink.DataRate].Count
            ? Math.Min(second, plan.MaxPayloads[plan.Rx1DataRates[uplink.DataRate][session.Rx1Offset]])
            : second;
    }

    private async Task<Turn> TakeAsync(Eui64 devEui, CancellationToken cancellation)
    {
        var stripe = _locks[(int)((devEui.Value * 0x9E3779B97F4A7C15) >> 54)];
        await stripe.WaitAsync(cancellation);
        return new Turn(stripe);
    }

    private readonly struct Turn(SemaphoreSlim stripe) : IDisposable
    {
        public void Dispose() => stripe.Release();
    }
}
