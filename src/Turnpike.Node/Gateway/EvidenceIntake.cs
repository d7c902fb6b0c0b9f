using System.Collections.Concurrent;
using Turnpike.Core;
using Turnpike.Evidence;
using Turnpike.Ledger;
using Turnpike.Node.Epochs;
using Turnpike.Node.Market;

namespace Turnpike.Node.Gateway;

/// <summary>What became of a piece: durable, or refused with a code.</summary>
/// <param name="Code">Admitted once it is durable.</param>
/// <param name="Identity">The piece's identity, or the hash of bytes that do not decode.</param>
/// <param name="ReceivedAt">Unix milliseconds; of a repetition, the first time.</param>
public readonly record struct IntakeResult(AdmissionCode Code, Bytes32 Identity, long ReceivedAt)
{
    /// <summary>Whether the sender may forget the piece once its epoch is certified: it is durable here.</summary>
    public bool IsKept => Code is AdmissionCode.Admitted or AdmissionCode.Duplicate;
}

/// <summary>
/// The gateway's door: admit, append to the log, acknowledge only when durable. Refusals are counted by code; the counts go into the log when an epoch is sealed,
/// since anybody could fill the disk with refusals one by one.
///
/// Segments never mix epochs: the first piece of an epoch has the segment of the one before sealed first. So a piece of a device that was registered after an epoch's
/// snapshot is never listed in that epoch's manifest, where the device is still unknown, but in the next one.
/// </summary>
public sealed class EvidenceIntake : IDisposable
{
    // A block's time may be ahead of this clock by seconds where clocks differ; more is a chain with a time of its own.
    private const long TolerableLead = 30_000;

    // What a frame adds to a body in the log.
    private const int FrameBytes = 21;

    private readonly EvidenceLog _log;
    private readonly EvidenceQuota _quota;
    private readonly LedgerHistory _history;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly OrderDesk? _desk;
    private readonly SigningDomain _credits;
    private readonly EnvelopeVerifier _verifier;
    private readonly AdmissionGate _gate;
    private readonly RecentPieces _recent;
    private readonly ConcurrentDictionary<AdmissionCode, ulong> _counts = new();
    private readonly ConcurrentDictionary<AdmissionCode, ulong> _unwritten = new();
    private ulong _epoch;

    /// <summary>A door to <paramref name="log"/>.</summary>
    public EvidenceIntake(EvidenceLog log, LedgerHistory history, AdmissionOptions options, IEnumerable<ushort> kinds, EvidenceQuota quota, TimeProvider time, OrderDesk? desk = null)
    {
        _log = log;
        _history = history;
        _quota = quota;
        _time = time;
        _desk = desk;
        _credits = new SigningDomain(history.Deployment.ChainId, history.Deployment.Credits);
        _verifier = new EnvelopeVerifier(history.Deployment.NetworkId);
        _recent = new RecentPieces(options.RememberedPieces);
        _gate = AdmissionGate.Create(options, kinds, new HeadDirectory(history), _verifier, _recent, time);
    }

    /// <summary>How often each code was given since the start.</summary>
    public IReadOnlyDictionary<AdmissionCode, ulong> Counts => _counts;

    /// <summary>Takes a signed piece; completes when it is durable or refused. Never throws on input.</summary>
    public async Task<IntakeResult> ReceiveAsync(ReadOnlyMemory<byte> raw, CancellationToken cancellation)
    {
        var receivedAt = Now;
        var admission = _gate.Admit(raw, receivedAt);
        if (admission.Code == AdmissionCode.Duplicate && _recent.TryGet(admission.Identity, out var first)) receivedAt = first;
        if (!admission.IsAdmitted) return Count(new IntakeResult(admission.Code, admission.Identity, receivedAt));
        var appended = await AppendAsync(RecordType.Evidence, admission.Envelope!.Device, raw, receivedAt, cancellation);
        if (appended.IsDurable) _recent.Remember(admission.Identity, receivedAt);
        return Count(new IntakeResult(appended.Code, admission.Identity, receivedAt));
    }

