using System.Collections.Concurrent;
using System.Net.WebSockets;
using Microsoft.Extensions.Logging;
using Turnpike.Core;
using Turnpike.Networks.Wireless.Protocol.Gwmp;
using Turnpike.Networks.Wireless.Protocol.Leg;
using Turnpike.Networks.Wireless.Service;

namespace Turnpike.Node.Router.Leg;

/// <summary>
/// The node's end of the private leg: every hotspot's agent by one WebSocket. A connection goes through named steps: room for it, challenge and proof, its place (an earlier
/// connection of the device gives way), welcome with what was taken before, then messages until one end has enough. Every few seconds each device is looked up in the registry again, so that a
/// suspension ends its connection. Thread-safe.
/// </summary>
public sealed partial class LegHub : IRadioLeg, IAsyncDisposable
{
    // Two agents with one key must not take the place from each other all the time.
    private const int RetrySuperseded = 30;

    private static readonly TimeSpan Rounds = TimeSpan.FromSeconds(5);

    private readonly LegServices _services;
    private readonly ConcurrentDictionary<DeviceId, LegSeat> _seats = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly ITimer _timer;
    private int _connections;

    /// <summary>A hub.</summary>
    public LegHub(LegServices services)
    {
        _services = services;
        _timer = services.Time.CreateTimer(_ => MakeRound(), null, Rounds, Rounds);
        services.Metrics.Observe(() => Connections, () => services.Load.InHand);
    }

    /// <summary>Agents connected, or connecting.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <inheritdoc/>
    public bool IsConnected(DeviceId gateway) => _seats.TryGetValue(gateway, out var seat) && seat.Seated is not null;

    /// <inheritdoc/>
    public async Task<TxResult?> SendAsync(Downlink downlink, CancellationToken cancellation)
    {
        var result = _seats.TryGetValue(downlink.Gateway, out var seat) && seat.Seated is { } connection ? await connection.SendAsync(downlink, cancellation) : null;
        _services.Metrics.NoteDownlink(result);
        return result;
    }

    /// <summary>Serves one agent until it goes or is sent away.</summary>
    public async Task ServeAsync(WebSocket socket, CancellationToken cancellation)
    {
        using var connection = new LegConnection(socket, _services);
        var writing = connection.WriteAsync();
        try
        {
            if (Interlocked.Increment(ref _connections) > _services.Options.MaxConnections) connection.End(LegCodes.Full, (int)Rounds.TotalSeconds);
            if (_stopping.IsCancellationRequested) connection.End(LegCodes.Stopping);
            if (await ProveAsync(connection, cancellation) is { } proof) await SeatAsync(connection, proof, cancellation);
        }
        catch (Exception fault) when (fault is WebSocketException or OperationCanceledException or IOException)
        {
            // The line broke; what was acknowledged is known on both ends, the rest comes again.
        }
        finally
        {
            connection.FinishReading();
            await writing;
            Interlocked.Decrement(ref _connections);
        }
    }

    /// <summary>Ends every connection, so that the agents go elsewhere or come again.</summary>
    public void Stop()
    {
        if (_stopping.IsCancellationRequested) return;
        _stopping.Cancel();
        foreach (var seat in _seats.Values) seat.Seated?.End(LegCodes.Stopping);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Stop();
        await _timer.DisposeAsync();
        _stopping.Dispose();
    }

    private async Task<LegProof?> ProveAsync(LegConnection connection, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(_services.Options.HandshakeTimeout);
        var handshake = new LegHandshake(_services);
        connection.Send(handshake.Challenge);
        while (await connection.ReceiveAsync(limit.Token) is { } message)
        {
            if (message is not LegProof proof) connection.End(LegCodes.Malformed);
            else if (handshake.Refuses(proof) is { } refusal)
            {
                Refused(_services.Logger, proof.Device, refusal.Code.Number, refusal.Code.Name);
                connection.End(refusal.Code, refusal.RetryAfterSeconds);
            }
            else return proof;
        }
        return null;
    }

    private async Task SeatAsync(LegConnection connection, LegProof proof, CancellationToken cancellation)
    {
        var seat = _seats.GetOrAdd(proof.Device, _ => new LegSeat());
        if (!await seat.TakeAsync(connection, earlier => earlier.End(LegCodes.Superseded, RetrySuperseded), cancellation))
        {
            connection.End(LegCodes.Superseded, RetrySuperseded);
            await TalkAsync(connection, null, cancellation);
            return;
        }
        // Forgotten while it waited: the agent comes again and gets another place.
        if (!_seats.TryGetValue(proof.Device, out var current) || current != seat) connection.End(LegCodes.Superseded);
        var lane = seat.LaneOf(proof.Spool, () => new LegLane(proof.Device, proof.Spool, _services, _stopping.Token));
        try
        {
            var options = _services.Options;
            connection.Send(new LegWelcome(_services.Time.GetUtcNow().ToUnixTimeMilliseconds(), lane.Attach(connection), options.FramesInHand, options.FramesPerSecond, options.FrameBurst));
            Connected(_services.Logger, proof.Device, proof.Software);
            await TalkAsync(connection, lane, cancellation);
        }
        finally
        {
            lane.Detach(connection);
            seat.Leave(connection);
            Gone(_services.Logger, proof.Device);
        }
    }

    private async Task TalkAsync(LegConnection connection, LegLane? lane, CancellationToken cancellation)
    {
        while (await connection.ReceiveAsync(cancellation) is { } message)
            switch (message)
            {
                case LegFrames frames: lane?.Take(connection, frames); break;
                case LegResult result: connection.Note(result); break;
                case LegPing ping: connection.Send(new LegPong(ping.Number, _services.Time.GetUtcNow().ToUnixTimeMilliseconds())); break;
                default: connection.End(LegCodes.Malformed); break;
            }
    }

    private void MakeRound()
    {
        foreach (var (device, seat) in _seats)
        {
            if (seat.Seated is not { } connection)
            {
                // Its place in memory costs little; only many thousands of devices that are gone are worth forgetting.
                if (_seats.Count > 2 * _services.Options.MaxConnections && seat.IsIdle) _seats.TryRemove(new KeyValuePair<DeviceId, LegSeat>(device, seat));
            }
            else if (connection.Silence > _services.Options.IdleTimeout) connection.End(LegCodes.Silent);
            else if (LegHandshake.RefusesNow(_services.Registry(device)) is { } code) connection.End(code, (int)Rounds.TotalSeconds);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Hotspot {Device} is connected ({Software}).")]
    private static partial void Connected(ILogger logger, DeviceId device, string software);

    [LoggerMessage(Level = LogLevel.Information, Message = "Hotspot {Device} is not connected any more.")]
    private static partial void Gone(ILogger logger, DeviceId device);

    [LoggerMessage(Level = LogLevel.Information, Message = "Refused the agent of {Device}: {Code} {Name}.")]
    private static partial void Refused(ILogger logger, DeviceId device, ushort code, string name);
}
