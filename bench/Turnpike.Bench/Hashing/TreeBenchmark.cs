using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Turnpike.Core;
using Turnpike.Core.Merkle;

namespace Turnpike.Bench.Hashing;

/// <summary>
/// The reward tree against OpenZeppelin's merkle-tree, which builds the same tree in JavaScript: accounts and amounts to a tree from which any proof is read.
/// Both build the smaller tree, and its roots must be equal; arguments: our leaves, the library's leaves.
/// </summary>
internal sealed class TreeBenchmark : IBenchmark
{
    private const int Rounds = 7;

    public string Name => "tree";

    public string Summary => "reward tree of 1,000,000 leaves against OpenZeppelin's merkle-tree [our leaves] [its leaves]";

    public async Task<int> RunAsync(string[] arguments, CancellationToken cancellation)
    {
        var ours = arguments.Length > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 1_000_000;
        var theirs = arguments.Length > 1 ? int.Parse(arguments[1], CultureInfo.InvariantCulture) : 20_000;
        var entries = Entries(ours);
        Build(entries[..Math.Min(ours, theirs)], 1);
        var one = Build(entries, workers: 1);
        var all = Build(entries, workers: -1);
        Console.WriteLine($"one core:     {ours / one:N0} leaves/s, {one * 1000:N0} ms of processor time for {ours:N0}");
        Console.WriteLine($"{Environment.ProcessorCount} processors: {ours / all:N0} leaves/s, {all * 1000:N0} ms on the clock");
        Proofs(entries);
        if (Peer.Folder("contracts", "@openzeppelin/merkle-tree") is not { } folder)
        {
            Console.Error.WriteLine("No ratio: npm ci --prefix contracts brings OpenZeppelin's merkle-tree.");
            return 1;
        }
        var smaller = Entries(theirs);
        var (root, seconds) = await OpenZeppelinAsync(folder, smaller, cancellation);
        var same = RewardTree.Build(smaller).Root.ToString() == root;
        Console.WriteLine($"OpenZeppelin: {theirs / seconds:N0} leaves/s, {seconds * 1000:N0} ms of processor time for {theirs:N0}; equal root for the same {theirs:N0} leaves: {(same ? "yes" : "NO")}");
        Console.WriteLine($"ratio:        {ours / one / (theirs / seconds):N0} on one core, processor time to processor time");
        return same ? 0 : 1;
    }

    private static (Address Account, UInt128 Cumulative)[] Entries(int count) => Enumerable.Range(0, count)
        .Select(i => Keccak256.Hash(BitConverter.GetBytes(i)).ToArray())
        .Select(hash => (new Address(hash.AsSpan(0, Address.Length)), (UInt128)BitConverter.ToUInt64(hash, 20) << 20))
        .ToArray();

    // On one core, processor time, which neighbours on a shared machine do not stretch; on all, the clock on the wall.
    private static double Build((Address Account, UInt128 Cumulative)[] entries, int workers) => Enumerable.Range(0, Rounds).Select(_ =>
    {
        if (workers == 1) return CpuTime.Of(() => RewardTree.Build(entries, workers)).TotalSeconds;
        var watch = Stopwatch.GetTimestamp();
        RewardTree.Build(entries, workers);
        return Stopwatch.GetElapsedTime(watch).TotalSeconds;
    }).Order().ElementAt(Rounds / 2);

    private static void Proofs((Address Account, UInt128 Cumulative)[] entries)
    {
        var tree = RewardTree.Build(entries);
        var watch = Stopwatch.GetTimestamp();
        var siblings = 0L;
        for (var i = 0; i < tree.Leaves.Count; i++) siblings += tree.Proof(i).Length;
        Console.WriteLine($"all {tree.Leaves.Count:N0} proofs read: {Stopwatch.GetElapsedTime(watch).TotalMilliseconds:N0} ms, {siblings:N0} siblings");
    }

    private static async Task<(string Root, double Seconds)> OpenZeppelinAsync(string folder, (Address Account, UInt128 Cumulative)[] entries, CancellationToken cancellation)
    {
        const string Script = """
            const { StandardMerkleTree } = require('@openzeppelin/merkle-tree');
            const leaves = JSON.parse(require('fs').readFileSync(0, 'utf8'));
            const start = process.cpuUsage();
            const tree = StandardMerkleTree.of(leaves, ['uint256', 'address', 'uint256', 'uint256']);
            const spent = process.cpuUsage(start);
            console.log(JSON.stringify({ root: tree.root, seconds: (spent.user + spent.system) / 1e6 }));
            """;
        var leaves = RewardTree.Build(entries).Leaves.Select(leaf => new[]
        {
            leaf.Index.ToString(CultureInfo.InvariantCulture), leaf.Account.ToString(), leaf.Cumulative.ToString(CultureInfo.InvariantCulture), leaf.PrefixSum.ToString(CultureInfo.InvariantCulture),
        });
        using var answer = JsonDocument.Parse(await Peer.RunAsync(folder, Script, JsonSerializer.Serialize(leaves), cancellation));
        return (answer.RootElement.GetProperty("root").GetString()!, answer.RootElement.GetProperty("seconds").GetDouble());
    }
}
