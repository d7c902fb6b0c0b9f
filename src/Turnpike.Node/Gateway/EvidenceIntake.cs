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
/// </summary>
public sealed class EvidenceIntake : IDisposable
{
    private readonly EvidenceLog _log;
    private readonly TimeProvider _time;
    private readonly OrderDesk? _desk;
    private readonly SigningDomain _credits;
    private readonly EnvelopeVerifier _verifier;
    private readonly AdmissionGate _gate;
    private readonly RecentPieces _recent;
    private readonly ConcurrentDictionary<AdmissionCode, ulong> _counts = new();
    private readonly ConcurrentDictionary<AdmissionCode, ulong> _unwritten = new();

    /// <summary>A door to <paramref name="log"/>.</summary>
    public EvidenceIntake(EvidenceLog log, LedgerHistory history, AdmissionOptions options, IEnumerable<ushort> kinds, TimeProvider time, OrderDesk? desk = null)
    {
        _log = log;
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
        var appended = await _log.AppendAsync(RecordType.Evidence, raw, receivedAt, cancellation);
        if (appended.IsDurable) _recent.Remember(admission.Identity, receivedAt);
        return Count(new IntakeResult(appended.Code, admission.Identity, receivedAt));
    }

    /// <summary>Takes a customer's signed order.</summary>
    public async Task<IntakeResult> ReceiveOrderAsync(SignedOrder order, CancellationToken cancellation)
    {
        var digest = _credits.Order(order.Order);
        var receivedAt = Now;
        var code = !order.IsSignedByCustomer(_credits) ? AdmissionCode.BadSignature : _desk?.Judge(order.Order, receivedAt) ?? AdmissionCode.Admitted;
        if (code == AdmissionCode.Admitted) code = (await _log.AppendAsync(RecordType.Order, order.Encode(), receivedAt, cancellation)).Code;
        _desk?.Note(code);
        return Count(new IntakeResult(code, digest, receivedAt));
    }

    /// <summary>Appends an archived piece at its own time of receipt.</summary>
    public async Task<IntakeResult> ImportAsync(ArchiveBody piece, long receivedAt, CancellationToken cancellation)
    {
        var body = piece.Encode();
        var appended = await _log.AppendAsync(RecordType.Archive, body, receivedAt, cancellation);
        return Count(new IntakeResult(appended.Code, ArchiveBody.Identity(body), receivedAt));
    }

    /// <summary>Writes the refusals counted since the last call, so that the epoch's evidence holds them.</summary>
    public async Task WriteCountsAsync(CancellationToken cancellation)
    {
        var counts = new Dictionary<AdmissionCode, ulong>();
        foreach (var code in _unwritten.Keys)
            if (_unwritten.TryRemove(code, out var count)) counts[code] = count;
        if (counts.Count == 0) return;
        var appended = await _log.AppendAsync(RecordType.Counters, CountersBody.Encode(counts), Now, cancellation);
        if (appended.IsDurable) return;
        foreach (var (code, count) in counts) _unwritten.AddOrUpdate(code, count, (_, more) => more + count);
    }

    /// <inheritdoc/>
    public void Dispose() => _verifier.Dispose();

    private long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

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
