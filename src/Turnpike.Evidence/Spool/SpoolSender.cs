using Turnpike.Core;

namespace Turnpike.Evidence;

/// <summary>
/// Brings a spool's pieces onto the chain's record, through one gateway if it keeps its word and through the others if not.
///
/// A piece without a receipt goes to the first gateway that gives one, in order. With a receipt it waits: its gateway is asked what became of it, and once a manifest with a
/// certified commit on chain proves to list it, and that has held for a while, the spool lets go of it. When the epoch it was received in and the time for its commits are over and it
/// is in none, the piece goes to another gateway that has not had it: in that gateway's next manifest it is still fresh, and one epoch later it might not be. When the epoch promised
/// and the time for commits are over too, the promise is broken: the receipt is handed to <see cref="SpoolSenderOptions.OnBroken"/> as the proof of censorship that it is. Handing a piece in twice is harmless: an identity is paid once, through whichever gateway. A crash leaves a piece without the receipt it got; it is then handed in
/// again and answered with the first receipt. One caller at a time.
/// </summary>
public sealed class SpoolSender(EvidenceSpool spool, IReadOnlyList<IGatewayDoor> doors, EpochClock clock, SpoolSenderOptions options, TimeProvider time)
{
    private static readonly TimeSpan TolerableClockError = TimeSpan.FromMinutes(10);

    // A door that accepts and never answers must not hold up what other doors would take.
    private static readonly TimeSpan LongestCall = TimeSpan.FromSeconds(10);

    private readonly Dictionary<ulong, DateTimeOffset> _certifiedSince = [];
    private readonly HashSet<(ulong Number, Address Gateway)> _broken = [];

    /// <summary>Does for every piece what is due now; the number of pieces still kept.</summary>
    public async Task<int> StepAsync(CancellationToken cancellationToken)
    {
        foreach (var piece in spool.Pieces)
        {
            if (piece.Receipts.Count == 0) await SubmitAsync(piece, cancellationToken);
            else if (await IsCertifiedAsync(piece, cancellationToken)) ForgetIfItLasts(piece);
            else await ResubmitIfLateAsync(piece, cancellationToken);
        }
        return spool.Pieces.Count;
    }

    /// <summary>Hands in one piece now if no gateway has given a receipt for it; what was refused or found nobody waits for the next step.</summary>
    public Task SendAsync(ulong number, CancellationToken cancellationToken) =>
        spool.Pieces.FirstOrDefault(piece => piece.Number == number) is { Receipts.Count: 0 } piece ? SubmitAsync(piece, cancellationToken) : Task.CompletedTask;

    private async Task SubmitAsync(SpooledPiece piece, CancellationToken cancellationToken)
    {
        var refusals = new List<DoorAnswer>();
        foreach (var door in doors.Where(door => piece.Receipts.All(receipt => receipt.Receipt.Gateway != door.Gateway)))
        {
            if (await TryAsync(cancel => door.SubmitAsync(piece.Piece, cancel), door, cancellationToken) is not { } answer) continue;
            if (answer.Receipt is { } receipt && receipt.Receipt.Identity == piece.Identity && receipt.Receipt.Gateway == door.Gateway && HasFairTerms(receipt.Receipt) && receipt.Verify())
            {
                spool.Note(receipt);
                return;
            }
            refusals.Add(answer);
        }
        // Refused for what it is, and by all: no later try can end otherwise.
        if (piece.Receipts.Count == 0 && refusals.Count == doors.Count && refusals.All(IsFinal))
        {
            spool.Forget(piece.Number);
            options.OnRefused?.Invoke(piece, refusals[0]);
        }
    }

    // A time of receipt that lies ahead, or another epoch than follows from it, would put the promise off for as long as the gateway likes.
    private bool HasFairTerms(Receipt receipt) =>
        receipt.ReceivedAt <= (time.GetUtcNow() + TolerableClockError).ToUnixTimeMilliseconds() && receipt.PromisedEpoch == Receipt.PromiseOf(clock, receipt.ReceivedAt);