    /// <summary>Takes a customer's signed order.</summary>
    public async Task<IntakeResult> ReceiveOrderAsync(SignedOrder order, CancellationToken cancellation)
    {
        var digest = _credits.Order(order.Order);
        var receivedAt = Now;
        var code = !order.IsSignedByCustomer(_credits) ? AdmissionCode.BadSignature : _desk?.Judge(order.Order, receivedAt) ?? AdmissionCode.Admitted;
        if (code == AdmissionCode.Admitted) code = (await AppendAsync(RecordType.Order, null, order.Encode(), receivedAt, cancellation)).Code;
        _desk?.Note(code);
        return Count(new IntakeResult(code, digest, receivedAt));
    }

    /// <summary>Appends an archived piece at its own time of receipt.</summary>
    public async Task<IntakeResult> ImportAsync(ArchiveBody piece, long receivedAt, CancellationToken cancellation)
    {
        var body = piece.Encode();
        _quota.Add(body.Length + FrameBytes);
        var appended = await _log.AppendAsync(RecordType.Archive, body, receivedAt, cancellation);
        return Count(new IntakeResult(appended.Code, ArchiveBody.Identity(body), receivedAt));
    }

    /// <summary>Closes the epochs before <paramref name="current"/>: their refusals' counts are written and their segment is sealed. Again is no work.</summary>
    /// <exception cref="IOException">The disk failed; try again.</exception>
    public async Task TurnToAsync(EpochNumber current, CancellationToken cancellation)
    {
        if (current.Value <= Volatile.Read(ref _epoch)) return;
        await _turn.WaitAsync(cancellation);
        try
        {
            if (current.Value <= _epoch) return;
            await WriteCountsAsync(_history.Read(state => state.Clock).StartOf(current) - 1, cancellation);
            await _log.SealSegmentAsync(cancellation);
            Volatile.Write(ref _epoch, current.Value);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _verifier.Dispose();
        _turn.Dispose();
    }

    // Never before the newest block, which may have registered the device: its piece would belong to an epoch whose snapshot does not know it.
    private long Now
    {
        get
        {
            var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
            var block = (long)(_history.Block?.Timestamp ?? 0) * 1000;
            return block > now && block - now <= TolerableLead ? block : now;
        }
    }

    private async Task<AppendOutcome> AppendAsync(RecordType type, DeviceId? device, ReadOnlyMemory<byte> body, long receivedAt, CancellationToken cancellation)
    {
        try
        {
            if (_history.Read(state => state.Clock).TryAt(receivedAt, out var epoch)) await TurnToAsync(epoch, cancellation);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // The log shows the failure; taken now, the piece would lie in the wrong segment.
            return new AppendOutcome(AdmissionCode.LogUnavailable, 0, 0);
        }
        if (!_quota.TryTake(device, body.Length + FrameBytes)) return new AppendOutcome(AdmissionCode.QuotaExceeded, 0, 0);
        var appended = await _log.AppendAsync(type, body, receivedAt, cancellation);
        if (!appended.IsDurable) _quota.GiveBack(device, body.Length + FrameBytes);
        return appended;
    }

    private async Task WriteCountsAsync(long receivedAt, CancellationToken cancellation)
    {
        var counts = new Dictionary<AdmissionCode, ulong>();
        foreach (var code in _unwritten.Keys)
            if (_unwritten.TryRemove(code, out var count)) counts[code] = count;
        if (counts.Count == 0) return;
        var appended = await _log.AppendAsync(RecordType.Counters, CountersBody.Encode(counts), receivedAt, cancellation);
        if (appended.IsDurable) return;
        foreach (var (code, count) in counts) _unwritten.AddOrUpdate(code, count, (_, more) => more + count);
    }

    private IntakeResult Count(IntakeResult result)
    {
        _counts.AddOrUpdate(result.Code, 1, (_, count) => count + 1);
        if (result.Code != AdmissionCode.Admitted) _unwritten.AddOrUpdate(result.Code, 1, (_, count) => count + 1);
        return result;
    }

    /// <summary>The registry as the newest block has it.</summary>
    private sealed class HeadDirectory(LedgerHistory history) : IDeviceDirectory
    {
        public bool TryGet(DeviceId id, out DeviceKey device)
        {
            var found = history.Read(state => new SnapshotDirectory(state).TryGet(id, out var key) ? key : null);
            device = found!;
            return found is not null;
        }
    }
}
