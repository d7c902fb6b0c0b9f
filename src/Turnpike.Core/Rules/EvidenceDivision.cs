namespace Turnpike.Core.Rules;

/// <summary>
/// Divides an epoch's evidence among shards, the same way wherever it is done.
/// <para>
/// Replays come first and once, over all pieces: a piece is a signer's, but its reports may count for devices of many shards, and these must not come to different views
/// of it. Then every report goes to the shard of the device it counts for. Shards are ranges of the sorted registry, so that they are of equal size and their
/// outcomes, one after the other, are sorted.
/// </para>
/// A worker on another machine that holds the same evidence divides it the same way and returns the partial outcome of the shard it was given.
/// Parts are divided on any threads; shards are asked for after all parts are done.
/// </summary>
public sealed class EvidenceDivision
{
    // Small enough that the lists of a part stay in the collector's youngest generation.
    private const int PiecesAPart = 64;

    private readonly IRulePack _pack;
    private readonly EpochInputs _inputs;
    private readonly int _shards;
    private readonly ReplayOutcome _replays;
    private readonly ReportPlace[][][] _parts;

    /// <summary>Judges replays; the reports follow by <see cref="Divide"/>.</summary>
    public EvidenceDivision(IRulePack pack, IReadOnlyList<EvidencePiece> pieces, EpochInputs inputs, int shards)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(shards);
        (_pack, _inputs, _shards) = (pack, inputs, shards);
        _replays = pack.JudgeReplays(pieces, inputs);
        _parts = new ReportPlace[(pieces.Count + PiecesAPart - 1) / PiecesAPart][][];
    }

    /// <summary>Parts of the evidence that are divided on their own.</summary>
    public int Parts => _parts.Length;

    /// <summary>The evidence divided at once.</summary>
    public static IReadOnlyList<EvidenceShard> Of(IRulePack pack, IReadOnlyList<EvidencePiece> pieces, EpochInputs inputs, int shards)
    {
        var division = new EvidenceDivision(pack, pieces, inputs, shards);
        for (var part = 0; part < division.Parts; part++) division.Divide(part);
        return Enumerable.Range(0, shards).Select(division.Shard).ToList();
    }

    /// <summary>Finds the reports of one part.</summary>
    public void Divide(int part)
    {
        var places = new List<ReportPlace>[_shards];
        for (var shard = 0; shard < _shards; shard++) places[shard] = [];
        var accounts = new List<int>();
        var end = Math.Min(_replays.Verdicts.Count, (part + 1) * PiecesAPart);
        for (var number = part * PiecesAPart; number < end; number++)
        {
            var piece = _replays.Verdicts[number].Piece;
            accounts.Clear();
            _pack.FindAccounts(piece, _inputs, accounts);
            for (var index = 0; index < accounts.Count; index++)
                places[accounts[index] == ReportPlace.Signer ? ShardOf(piece.Device) : ShardOf(accounts[index])].Add(new ReportPlace(accounts[index], number, index));
        }
        _parts[part] = Array.ConvertAll(places, place => place.ToArray());
    }

    /// <summary>A shard; asked for once, since its parts are let go.</summary>
    public EvidenceShard Shard(int number)
    {
        var reports = new ReportPlace[_parts.Sum(part => part[number].Length)];
        var filled = 0;
        foreach (var part in _parts)
        {
            part[number].CopyTo(reports, filled);
            filled += part[number].Length;
            part[number] = [];
        }
        return new EvidenceShard
        {
            Pieces = _replays.Verdicts,
            Reports = reports,
            Clones = _replays.Clones.Where(fault => ShardOf(fault.Device) == number).ToList(),
            Seen = _replays.Seen.Where(seen => ShardOf(seen.Device) == number).ToList(),
        };
    }

    private int ShardOf(DeviceId device)
    {
        var rank = _inputs.Registry.Devices.RankOf(device);
        return ShardOf(rank < 0 ? ~rank : rank);
    }

    // A stranger belongs where it would stand; behind the last device that is the last shard.
    private int ShardOf(int rank)
    {
        var count = _inputs.Registry.Devices.Count;
        return count == 0 ? 0 : (int)((long)Math.Min(rank, count - 1) * _shards / count);
    }
}