    private async Task<bool> IsCertifiedAsync(SpooledPiece piece, CancellationToken cancellationToken)
    {
        foreach (var (door, receipt) in Holders(piece))
        {
            var state = await TryAsync(cancel => door.StateAsync(piece.Identity, receipt.ReceivedAt, cancel), door, cancellationToken);
            if (state is not { Stage: PieceStage.Certified, Proof: { } proof }) continue;
            // Any gateway can tell what the chain holds; another one than that which gave the receipt has no reason to lie for it. Its own word counts only where the device knows no other gateway.
            foreach (var witness in doors.Where(witness => doors.Count == 1 || witness.Gateway != door.Gateway))
            {
                var manifest = await TryAsync(cancel => witness.CertifiedManifestAsync(state.Epoch, state.Manifest, cancel), witness, cancellationToken);
                if (manifest is null || manifest.Gateway != door.Gateway || manifest.Epoch != state.Epoch || !proof.Verify(piece.Identity, manifest)) continue;
                if (state.IsClone) options.OnClone?.Invoke(piece);
                return true;
            }
        }
        return false;
    }

    private void ForgetIfItLasts(SpooledPiece piece)
    {
        var since = _certifiedSince.TryGetValue(piece.Number, out var known) ? known : _certifiedSince[piece.Number] = time.GetUtcNow();
        if (time.GetUtcNow() - since < options.Lasting) return;
        spool.Forget(piece.Number);
        _certifiedSince.Remove(piece.Number);
    }

    private async Task ResubmitIfLateAsync(SpooledPiece piece, CancellationToken cancellationToken)
    {
        _certifiedSince.Remove(piece.Number);
        foreach (var receipt in piece.Receipts.Where(receipt => IsOver(receipt.Receipt.PromisedEpoch)))
            if (_broken.Add((piece.Number, receipt.Receipt.Gateway))) options.OnBroken?.Invoke(receipt);
        if (piece.Receipts.All(receipt => IsOver(ReceivedIn(receipt.Receipt)))) await SubmitAsync(piece, cancellationToken);
    }

    // Before the first epoch nothing is committed: then it is the one promised.
    private EpochNumber ReceivedIn(Receipt receipt) => clock.TryAt(receipt.ReceivedAt, out var epoch) ? epoch : receipt.PromisedEpoch;

    private bool IsOver(EpochNumber epoch) => time.GetUtcNow().ToUnixTimeMilliseconds() >= clock.EndOf(epoch) + (long)options.CommitWindow.TotalMilliseconds;

    private IEnumerable<(IGatewayDoor Door, Receipt Receipt)> Holders(SpooledPiece piece) =>
        from receipt in piece.Receipts from door in doors where door.Gateway == receipt.Receipt.Gateway select (door, receipt.Receipt);

    private static bool IsFinal(DoorAnswer answer) => (AdmissionCode)answer.Code is not (AdmissionCode.FromFuture or AdmissionCode.UnknownDevice or AdmissionCode.SuspendedDevice or AdmissionCode.RateLimited or AdmissionCode.QuotaExceeded or AdmissionCode.LogUnavailable) && answer.Code > 0;

    private async Task<T?> TryAsync<T>(Func<CancellationToken, Task<T>> call, IGatewayDoor door, CancellationToken cancellationToken)
        where T : class?
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(LongestCall);
        try
        {
            return await call(limit.Token);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException || fault is OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            options.OnUnreachable?.Invoke(door.Gateway, fault);
            return null;
        }
    }
}

/// <summary>How a device sends what it spooled, and what it is told.</summary>
public sealed class SpoolSenderOptions
{
    /// <summary>Time after an epoch's end in which its manifests may be committed: the network's grace.</summary>
    public required TimeSpan CommitWindow { get; init; }

    /// <summary>How long a certified commit must stay on chain before a piece is let go: longer than a reorganisation. Default five minutes.</summary>
    public TimeSpan Lasting { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Told once of each promise that was not kept; the receipt proves it.</summary>
    public Action<SignedReceipt>? OnBroken { get; init; }

    /// <summary>Told of a piece that every gateway refused for good and that is let go.</summary>
    public Action<SpooledPiece, DoorAnswer>? OnRefused { get; init; }

    /// <summary>Told of a piece that is not paid because another holder of the key signed something else under its boot and sequence.</summary>
    public Action<SpooledPiece>? OnClone { get; init; }

    /// <summary>Told of a gateway that cannot be reached.</summary>
    public Action<Address, Exception>? OnUnreachable { get; init; }
}
