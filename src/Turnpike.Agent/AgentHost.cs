using System.Reflection;
using Turnpike.Agent.Forwarders;
using Turnpike.Agent.Keys;
using Turnpike.Agent.Leg;
using Turnpike.Agent.Reports;
using Turnpike.Agent.Settings;
using Turnpike.Agent.Spool;
using Turnpike.Agent.Status;
using Turnpike.Core;
using Turnpike.Evidence;
using Turnpike.Networks.Wireless.Protocol.Gwmp;
using Turnpike.Networks.Wireless.Protocol.Leg;

namespace Turnpike.Agent;

/// <summary>
/// The agent beside a packet forwarder: hears it over UDP, keeps each frame in its spool, carries frames to the node and frames to send back, answers for its state. Four loops that touch each other only
/// through the spool and counters: forwarders, line, flush, status; a fifth signs reports where the hotspot meters. It holds one device key and no database.
/// </summary>
public sealed class AgentHost : IAsyncDisposable
{
    private readonly AgentSettings _settings;
    private readonly TimeProvider _time;
    private readonly AgentCounts _counts;
    private readonly DateTimeOffset _startedAt;
    private readonly SharedDeviceKey _key;
    private readonly FrameSpool _spool;
    private readonly ForwarderServer _forwarders;
    private readonly LegStatus _leg;
    private readonly LegContext _context;
    private readonly UsageReporter? _reporter;
    private readonly StatusSocket _status;
    private readonly CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;

    private AgentHost(string folder, AgentSettings settings, IDeviceKey key, TimeProvider time, LegClientOptions options)
    {
        (_settings, _time, _counts, _startedAt, _key) = (settings, time, new AgentCounts(time), time.GetUtcNow(), new SharedDeviceKey(key));
        _spool = FrameSpool.Open(Path.Combine(folder, "spool"), (long)settings.Spool.Mebibytes << 20);
        try
        {
            if (_spool.DamagedBytes > 0) _counts.Note(AgentCodes.SpoolDamaged, $"{_spool.DamagedBytes} bytes");
            _forwarders = new ForwarderServer(settings.Listen, _counts, time, Keep);
            var network = Bytes32.Parse(settings.NetworkId);
            _reporter = settings.Reports is { } reports ? new UsageReporter(reports, Path.Combine(folder, "evidence"), network, _key, _counts, time) : null;
            _leg = new LegStatus(_counts, time);
            _context = new LegContext
            {
                Node = settings.Node,
                Network = network,
                Key = _key,
                Spool = _spool,
                Downlinks = _forwarders.Downlinks,
                Counts = _counts,
                Status = _leg,
                Options = options,
                Time = time,
                Software = Software,
                OnTaken = taken => _reporter?.Note(taken),
                Trust = settings.CaFile is { } file ? NodeTrust.Read(file) : null,
            };
            _status = new StatusSocket(folder);
        }
        catch
        {
            _forwarders?.Dispose();
            _reporter?.Dispose();
            _spool.Dispose();
            throw;
        }
    }

    /// <summary>Program and version, as nodes are told.</summary>
    public static string Software { get; } = $"turnpike-agent/{typeof(AgentHost).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]}";

    /// <summary>The device.</summary>
    public DeviceId Device => _key.Public.Id;

    /// <summary>Where packet forwarders send to.</summary>
    public System.Net.IPEndPoint Listen => _forwarders.Address;

    /// <summary>Completes when a loop of the agent ended in a way that nobody foresaw, or when it was stopped.</summary>
    public Task Completion => _running;

    /// <summary>Starts the agent of a folder.</summary>
    /// <exception cref="AgentException">It cannot work as it is set up.</exception>
    public static AgentHost Start(string folder, AgentSettings settings, TimeProvider time) => Start(folder, settings, DeviceKeyFile.Open(Path.Combine(folder, settings.Key)), time);

    /// <summary>Starts an agent whose key is elsewhere, such as in a secure element.</summary>
    /// <exception cref="AgentException">It cannot work as it is set up.</exception>
    public static AgentHost Start(string folder, AgentSettings settings, IDeviceKey key, TimeProvider time) => Start(folder, settings, key, time, new LegClientOptions());

    internal static AgentHost Start(string folder, AgentSettings settings, IDeviceKey key, TimeProvider time, LegClientOptions options)
    {
        if (settings.Problems().ToList() is { Count: > 0 } problems) throw new AgentException(string.Join(" ", problems));
        var agent = new AgentHost(folder, settings, key, time, options);
        agent._running = agent.RunAsync();
        return agent;
    }

