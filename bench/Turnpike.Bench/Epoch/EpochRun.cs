using System.Diagnostics;
using System.Security.Cryptography;
using Turnpike.Core;
using Turnpike.Core.Canonical;
using Turnpike.Core.Rules;
using Turnpike.Evidence;
using Turnpike.Evm;
using Turnpike.Ledger;
using Turnpike.Node.Epochs;
using Turnpike.Node.Oracle;

namespace Turnpike.Bench.Epoch;

/// <summary>The oracle's and the auditor's work on one epoch, each in a process of its own.</summary>
internal static class EpochRun
{
    /// <summary>Evidence on disk to files on disk and a signed report, as an oracle does it.</summary>
    public static async Task ComputeAsync(EpochSize size, CancellationToken cancellation)
    {
        var (task, store) = Prepare(size);
        var (clock, cpu) = (Stopwatch.GetTimestamp(), Process.GetCurrentProcess().TotalProcessorTime);
        var computed = await ComputationOf(store, size).RunAsync(task, cancellation);
        var stages = new StageClock();
        new EpochArchive(size.ArchiveFolder).Write(task.Epoch, computed.OutcomeFiles, computed.CarryFiles);
        stages.End("files on disk");
        var digest = new SigningDomain(EpochNetwork.Deployment.ChainId, EpochNetwork.Deployment.Settlement).Report(computed.Report);
        using var signOnce = new SignOnce(size.SignedFolder);
        if (!signOnce.TryBind(task.ConfigDigest, task.Epoch.Value, task.Attempt, computed.Report.InputsHash, digest)) throw new InvalidOperationException("The epoch was signed with another outcome.");
        using var key = EpochNetwork.Oracle;
        var signature = Secp256k1.Sign(digest, key);
        stages.End("signature");
        Report(size, computed, clock, cpu, stages.Stages);
        Console.WriteLine($"  rewards root {computed.Report.RewardsRoot}, outcome {computed.Report.OutcomeHash}, signed r {signature.R}");
        Console.WriteLine($"  {computed.Outcome.Devices.Count:N0} device lines, {computed.Outcome.Rewards.Count:N0} reward leaves, outcome {Megabytes(computed.OutcomeFiles):N0} MB, carry-over {Megabytes(computed.CarryFiles):N0} MB");
        Floor(size, store);
    }

    /// <summary>The same computation from the same bytes, and every file compared with what the oracle published.</summary>
    public static async Task AuditAsync(EpochSize size, CancellationToken cancellation)
    {
        var (task, store) = Prepare(size);
        var (clock, cpu) = (Stopwatch.GetTimestamp(), Process.GetCurrentProcess().TotalProcessorTime);
        var computed = await ComputationOf(store, size).RunAsync(task, cancellation);
        var stages = new StageClock();
        var same = IsPublished(computed.OutcomeFiles, Path.Combine(size.ArchiveFolder, "1", "outcome")) && IsPublished(computed.CarryFiles, Path.Combine(size.ArchiveFolder, "1", "carry"));
        stages.End("comparison");
        Report(size, computed, clock, cpu, stages.Stages);
        Console.WriteLine(same ? "  reproduced: every byte of outcome and carry-over is the same" : "  NOT reproduced");
        if (!same) throw new InvalidOperationException("The audit found another outcome.");
    }

    private static (EpochTask Task, EvidenceStore Store) Prepare(EpochSize size)
    {
        var clock = Stopwatch.GetTimestamp();
        var history = new EpochNetwork(size).Follow();
        var folded = Stopwatch.GetElapsedTime(clock);
        clock = Stopwatch.GetTimestamp();
        var head = history.Block!;
        var state = history.StateAt(head.Number);
        Console.WriteLine($"  ledger of {state.Devices.Count:N0} devices folded from {head.Number:N0} blocks of logs in {folded.TotalSeconds:F1} s (not part of the epoch); its state at the snapshot in {Stopwatch.GetElapsedTime(clock).TotalMilliseconds:F1} ms");
        var store = EvidenceStore.Open(size.EvidenceFolder);
        var manifest = store.Manifests.Single();
        var commit = new EvidenceCommit(1, EpochNetwork.Gateway, manifest.Hash(), manifest.ByteCount, manifest.Hash());
        var task = new EpochTask
        {
            Epoch = EpochNumber.First,
            OpenSince = EpochNumber.First,
            Attempt = 0,
            Snapshot = head,
            State = state,
            Commits = [commit],
            EvidenceRoot = commit.EvidenceRoot,
            RulesHash = RulesHash.Of(EpochNetwork.Pack, "bench"u8),
            ConfigDigest = Bytes32.Zero,
            PreviousReportHash = Bytes32.Zero,
            Carry = CarryOver.Empty,
        };
        return (task, store);
    }

    private static EpochComputation ComputationOf(EvidenceStore store, EpochSize size) => new(EpochNetwork.Pack, new EpochEvidenceReader(new StoredEvidence(store), EpochNetwork.Deployment), size.Shards);

    private static void Report(EpochSize size, ComputedEpoch computed, long clock, TimeSpan cpu, IEnumerable<EpochStage> rest)
    {
        var took = Stopwatch.GetElapsedTime(clock);
        var processor = Process.GetCurrentProcess().TotalProcessorTime - cpu;
        Console.WriteLine($"  took {took.TotalSeconds:F2} s, processor {processor.TotalSeconds:F2} s, {size.Records / took.TotalSeconds:N0} usage records/s, peak memory {PeakMegabytes():N0} MB");
        Console.WriteLine("  " + string.Join(" · ", computed.Stages.Concat(rest).Select(stage => $"{stage.Name} {stage.Took.TotalSeconds:F2} ({stage.Processor.TotalSeconds:F2})")) + "   in s, clock (processor)");
    }

    // What nobody can do without: one signature a batch, one hash over all bytes.
    private static void Floor(EpochSize size, EvidenceStore store)
    {
        using var key = EpochNetwork.RouterKey(0);
        var digest = SHA256.HashData("floor"u8);
        var signature = new byte[64];
        key.Sign(new Bytes32(digest), signature);
        var parameters = new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = key.Public.X.ToArray(), Y = key.Public.Y.ToArray() } };
        var (clock, cpu) = (Stopwatch.GetTimestamp(), Process.GetCurrentProcess().TotalProcessorTime);
        Parallel.For(0, size.Batches, () => ECDsa.Create(parameters), (_, _, verifier) => verifier.VerifyHash(digest, signature) ? verifier : throw new CryptographicException("A right signature does not verify."), verifier => verifier.Dispose());
        Parallel.ForEach(store.Segments, segment =>
        {
            using var file = File.OpenRead(Path.Combine(size.EvidenceFolder, "segments", segment.Sha256 + ".seg"));
            SHA256.HashData(file);
        });
        Console.WriteLine($"  floor: {size.Batches:N0} bare P-256 verifications and one SHA-256 over {store.Segments.Sum(segment => (long)segment.Bytes) / 1e6:N0} MB take {Stopwatch.GetElapsedTime(clock).TotalSeconds:F2} s, processor {(Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalSeconds:F2} s");
    }

    // Shard by shard, as the auditor fetches them.
    private static bool IsPublished(ShardSet ours, string folder) =>
        Directory.GetFiles(folder).Length == ours.Shards.Count && ours.Shards.All(shard => shard.Bytes.Span.SequenceEqual(File.ReadAllBytes(Path.Combine(folder, shard.Name))));

    private static double Megabytes(ShardSet files) => files.Shards.Sum(shard => (long)shard.Bytes.Length) / 1e6;

    private static double PeakMegabytes()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64 / 1e6;
    }
}
