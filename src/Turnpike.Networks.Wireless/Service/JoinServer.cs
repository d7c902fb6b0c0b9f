using System.Buffers.Binary;
using Turnpike.Networks.Wireless.Protocol.LoRaWan;

namespace Turnpike.Networks.Wireless.Service;

/// <summary>
/// What a device's joins left: a nonce of a device may be used once. Devices of 1.0.x up to 1.0.3 draw them by chance, later ones count; both are held to "never twice".
/// </summary>
/// <param name="UsedNonces">One bit a nonce, 8 KiB at most; as long as its highest bit needs.</param>
/// <param name="NextJoinNonce">The network's own nonce, 24 bits, counting up.</param>
public sealed record JoinHistory(ReadOnlyMemory<byte> UsedNonces, uint NextJoinNonce)
{
    /// <summary>Before the first join.</summary>
    public static JoinHistory None { get; } = new(ReadOnlyMemory<byte>.Empty, 1);

    /// <summary>Whether a nonce was used.</summary>
    public bool Has(ushort nonce) => nonce / 8 < UsedNonces.Length && (UsedNonces.Span[nonce / 8] & 1 << nonce % 8) != 0;

    /// <summary>With one more used nonce and the network's next.</summary>
    public JoinHistory After(ushort nonce)
    {
        var bits = new byte[Math.Max(UsedNonces.Length, nonce / 8 + 1)];
        UsedNonces.CopyTo(bits);
        bits[nonce / 8] |= (byte)(1 << nonce % 8);
        return new JoinHistory(bits, NextJoinNonce + 1);
    }
}

/// <summary>A join that the network grants.</summary>
/// <param name="Answer">The join-accept as it goes on the air.</param>
/// <param name="Session">The device's new session.</param>
/// <param name="History">To be stored before the answer leaves.</param>
public sealed record GrantedJoin(byte[] Answer, EndDeviceSession Session, JoinHistory History);

/// <summary>Lets devices in, LoRaWAN 1.0.x and 1.1.</summary>
/// <param name="NetId">The network.</param>
/// <param name="RxDelay">Seconds from uplink to RX1 that devices are told: long enough for the way through the internet.</param>
public sealed record JoinServer(NetId NetId, byte RxDelay)
{
    private const uint MaxJoinNonce = 0xFFFFFF;

    /// <summary>Answers a join request of a registered device.</summary>
    /// <param name="device">The device, activated over the air.</param>
    /// <param name="frame">The request as it was on the air.</param>
    /// <param name="request">The same, read.</param>
    /// <param name="history">Its earlier joins.</param>
    /// <param name="address">A free address of the network.</param>
    /// <param name="plan">The device's region.</param>
    /// <param name="join">What to store and to send.</param>
    public UplinkRefusal Grant(EndDevice device, ReadOnlySpan<byte> frame, JoinRequest request, JoinHistory history, DevAddr address, RegionPlan plan, out GrantedJoin join)
    {
        join = null!;
        if (device.Root is not { } root || root.JoinEui != request.JoinEui) return UplinkRefusal.UnknownDevice;
        if (JoinRequest.ExpectedMic(frame, root.NwkKey) != request.Mic) return UplinkRefusal.BadMic;
        // 1.1 counts: a nonce below the highest used one is a replay too.
        if (history.Has(request.DevNonce) || history.NextJoinNonce > MaxJoinNonce || (device.Is11 && request.DevNonce < 8 * history.UsedNonces.Length && IsBelowHighest(history, request.DevNonce))) return UplinkRefusal.NonceReplayed;
        var nonce = history.NextJoinNonce;
        var keys = device.Is11
            ? SessionKeys.Derive11(root.NwkKey, root.AppKey, nonce, root.JoinEui, request.DevNonce)
            : SessionKeys.Derive10(root.AppKey, nonce, NetId, request.DevNonce);
        var accept = new JoinAccept { JoinNonce = nonce, NetId = NetId, Address = address, OptNeg = device.Is11, Rx2DataRate = plan.Rx2DataRate, RxDelay = RxDelay, ChannelList = ChannelList(plan) };
        var integrity = device.Is11 ? SessionKeys.JoinIntegrity(root.NwkKey, device.DevEui) : root.NwkKey;
        var session = EndDeviceSession.Start(device.DevEui, address, keys, plan) with { RxDelay = RxDelay, AddedChannels = (byte)Math.Min(plan.AddedChannels.Count, 5) };
        join = new GrantedJoin(accept.Write(root.NwkKey, integrity, root.JoinEui, request.DevNonce), session, history.After(request.DevNonce));
        return UplinkRefusal.None;
    }

    // Type 0: up to five frequencies in units of 100 Hz. Plans of 72 channels start with all of them.
    private static byte[] ChannelList(RegionPlan plan)
    {
        if (plan.AddedChannels.Count == 0) return [];
        var list = new byte[JoinAccept.ChannelListLength];
        // Each write's fourth byte is zero and belongs to the next frequency, or to the list's type.
        for (var i = 0; i < Math.Min(plan.AddedChannels.Count, 5); i++) BinaryPrimitives.WriteUInt32LittleEndian(list.AsSpan(3 * i), plan.AddedChannels[i].Frequency / 100);
        return list;
    }

    private static bool IsBelowHighest(JoinHistory history, ushort nonce)
    {
        for (var later = nonce + 1; later < 8 * history.UsedNonces.Length; later++)
            if (history.Has((ushort)later)) return true;
        return false;
    }
}