    /// <summary>How it fares now.</summary>
    public AgentStatus Status()
    {
        var now = _time.GetUtcNow();
        var leg = _leg.View;
        var spool = _spool.View;
        var forwarders = _forwarders.Forwarders.Select(forwarder => forwarder.View).OrderBy(view => view.Gateway).ToList();
        var problems = AgentHealth.Problems(leg, forwarders, _counts, _spool.DamagedBytes, _startedAt, now).ToList();
        return new AgentStatus
        {
            Ok = problems.Count == 0,
            Problems = problems,
            Software = Software,
            StartedAt = _startedAt,
            Device = Device.ToString(),
            Registration = RegistrationOf(leg),
            Network = _settings.Network,
            NetworkId = _settings.NetworkId,
            Listen = Listen.ToString(),
            Forwarders = forwarders.ConvertAll(Describe),
            Leg = new LegStatusView(_settings.Node.ToString(), leg.State.ToString().ToLowerInvariant(), leg.Since, leg.Attempts, leg.RoundTripMilliseconds, leg.ClockOffsetMilliseconds, leg.Sent, leg.Taken, leg.InFlight, leg.Last is { } last ? AgentHealth.Of(last.Code, last.Detail) : null, leg.Last?.At),
            Spool = new SpoolStatus(spool.Frames, spool.Bytes, spool.MaximumBytes, spool.OldestHeardAt is { } oldest ? DateTimeOffset.FromUnixTimeMilliseconds(oldest) : null, _counts[AgentCodes.SpoolFull], _spool.DamagedBytes),
            Downlinks = Describe(_forwarders.Downlinks.View),
            Reports = _reporter?.View is { } reports ? new ReportStatus(reports.Unsigned, reports.Signed, reports.Pieces, reports.WithoutReceipt, reports.Dropped) : null,
            Refusals = [.. _counts.All.Select(entry => new RefusalStatus(entry.Last.Code.Number, entry.Last.Code.Name, entry.Count, entry.Last.At, entry.Last.Detail, entry.Last.Code.Description))],
        };
    }

    /// <summary>Stops the loops and lets go of everything; what is spooled stays.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _status.Dispose();
        _forwarders.Dispose();
        _reporter?.Dispose();
        _spool.Dispose();
        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        var cancellation = _stopping.Token;
        var loops = new List<Task> { _forwarders.RunAsync(cancellation), new LegClient(_context).RunAsync(cancellation), FlushAsync(cancellation), _status.RunAsync(Status, cancellation) };
        if (_reporter is not null) loops.Add(_reporter.RunAsync(cancellation));
        // One that fails takes the others with it: the service manager starts a whole agent again.
        await await Task.WhenAny(loops);
        await _stopping.CancelAsync();
        await Task.WhenAll(loops);
    }

    private void Keep(long heardAt, RxPacket packet)
    {
        try
        {
            if (_spool.TryAppend(heardAt, packet)) _context.Signal.Set();
            else _counts.Note(AgentCodes.SpoolFull);
        }
        catch (IOException fault)
        {
            _counts.Note(AgentCodes.SpoolFails, fault.Message);
        }
    }

    private async Task FlushAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(_settings.Spool.FlushMilliseconds), _time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                _spool.Flush();
            }
            catch (IOException fault)
            {
                _counts.Note(AgentCodes.SpoolFails, fault.Message);
            }
        }
    }

    private static string RegistrationOf(LegView leg) =>
        leg.State == LegState.Connected ? "registered"
        : leg.Last?.Code.Number is not { } code ? "not asked yet"
        : code == LegCodes.UnknownDevice.Number ? "unknown"
        : code == LegCodes.Suspended.Number ? "suspended"
        : code == LegCodes.NotAHotspot.Number ? "not a hotspot"
        : leg.HasBeenConnected ? "registered" : "not asked yet";

    private static ForwarderStatus Describe(ForwarderView view) => new(view.Gateway.ToString(), view.Version, view.LastPush, view.LastPull, view.Downstream?.ToString(), view.Frames, view.BadCrc, view.NoCrc, view.Unreadable, view.Repeated, view.Sent,
        view.Stat is { } stat ? stat.AckPermille / 10.0 : null, view.Stat?.LatitudeE7 / 1e7, view.Stat?.LongitudeE7 / 1e7);

    private static DownlinkStatus Describe(DownlinkView view) => new(view.Asked, view.Sent, view.InSecondWindow, view.TooLate, view.Refused, view.Unanswered, view.NoForwarder);
}
