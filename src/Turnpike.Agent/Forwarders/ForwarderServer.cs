using System.Net;
using System.Net.Sockets;
using Turnpike.Agent.Settings;
using Turnpike.Networks.Wireless.Protocol.Gwmp;
using Turnpike.Networks.Wireless.Protocol.LoRaWan;

namespace Turnpike.Agent.Forwarders;

/// <summary>
/// The UDP port that packet forwarders send to: Semtech's protocol, versions 1 and 2. Every PUSH_DATA and PULL_DATA is acknowledged at once; forwarders repeat nothing, so the acknowledgement only
/// feeds their statistics. One loop reads; nothing in it waits. What is not taken is counted by code and answered by silence.
/// </summary>
internal sealed class ForwarderServer : IDisposable
{
    private const int ReceiveBufferBytes = 1 << 20;

    private readonly ListenSettings _settings;
    private readonly AgentCounts _counts;
    private readonly TimeProvider _time;
    private readonly Action<long, RxPacket> _heard;
    private readonly Socket _socket;
    private readonly Lock _lock = new();
    private readonly Dictionary<Eui64, Forwarder> _forwarders = [];

    /// <summary>Binds the port.</summary>
    /// <exception cref="AgentException">It is in use, or not allowed.</exception>
    public ForwarderServer(ListenSettings settings, AgentCounts counts, TimeProvider time, Action<long, RxPacket> heard)
    {
        (_settings, _counts, _time, _heard) = (settings, counts, time, heard);
        var address = new IPEndPoint(IPAddress.Parse(settings.Address), settings.Port);
        // As much as the system allows: what comes while the machine is busy waits there.
        _socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = ReceiveBufferBytes };
        try
        {
            _socket.Bind(address);
        }
        catch (SocketException fault)
        {
            _socket.Dispose();
            throw new AgentException($"The UDP port {address} cannot be used ({fault.SocketErrorCode}): another packet server may have it, or set listen.port.", fault);
        }
        Downlinks = new DownlinkDesk(this, counts, time);
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint Address => (IPEndPoint)_socket.LocalEndPoint!;

    /// <summary>Frames to send.</summary>
    public DownlinkDesk Downlinks { get; }

    /// <summary>The forwarders heard so far.</summary>
    public IReadOnlyList<Forwarder> Forwarders
    {
        get
        {
            lock (_lock) return [.. _forwarders.Values];
        }
    }

    /// <summary>Serves until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var buffer = GC.AllocateArray<byte>(GwmpPacket.MaxBytes + 1, pinned: true);
        var anyone = new IPEndPoint(_socket.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, 0);
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                var received = await _socket.ReceiveFromAsync(buffer, SocketFlags.None, anyone, cancellation);
                Take(buffer.AsMemory(0, received.ReceivedBytes), (IPEndPoint)received.RemoteEndPoint);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException fault) when (fault.SocketErrorCode == SocketError.MessageSize)
            {
                _counts.Note(AgentCodes.DatagramTooLong);
            }
            catch (SocketException fault) when (fault.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionRefused)
            {
                // An answer to a forwarder that is gone came back; the port itself is well.
            }
        }
    }

    /// <summary>Sends a datagram; false when the machine would not.</summary>
    public bool TrySend(byte[] datagram, IPEndPoint to)
    {
        try
        {
            _socket.SendTo(datagram, to);
            return true;
        }
        catch (SocketException)
        {
            // As lost on the way: forwarders expect no more of UDP.
            return false;
        }
    }

    public void Dispose() => _socket.Dispose();

    private void Take(ReadOnlyMemory<byte> datagram, IPEndPoint from)
    {
        if (!_settings.Network && !IPAddress.IsLoopback(from.Address))
        {
            _counts.Note(AgentCodes.NotLocal, from.ToString());
            return;
        }
        if (!GwmpPacket.TryRead(datagram, out var packet, out var problem))
        {
            _counts.Note(AgentCodes.Of(problem), $"{datagram.Length} bytes from {from}");
            return;
        }
        if (ForwarderOf(packet.Gateway) is not { } forwarder)
        {
            _counts.Note(AgentCodes.TooManyForwarders, packet.Gateway.ToString());
            return;
        }
        switch (packet.Type)
        {
            case GwmpType.PushData: Push(packet, forwarder, from); break;
            case GwmpType.PullData: Pull(packet, forwarder, from); break;
            default: Downlinks.Note(packet, forwarder); break;
        }
    }

    private void Push(GwmpPacket packet, Forwarder forwarder, IPEndPoint from)
    {
        TrySend(packet.Acknowledge(), from);
        if (!PushData.TryRead(packet.Json, out var data))
        {
            _counts.Note(AgentCodes.BadJson, $"gateway {packet.Gateway}");
            return;
        }
        var frames = forwarder.NotePush(packet.Version, data, out var left);
        if (left.Unreadable > 0) _counts.Note(AgentCodes.UnreadableFrame, $"gateway {packet.Gateway}", left.Unreadable);
        if (left.BadCrc > 0) _counts.Note(AgentCodes.BadCrc, $"gateway {packet.Gateway}", left.BadCrc);
        if (left.NoCrc > 0) _counts.Note(AgentCodes.NoCrc, $"gateway {packet.Gateway}", left.NoCrc);
        if (left.Repeated > 0) _counts.Note(AgentCodes.Repeated, $"gateway {packet.Gateway}", left.Repeated);
        var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var frame in frames) _heard(now, frame);
    }

    private void Pull(GwmpPacket packet, Forwarder forwarder, IPEndPoint from)
    {
        forwarder.NotePull(packet.Version, from);
        TrySend(packet.Acknowledge(), from);
    }

    // One that is gone for an hour makes room for another.
    private Forwarder? ForwarderOf(Eui64 gateway)
    {
        lock (_lock)
        {
            if (_forwarders.TryGetValue(gateway, out var known)) return known;
            if (_forwarders.Count >= _settings.Forwarders)
            {
                var oldest = _forwarders.Values.MinBy(forwarder => forwarder.LastHeard)!;
                if (_time.GetUtcNow() - oldest.LastHeard < TimeSpan.FromHours(1)) return null;
                _forwarders.Remove(oldest.Gateway);
            }
            return _forwarders[gateway] = new Forwarder(gateway, _time);
        }
    }
}
