namespace Turnpike.Core.Rules;

/// <summary>One piece and what the replay rule says of it.</summary>
public readonly record struct ReplayVerdict(EvidencePiece Piece, VerdictCode Code);

/// <summary>What the replay rule says of an epoch's pieces.</summary>
/// <param name="Verdicts">Every piece, in the order of judgement.</param>
/// <param name="Clones">Sorted by device, boot, sequence.</param>
/// <param name="Seen">The sequences met, each once, each with the first identity ever settled for it.</param>
public sealed record ReplayOutcome(IReadOnlyList<ReplayVerdict> Verdicts, IReadOnlyList<CloneFault> Clones, IReadOnlyList<SeenSequence> Seen);

/// <summary>A device seen to sign two different things with one (boot, sequence): its key is in two places.</summary>
public readonly record struct CloneFault(DeviceId Device, ulong Boot, ulong Sequence, Bytes32 First, Bytes32 Second);

/// <summary>
/// Duplicates and clones, decided at verdict time so that gateways share no state.
/// <para>
/// One identity, seen again through any gateway or in any of the last two epochs: the first (by receive time) counts, later ones are duplicates.
/// One (device, boot, sequence) with two identities: two holders of the key. Within an epoch neither is paid; if the other was settled in an earlier epoch,
/// the new one is refused and the fault is published all the same.
/// </para>
/// Guarantees: the order of the pieces does not matter; an identity accepted in one epoch is a duplicate in the next two; of one (device, boot, sequence) that two consecutive
/// or next but one epochs meet, one identity at most is ever accepted. What no epoch met for two epochs is forgotten here: a pack that must never pay twice refuses pieces
/// signed that long ago.
/// </summary>
public static class ReplayRule
{
    /// <summary>
    /// Judges every piece of an epoch, or of a part of it that holds all pieces of its signers. Of several copies the first in <paramref name="order"/> counts: by receipt, unless a pack
    /// knows better. Returned in that order.
    /// </summary>
    public static ReplayOutcome Judge(IReadOnlyList<EvidencePiece> pieces, CarryOver carry, EpochNumber epoch, Comparison<EvidencePiece>? order = null)
    {
        var ordered = pieces.ToArray();
        Array.Sort(ordered, order ?? EvidencePiece.CompareByReceipt);
        var devices = ordered.Select(piece => piece.Device).ToHashSet();
        var earlier = new Dictionary<(DeviceId, ulong, ulong), Bytes32>();
        foreach (var seen in carry.Seen)
            if (devices.Contains(seen.Device)) earlier[(seen.Device, seen.Boot, seen.Sequence)] = seen.Identity;

        var first = new Dictionary<(DeviceId, ulong, ulong), Bytes32>();
        var cloned = new Dictionary<(DeviceId, ulong, ulong), CloneFault>();
        foreach (var piece in ordered)
        {
            var key = (piece.Device, piece.Boot, piece.Sequence);
            if (!first.TryAdd(key, piece.Identity) && first[key] != piece.Identity)
                cloned.TryAdd(key, new CloneFault(piece.Device, piece.Boot, piece.Sequence, first[key], piece.Identity));
            if (earlier.TryGetValue(key, out var settled) && settled != piece.Identity)
                cloned.TryAdd(key, new CloneFault(piece.Device, piece.Boot, piece.Sequence, settled, piece.Identity));
        }

        var met = new HashSet<Bytes32>();
        var verdicts = new List<ReplayVerdict>(ordered.Length);
        foreach (var piece in ordered)
        {
            var key = (piece.Device, piece.Boot, piece.Sequence);
            var again = !met.Add(piece.Identity) || (earlier.TryGetValue(key, out var settled) && settled == piece.Identity);
            verdicts.Add(new ReplayVerdict(piece, again ? VerdictCode.Duplicate : cloned.ContainsKey(key) ? VerdictCode.Clone : VerdictCode.Accepted));
        }

        // What was settled earlier stays what the key stands for, remembered anew: else a refused clone would be taken once the first is forgotten.
        var seenNow = first.Select(pair => new SeenSequence(pair.Key.Item1, pair.Key.Item2, pair.Key.Item3, earlier.GetValueOrDefault(pair.Key, pair.Value), epoch.Value)).ToList();
        return new ReplayOutcome(verdicts, cloned.Values.OrderBy(fault => fault.Device).ThenBy(fault => fault.Boot).ThenBy(fault => fault.Sequence).ToList(), seenNow);
    }

    /// <summary>What the next epoch must know: the sequences met in this epoch by all shards and those that only the epoch before it met; sorted, each once.</summary>
    public static IReadOnlyList<SeenSequence> Remember(CarryOver carry, IEnumerable<SeenSequence> now, EpochNumber epoch)
    {
        var remembered = now.ToDictionary(seen => (seen.Device, seen.Boot, seen.Sequence));
        foreach (var seen in carry.Seen)
            if (seen.Epoch + 1 >= epoch.Value) remembered.TryAdd((seen.Device, seen.Boot, seen.Sequence), seen);
        var sorted = remembered.Values.ToArray();
        Array.Sort(sorted, SeenSequence.CompareByUse);
        return sorted;
    }
}
