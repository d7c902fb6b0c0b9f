using System.Collections.Concurrent;
using Turnpike.Networks.Wireless.Protocol.LoRaWan;

namespace Turnpike.Networks.Wireless.Service;

/// <summary>Devices and sessions in memory only, for load tests and demos whose devices are made up anew each time. Thread-safe.</summary>
public sealed class MemoryEndDevices(NetId network) : IEndDeviceStore
{
    private readonly ConcurrentDictionary<Eui64, EndDevice> _devices = new();
    private readonly ConcurrentDictionary<Eui64, JoinHistory> _joins = new();
    private readonly ConcurrentDictionary<Eui64, EndDeviceSession> _sessions = new();
    private readonly ConcurrentDictionary<DevAddr, ConcurrentDictionary<Eui64, byte>> _byAddress = new();
    private readonly ConcurrentDictionary<Eui64, ConcurrentQueue<QueuedDownlink>> _queues = new();
    private uint _addresses;

    /// <summary>Registers a device; one activated by personalisation with its session.</summary>
    public void Add(EndDevice device, EndDeviceSession? session = null)
    {
        _devices[device.DevEui] = device;
        if (session is not null) Keep(session);
    }

    /// <summary>Queues a downlink.</summary>
    public void Queue(Eui64 devEui, QueuedDownlink downlink) => _queues.GetOrAdd(devEui, _ => new ConcurrentQueue<QueuedDownlink>()).Enqueue(downlink);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<(EndDevice Device, EndDeviceSession Session)>> FindAsync(DevAddr address, CancellationToken cancellation) =>
        ValueTask.FromResult<IReadOnlyList<(EndDevice, EndDeviceSession)>>(_byAddress.TryGetValue(address, out var euis)
            ? [.. euis.Keys.Order().Where(eui => _sessions.TryGetValue(eui, out var session) && session.Address == address).Select(eui => (_devices[eui], _sessions[eui]))]
            : []);

    /// <inheritdoc/>
    public ValueTask<(EndDevice Device, JoinHistory Joins)?> FindAsync(Eui64 devEui, CancellationToken cancellation) =>
        ValueTask.FromResult<(EndDevice, JoinHistory)?>(_devices.TryGetValue(devEui, out var device) ? (device, _joins.GetValueOrDefault(devEui, JoinHistory.None)) : null);

    /// <inheritdoc/>
    public ValueTask<DevAddr> AddressForAsync(Eui64 devEui, CancellationToken cancellation) =>
        ValueTask.FromResult(_sessions.TryGetValue(devEui, out var session) ? session.Address : new DevAddr(network.First.Value + (Interlocked.Increment(ref _addresses) - 1) % (network.Last.Value - network.First.Value + 1)));

    /// <inheritdoc/>
    public ValueTask SaveAsync(GrantedJoin join, CancellationToken cancellation)
    {
        _joins[join.Session.DevEui] = join.History;
        Keep(join.Session);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask SaveAsync(EndDeviceSession session, string? sentDownlink, CancellationToken cancellation)
    {
        Keep(session);
        if (sentDownlink is not null && _queues.TryGetValue(session.DevEui, out var queue)) queue.TryDequeue(out _);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<(QueuedDownlink? Next, bool More)> QueuedAsync(Eui64 devEui, CancellationToken cancellation) =>
        ValueTask.FromResult(_queues.TryGetValue(devEui, out var queue) && queue.TryPeek(out var next) ? (next, queue.Count > 1) : ((QueuedDownlink?)null, false));

    private void Keep(EndDeviceSession session)
    {
        _sessions[session.DevEui] = session;
        _byAddress.GetOrAdd(session.Address, _ => new ConcurrentDictionary<Eui64, byte>())[session.DevEui] = 0;
    }
}
