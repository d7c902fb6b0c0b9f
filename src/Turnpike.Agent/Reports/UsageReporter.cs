using System.Security.Cryptography;
using Turnpike.Agent.Settings;
using Turnpike.Core;
using Turnpike.Evidence;
using Turnpike.Networks.Wireless.Evidence;
using Turnpike.Networks.Wireless.Protocol.Leg;
using Turnpike.Networks.Wireless.Protocol.LoRaWan;

namespace Turnpike.Agent.Reports;

/// <summary>
/// The hotspot's own word for what it handed over: once the node took a packet, its report is gathered, and many are signed at once, by number or by time, whichever comes first. No packet
/// waits for it. Signed pieces lie in the evidence spool until a certified commit on chain lists them. Only uplinks with data are reported: joins are free.
/// </summary>
internal sealed class UsageReporter : IDisposable
{
    private const int MaxUnsigned = 4 * PacketReport.MaxBatch;
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(15);

    private readonly ReportSettings _settings;
    private readonly Address _organisation;
    private readonly EnvelopeSigner _signer;
    private readonly EvidenceSpool _spool;
    private readonly SpoolSender _sender;
    private readonly AgentCounts _counts;
    private readonly TimeProvider _time;
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) }) { Timeout = TimeSpan.FromSeconds(30) };
    private readonly Lock _lock = new();
    private readonly List<PacketReport> _unsigned = [];
    private readonly ulong _boot;
    private ulong _sequence;
    private long _signed, _dropped;

    public UsageReporter(ReportSettings settings, string folder, Bytes32 network, IDeviceKey key, AgentCounts counts, TimeProvider time)
    {
        (_settings, _counts, _time) = (settings, counts, time);
        _organisation = Address.Parse(settings.Organisation);
        _signer = new EnvelopeSigner(key, network);
        // The clock's, and not a number kept in the folder: a folder that was lost must not bring a boot back that was used.
        _boot = (ulong)time.GetUtcNow().ToUnixTimeMilliseconds();
        _spool = EvidenceSpool.Open(folder, network, new SpoolOptions());
        var doors = settings.Gateways.Select(IGatewayDoor (gateway) => new HttpGatewayDoor(gateway.Url, Address.Parse(gateway.Account), network, _http)).ToList();
        _sender = new SpoolSender(_spool, doors, new EpochClock(settings.EpochStart, settings.EpochLength), new SpoolSenderOptions
        {
            CommitWindow = TimeSpan.FromSeconds(settings.CommitWindowSeconds),
            OnRefused = (_, answer) => counts.Note(AgentCodes.ReportRefused, $"{answer.Code}: {answer.Problem}"),
        }, time);
    }

    /// <summary>Where reports stand.</summary>
    public ReportView View
    {
        get
        {
            var pieces = _spool.Pieces;
            lock (_lock) return new ReportView(_unsigned.Count, _signed, pieces.Count, pieces.Count(piece => piece.Receipts.Count == 0), _dropped);
        }
    }

    /// <summary>Gathers what the node took.</summary>
    public void Note(IReadOnlyList<SequencedFrame> taken)
    {
        lock (_lock)
            foreach (var frame in taken)
                if (Describe(frame) is not { } report) continue;
                else if (_unsigned.Count < MaxUnsigned) _unsigned.Add(report);
                else _dropped++;
    }

    /// <summary>Signs and sends until cancelled; signs what is left at the end.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var signedAt = _time.GetTimestamp();
        while (!cancellation.IsCancellationRequested)
        {
            await Task.Delay(TimeSpan.FromSeconds(Math.Min(_settings.BatchSeconds, Step.TotalSeconds)), _time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var isDue = cancellation.IsCancellationRequested || _time.GetElapsedTime(signedAt).TotalSeconds >= _settings.BatchSeconds;
            if (isDue) signedAt = _time.GetTimestamp();
            while (NextBatch(isDue) is { } batch) Sign(batch);
            await SendAsync(cancellation);
        }
    }

    public void Dispose()
    {
        _spool.Dispose();
        _http.Dispose();
    }

    private async Task SendAsync(CancellationToken cancellation)
    {
        try
        {
            await _sender.StepAsync(cancellation);
            if (View is { WithoutReceipt: > 0 } waiting) _counts.Note(AgentCodes.ReportsWait, $"{waiting.WithoutReceipt} pieces");
        }
        catch (OperationCanceledException)
        {
            // The agent stops; the pieces are on disk.
        }
        catch (Exception fault) when (fault is IOException or HttpRequestException)
        {
            _counts.Note(AgentCodes.ReportsWait, fault.Message);
        }
    }

    private List<PacketReport>? NextBatch(bool isDue)
    {
        lock (_lock)
        {
            if (_unsigned.Count == 0 || !isDue && _unsigned.Count < PacketReport.MaxBatch) return null;
            var batch = _unsigned.Take(PacketReport.MaxBatch).ToList();
            _unsigned.RemoveRange(0, batch.Count);
            return batch;
        }
    }

    private void Sign(List<PacketReport> batch)
    {
        var piece = _signer.Sign(new EnvelopeContent { Kind = PacketReport.Kind, Boot = _boot, Sequence = ++_sequence, UnixMilliseconds = _time.GetUtcNow().ToUnixTimeMilliseconds(), PublicBody = PacketReport.Encode(batch) });
        var isKept = TryKeep(piece);
        lock (_lock)
        {
            if (isKept) _signed += batch.Count;
            else _dropped += batch.Count;
        }
    }

    private bool TryKeep(byte[] piece)
    {
        try
        {
            return _spool.TryAdd(piece);
        }
        catch (IOException fault)
        {
            _counts.Note(AgentCodes.SpoolFails, fault.Message);
            return false;
        }
    }

    private PacketReport? Describe(SequencedFrame frame)
    {
        var packet = frame.Packet;
        if (!FrameHeader.TryRead(packet.Frame.Span, out var type, out _) || type is not (FrameType.UnconfirmedUp or FrameType.ConfirmedUp) || !DataFrame.TryRead(packet.Frame, out var data, out _)) return null;
        // What a customer is charged by: his own payload, not the network's commands on port 0.
        var bytes = data.Port is > 0 ? data.Payload.Length : 0;
        return new PacketReport(new Bytes32(SHA256.HashData(packet.Frame.Span)), (byte)bytes, _organisation, packet.DataRate.ToString(), packet.Rssi, packet.Snr, _settings.Region);
    }
}
