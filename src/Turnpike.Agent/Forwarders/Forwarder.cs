using System.Net;
using Turnpike.Networks.Wireless.Protocol.Gwmp;
using Turnpike.Networks.Wireless.Protocol.Leg;
using Turnpike.Networks.Wireless.Protocol.LoRaWan;

namespace Turnpike.Agent.Forwarders;

/// <summary>
/// One packet forwarder, known by the gateway id that it says. Frames to send go to where its last PULL_DATA came from, whatever port that was: forwarders restart, and boxes between
/// them and us change ports. Thread-safe.
/// </summary>
internal sealed class Forwarder(Eui64 gateway, TimeProvider time)
{
    private static readonly TimeSpan PullMemory = TimeSpan.FromSeconds(60);

    private readonly Lock _lock = new();
    private readonly RecentReceptions _recent = new(time);
    private byte _version = 2;
    private long _pullTicks;
    private DateTimeOffset? _lastPush, _lastPull;
    private IPEndPoint? _downstream;
    private long _frames, _badCrc, _noCrc, _unreadable, _repeated, _sent;
    private GatewayStat? _stat;

    public Eui64 Gateway => gateway;

    public byte Version
    {
        get
        {
            lock (_lock) return _version;
        }
    }

    public ForwarderView View
    {
        get
        {
            lock (_lock)
                return new ForwarderView { Gateway = gateway, Version = _version, LastPush = _lastPush, LastPull = _lastPull, Downstream = _downstream, Frames = _frames, BadCrc = _badCrc, NoCrc = _noCrc, Unreadable = _unreadable, Repeated = _repeated, Sent = _sent, Stat = _stat };
        }
    }

    /// <summary>When it was heard last, in either way.</summary>
    public DateTimeOffset LastHeard
    {
        get
        {
            lock (_lock) return new[] { _lastPush, _lastPull }.Max() ?? DateTimeOffset.MinValue;
        }
    }

    public void NotePull(byte version, IPEndPoint from)
    {
        lock (_lock) (_version, _downstream, _lastPull, _pullTicks) = (version, from, time.GetUtcNow(), time.GetTimestamp());
    }

    /// <summary>Notes PUSH_DATA and picks the frames to take: those with a right check sum, each reception once.</summary>
    public List<RxPacket> NotePush(byte version, PushData data, out PushCounts counts)
    {
        counts = new PushCounts { Unreadable = data.Unreadable };
        var taken = new List<RxPacket>(data.Frames.Count);
        lock (_lock)
        {
            (_version, _lastPush, _stat) = (version, time.GetUtcNow(), data.Stat ?? _stat);
            foreach (var frame in data.Frames)
                if (frame.Crc == CrcStatus.Bad) counts.BadCrc++;
                else if (frame.Crc == CrcStatus.None) counts.NoCrc++;
                else if (!_recent.TryAdd(frame)) counts.Repeated++;
                else taken.Add(frame);
            _frames += taken.Count;
            _badCrc += counts.BadCrc;
            _noCrc += counts.NoCrc;
            _unreadable += counts.Unreadable;
            _repeated += counts.Repeated;
        }
        return taken;
    }

    public void NoteSent() => Interlocked.Increment(ref _sent);

    /// <summary>Where frames to send go; null when it did not ask for any within a minute.</summary>
    public IPEndPoint? DownstreamNow()
    {
        lock (_lock) return _downstream is not null && time.GetElapsedTime(_pullTicks) < PullMemory ? _downstream : null;
    }

    /// <summary>The reception of this concentrator that a frame to send answers.</summary>
    public bool TryFind(LegDownlink downlink, out uint timestamp, out long notedAt)
    {
        lock (_lock) return _recent.TryFind(downlink, out timestamp, out notedAt);
    }
}

/// <summary>What of a PUSH_DATA was not taken.</summary>
internal struct PushCounts
{
    public int Unreadable;
    public int BadCrc;
    public int NoCrc;
    public int Repeated;
}
