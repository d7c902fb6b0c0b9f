namespace Turnpike.Bench.Faults;

/// <summary>What goes wrong.</summary>
internal enum FaultKind
{
    /// <summary>The process is killed (SIGKILL) and started again from its folder.</summary>
    Kill,

    /// <summary>The oracle computes and signs an altered amount, in all else it follows the protocol.</summary>
    Alter,

    /// <summary>The oracle signs one outcome, forgets that it did, and signs another for the same inputs.</summary>
    Equivocate,

    /// <summary>The oracle's signatures are garbage.</summary>
    Garbage,

    /// <summary>Every message from and to the node is late, the chain's answers too.</summary>
    Lag,

    /// <summary>The node cannot be reached by some of the others, nor reach them.</summary>
    Partition,

    /// <summary>The newest blocks are replaced by empty ones; their transactions are lost from the pool as well.</summary>
    Reorganise,
}

/// <summary>One fault.</summary>
/// <param name="Kind">What.</param>
/// <param name="Node">Whom: oracles first, then gateways; -1 for the chain.</param>
/// <param name="From">Milliseconds after the start of epoch 1.</param>
/// <param name="Until">Its end.</param>
/// <param name="Detail">Depth of a reorganisation; seed of a partition's sides and of a lag's length.</param>
internal sealed record Fault(FaultKind Kind, int Node, int From, int Until, int Detail)
{
    /// <summary>Whether the oracle lies rather than fails.</summary>
    public bool IsLie => Kind is FaultKind.Alter or FaultKind.Equivocate or FaultKind.Garbage;

    /// <inheritdoc/>
    public override string ToString() => Kind is FaultKind.Reorganise ? $"{From,7} ms  reorganise {Detail} blocks" : $"{From,7} ms  {Kind} node {Node} until {Until} ms";
}

/// <summary>
/// The seeded schedule. Time is cut into slots of one epoch. In each slot at most f oracles are chosen, each with one fault that ends within the slot. Who may lie is chosen once for the whole
/// run, f oracles of n: the threat is f liars, not a different f each epoch who might lie about the same one. Gateways fail in addition, all of them now and then, but never for longer than
/// half an epoch, since what no gateway certifies in its own epoch or the next is too old to be paid. A reorganisation near the end of a commit window undoes commits that cannot be repeated, so no
/// two windows that follow each other are hit there.
/// </summary>
internal static class FaultSchedule
{
    private static readonly FaultKind[] Failures = [FaultKind.Kill, FaultKind.Kill, FaultKind.Lag, FaultKind.Partition];
    private static readonly FaultKind[] Lies = [FaultKind.Alter, FaultKind.Equivocate, FaultKind.Garbage];

    /// <summary>The schedule of a seed, by time.</summary>
    public static IReadOnlyList<Fault> Create(FaultOptions options)
    {
        var random = new Random(options.Seed);
        var liars = Choose(random, options.Oracles, options.Faulty);
        var faults = new List<Fault>();
        var hitLateBefore = false;
        for (var slot = 0; slot < options.Epochs; slot++)
        {
            var start = slot * options.EpochMilliseconds;
            AddOracles(faults, random, options, liars, start);
            AddGateways(faults, random, options, start);
            hitLateBefore = AddReorganisation(faults, random, options, start, hitLateBefore);
        }
        return faults.OrderBy(fault => fault.From).ThenBy(fault => fault.Node).ToList();
    }

    private static void AddOracles(List<Fault> faults, Random random, FaultOptions options, HashSet<int> liars, int start)
    {
        var count = random.NextDouble() < 0.75 ? options.Faulty : random.Next(options.Faulty + 1);
        // A liar is chosen more often than it would be by lot: lies are what the quorum is for.
        var chosen = random.NextDouble() < 0.5 ? liars.Take(count).ToHashSet() : Choose(random, options.Oracles, count);
        foreach (var oracle in chosen.Order())
        {
            var kind = liars.Contains(oracle) && random.NextDouble() < 0.7 ? Pick(random, Lies) : Pick(random, Failures);
            var (from, until) = (random.Next(options.EpochMilliseconds / 3), options.EpochMilliseconds * random.Next(60, 96) / 100);
            faults.Add(new Fault(kind, oracle, start + from, start + until, random.Next()));
        }
    }

    private static void AddGateways(List<Fault> faults, Random random, FaultOptions options, int start)
    {
        var all = random.NextDouble() < 0.15;
        for (var gateway = 0; gateway < options.Gateways; gateway++)
        {
            if (!all && random.NextDouble() >= 0.35) continue;
            var from = random.Next(options.EpochMilliseconds / 2);
            var length = options.EpochMilliseconds * random.Next(10, all ? 30 : 45) / 100;
            faults.Add(new Fault(Pick(random, Failures), options.Oracles + gateway, start + from, start + from + length, random.Next()));
        }
    }

    private static bool AddReorganisation(List<Fault> faults, Random random, FaultOptions options, int start, bool hitLateBefore)
    {
        if (random.NextDouble() >= 0.6) return false;
        var depth = random.Next(1, options.DeepestReorganisation + 1);
        var at = random.Next(options.EpochMilliseconds);
        // Blocks come every second: what lies deeper than this before the window's end can be committed again within it.
        var isLate = at > (options.GraceSeconds - 2 - depth) * 1000 && at < (options.GraceSeconds + depth + 1) * 1000;
        if (isLate && hitLateBefore) at = options.EpochMilliseconds - 1;
        faults.Add(new Fault(FaultKind.Reorganise, -1, start + at, start + at, depth));
        return isLate;
    }

    private static HashSet<int> Choose(Random random, int from, int count)
    {
        var all = Enumerable.Range(0, from).ToArray();
        random.Shuffle(all);
        return [.. all.Take(count)];
    }

    private static FaultKind Pick(Random random, FaultKind[] kinds) => kinds[random.Next(kinds.Length)];
}
