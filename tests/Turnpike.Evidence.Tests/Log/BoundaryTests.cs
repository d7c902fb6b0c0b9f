using System.Globalization;
using System.Text;
using Turnpike.Core;

namespace Turnpike.Evidence.Tests.Log;

/// <summary>
/// A process that ends by SIGKILL exactly at a boundary between two changes of the disk, twenty times at each, in a folder that keeps what all of them left.
/// TURNPIKE_KILLS sets another number.
/// </summary>
public sealed class BoundaryTests
{
    private const string BoundaryVariable = "TURNPIKE_EVIDENCE_CHILD_BOUNDARY";
    private const string CountVariable = "TURNPIKE_EVIDENCE_CHILD_COUNT";
    private const int AtOnce = 3;

    private static readonly Address Gateway = Address.Parse("0x70997970c51812dc3a010c7d01b50e0d17dc79c8");
    private static readonly int Kills = int.Parse(Environment.GetEnvironmentVariable("TURNPIKE_KILLS") ?? "20", CultureInfo.InvariantCulture);

    private static readonly string[] Boundaries =
    [
        CommitBoundary.AppendBegins, CommitBoundary.AppendWritten, CommitBoundary.AppendSynced, "open-written", "open-renamed", "segments-written", "segments-renamed",
        CommitBoundary.SegmentMoved, "manifests-written", "manifests-renamed", "certified-written", "certified-renamed",
        CommitBoundary.SegmentRetired, CommitBoundary.SummaryRetired, CommitBoundary.NoteRetired,
    ];

    [Fact]
    public async Task Killed_at_every_boundary_nothing_acknowledged_is_lost_doubled_or_told_otherwise_later()
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = TestContext.Current.CancellationToken };
        await Parallel.ForEachAsync(Boundaries, options, async (boundary, _) => await KillAtAsync(boundary));
    }

    private static async Task KillAtAsync(string boundary)
    {
        using var folder = new Samples.Folder();
        var random = new Random(string.GetHashCode(boundary, StringComparison.Ordinal) ^ 20260101);
        var told = new Told();
        for (var kill = 0; kill < Kills; kill++)
        {
            await RunAsync(folder.Path, boundary, random.Next(1, 3), told);
            await told.RequireAsync(folder.Path, boundary);
        }
        Assert.True(told.Pieces.Count > 0, $"{boundary}: the children did nothing");
    }

    private static async Task RunAsync(string folder, string boundary, int count, Told told)
    {
        using var child = Child.Start("boundary", folder, [(BoundaryVariable, boundary), (CountVariable, count.ToString(CultureInfo.InvariantCulture))]);
        var output = await child.StandardOutput.ReadToEndAsync();
        var error = await child.StandardError.ReadToEndAsync();
        await child.WaitForExitAsync();
        Assert.True(child.ExitCode == 128 + 9, $"{boundary}: the child was not killed, it ended with {child.ExitCode}: {error}");
        // Only whole lines were told for certain.
        foreach (var line in output.Split('\n')[..^1]) told.Add(line.Split(' '));
    }

    /// <summary>The child's part: a gateway's whole life, epoch after epoch, each step told once it returned.</summary>
    internal static async Task LiveUntilKilledAsync(string folder)
    {
        var boundary = Environment.GetEnvironmentVariable(BoundaryVariable);
        var left = int.Parse(Environment.GetEnvironmentVariable(CountVariable)!, CultureInfo.InvariantCulture);
        var log = EvidenceLog.Open(new EvidenceLogOptions { Folder = folder, NetworkId = Samples.Network, SegmentBytes = 4096 }, TimeProvider.System);
        var book = ManifestBook.Open(log, folder, Samples.Network, Gateway);
        // Armed here: opening passes the same boundaries only when it mends something.
        CommitBoundary.Passed = name =>
        {
            if (name == boundary && Interlocked.Decrement(ref left) == 0) Child.Die();
        };
        using var output = Console.OpenStandardOutput();
        void Tell(string line) => output.Write(Encoding.ASCII.GetBytes(line + "\n"));
        for (var epoch = book.LastSealed.Next; ; epoch = epoch.Next)
        {
            await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
            {
                for (var i = 0; i < 4; i++)
                {
                    var id = FormattableString.Invariant($"{epoch.Value:d8}{Guid.NewGuid():n}");
                    if ((await log.AppendAsync(RecordType.Evidence, Encoding.ASCII.GetBytes(id.PadRight(300, '.')), Samples.Now, CancellationToken.None)).IsDurable) Tell("piece " + id);
                }
            })));
            var manifest = await book.SealAsync(epoch, CancellationToken.None);
            Tell($"manifest {epoch} {manifest.Hash()}");
            if (epoch.Value % 4 != 0)
            {
                book.MarkCertified(epoch, manifest.Hash());
                Tell($"certified {epoch} {manifest.Hash()}");
            }
            if (epoch.Value > 6)
            {
                Tell($"retiring {epoch.Value - 5}");
                book.Retire(new EpochNumber(epoch.Value - 5), _ => true);
            }
        }
    }

    /// <summary>What children told before they were killed.</summary>
    private sealed class Told
    {
        private ulong _oldestKept = 1;

        public HashSet<string> Pieces { get; } = [];

        public Dictionary<ulong, Bytes32> Manifests { get; } = [];

        public Dictionary<ulong, Bytes32> Certified { get; } = [];

        public void Add(string[] words)
        {
            if (words[0] == "piece") Pieces.Add(words[1]);
            else if (words[0] == "retiring") _oldestKept = Math.Max(_oldestKept, ulong.Parse(words[1], CultureInfo.InvariantCulture));
            else (words[0] == "manifest" ? Manifests : Certified)[ulong.Parse(words[1], CultureInfo.InvariantCulture)] = Bytes32.Parse(words[2]);
        }

        public async Task RequireAsync(string folder, string boundary)
        {
            await using var log = LogHarness.Open(folder);
            var book = ManifestBook.Open(log, folder, Samples.Network, Gateway);
            var found = (await log.ReadAllAsync()).Select(text => text[..40]).ToList();
            Assert.True(found.Count == found.Distinct().Count(), $"{boundary}: a piece is there twice");
            // Retirement deletes what was received and certified in old epochs, and nothing else.
            var lost = Pieces.Except(found).Count(id => ulong.Parse(id[..8], CultureInfo.InvariantCulture) >= _oldestKept);
            Assert.True(lost == 0, $"{boundary}: {lost} acknowledged pieces are lost");
            var kept = book.Certified.Where(entry => entry.Key.Value >= _oldestKept).ToDictionary(entry => entry.Key.Value, entry => entry.Value);
            foreach (var (epoch, hash) in Certified.Where(entry => entry.Key >= _oldestKept)) Assert.True(kept.GetValueOrDefault(epoch) == hash, $"{boundary}: epoch {epoch} was certified");
            foreach (var (epoch, hash) in Manifests.Where(entry => entry.Key >= _oldestKept))
            {
                Assert.True(log.Store.TryGetManifest(hash, out var manifest), $"{boundary}: the manifest of epoch {epoch} is gone");
                if (book.Certified.ContainsKey(manifest.Epoch)) Assert.All(manifest.Segments, segment => Assert.True(log.Store.TryGetSegment(segment.Sha256, out _), $"{boundary}: segment {segment.Number} of epoch {epoch} is gone"));
            }
        }
    }
}
