using System.Security.Cryptography;
using Turnpike.Core;
using Turnpike.Core.Hashing;
using Turnpike.Core.Merkle;

namespace Turnpike.Bench.Hashing;

/// <summary>Many independent messages hashed together against the same messages one by one, on one core: rounds are interleaved and the median ratio is printed.</summary>
internal sealed class HashBenchmark : IBenchmark
{
    private const int Rounds = 15;

    public string Name => "hash";

    public string Summary => "SHA-256 and Keccak-256 of many messages: lanes against SHA256.HashData and the scalar Keccak";

    public Task<int> RunAsync(string[] arguments, CancellationToken cancellation)
    {
        Console.WriteLine($"{"",-44}{"together/s",14}{"one by one/s",14}{"ratio",8}");
        foreach (var length in new[] { 32, 64, 65, 128, 256, 512, 1024 })
        {
            var messages = new byte[length * 16384];
            new Random(length).NextBytes(messages);
            var digests = new Bytes32[16384];
            Compare($"SHA-256, {length} bytes, of SHA256.HashData", digests.Length, () => Sha256Batch.HashEqual(messages, length, digests), () =>
            {
                Span<byte> digest = stackalloc byte[32];
                for (var i = 0; i < digests.Length; i++)
                {
                    SHA256.HashData(messages.AsSpan(i * length, length), digest);
                    digests[i] = new Bytes32(digest);
                }
            });
            Compare($"Keccak-256, {length} bytes, of the scalar one", digests.Length, () => Keccak256Batch.HashEqual(messages, length, digests), () =>
            {
                for (var i = 0; i < digests.Length; i++) digests[i] = Keccak256.Hash(messages.AsSpan(i * length, length));
            });
        }
        Variable();
        Nodes();
        return Task.FromResult(0);
    }

    private static void Variable()
    {
        var random = new Random(7);
        var ends = new int[16384];
        for (var i = 0; i < ends.Length; i++) ends[i] = (i == 0 ? 0 : ends[i - 1]) + random.Next(20, 400);
        var messages = new byte[ends[^1]];
        random.NextBytes(messages);
        var digests = new Bytes32[ends.Length];
        Compare("SHA-256, 20 to 400 bytes", digests.Length, () => Sha256Batch.HashEach(messages, ends, digests), () =>
        {
            Span<byte> digest = stackalloc byte[32];
            for (var i = 0; i < digests.Length; i++)
            {
                SHA256.HashData(messages.AsSpan((i == 0 ? 0 : ends[i - 1])..ends[i]), digest);
                digests[i] = new Bytes32(digest);
            }
        });
        Compare("Keccak-256, 20 to 400 bytes", digests.Length, () => Keccak256Batch.HashEach(messages, ends, digests), () =>
        {
            for (var i = 0; i < digests.Length; i++) digests[i] = Keccak256.Hash(messages.AsSpan((i == 0 ? 0 : ends[i - 1])..ends[i]));
        });
    }

    private static void Nodes()
    {
        var leaves = Enumerable.Range(0, 65536).Select(i => Keccak256.Hash(BitConverter.GetBytes(i))).ToArray();
        Compare("RFC 6962 root, nodes", leaves.Length - 1, () => TransparencyTree.Root(leaves), () =>
        {
            var root = new TransparencyRoot();
            foreach (var leaf in leaves) root.Append(leaf);
            _ = root.Root;
        });
    }

    private static void Compare(string what, int items, Action together, Action oneByOne)
    {
        for (var i = 0; i < 30; i++)
        {
            together();
            if (i % 3 == 0) oneByOne();
        }
        var times = Enumerable.Range(0, Rounds).Select(_ => (Together: CpuTime.Of(together), OneByOne: CpuTime.Of(oneByOne))).ToArray();
        double Rate(Func<(TimeSpan Together, TimeSpan OneByOne), TimeSpan> side) => items / Median(times.Select(time => side(time).TotalSeconds));
        var ratio = Median(times.Select(time => time.OneByOne / time.Together));
        Console.WriteLine($"{what,-44}{Rate(time => time.Together),14:N0}{Rate(time => time.OneByOne),14:N0}{ratio,8:N2}");
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(Rounds / 2);
}
