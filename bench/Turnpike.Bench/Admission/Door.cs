using System.Collections.Concurrent;
using System.Diagnostics;
using Turnpike.Evidence;

namespace Turnpike.Bench.Admission;

/// <summary>A gateway's door on a folder of its own: every admission rule with its default options, the evidence log, the memory of repetitions; in the order of EvidenceIntake.</summary>
internal sealed class Door : IAsyncDisposable
{
    private readonly string _folder = System.IO.Directory.CreateTempSubdirectory("turnpike-bench-").FullName;
    private readonly EnvelopeVerifier _verifier = new(Fleet.Network);
    private readonly RecentPieces _recent;
    private readonly AdmissionGate _gate;
    private readonly EvidenceLog _log;

    public Door(Fleet fleet, string? parent)
    {
        if (parent is not null) _folder = System.IO.Directory.CreateDirectory(Path.Combine(parent, Path.GetFileName(_folder))).FullName;
        var options = new AdmissionOptions();
        _recent = new RecentPieces(options.RememberedPieces);
        _gate = AdmissionGate.Create(options, [Fleet.Kind], fleet.Directory, _verifier, _recent, TimeProvider.System);
        _log = EvidenceLog.Open(new EvidenceLogOptions { Folder = _folder, NetworkId = Fleet.Network }, TimeProvider.System);
    }

    public string Folder => _folder;

    /// <summary>Completes with the time at which the piece may be acknowledged, in ticks of the stopwatch.</summary>
    public async Task<long> ReceiveAsync(ReadOnlyMemory<byte> raw, CancellationToken cancellation)
    {
        var receivedAt = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var admission = _gate.Admit(raw, receivedAt);
        if (!admission.IsAdmitted) throw new InvalidOperationException($"The door refused a good piece: {admission.Code}.");
        var appended = await _log.AppendAsync(RecordType.Evidence, raw, receivedAt, cancellation);
        if (!appended.IsDurable) throw new InvalidOperationException($"The log refused a piece: {appended.Code}.");
        _recent.Remember(admission.Identity, receivedAt);
        return Stopwatch.GetTimestamp();
    }

    /// <summary>As fast as one thread admits, with as many pieces waiting for the disk as the log's queue holds.</summary>
    public async Task ReceiveAllAsync(ReadOnlyMemory<byte[]> pieces, CancellationToken cancellation)
    {
        using var places = new SemaphoreSlim(4_096);
        var failures = new ConcurrentQueue<Exception>();
        for (var i = 0; i < pieces.Length; i++)
        {
            await places.WaitAsync(cancellation);
            _ = AcknowledgeAsync(pieces.Span[i]);
        }
        for (var i = 0; i < 4_096; i++) await places.WaitAsync(cancellation);
        if (!failures.IsEmpty) throw new AggregateException(failures);

        async Task AcknowledgeAsync(byte[] piece)
        {
            try
            {
                await ReceiveAsync(piece, cancellation);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                failures.Enqueue(exception);
            }
            finally
            {
                places.Release();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _log.DisposeAsync();
        _verifier.Dispose();
        System.IO.Directory.Delete(_folder, recursive: true);
    }
}
