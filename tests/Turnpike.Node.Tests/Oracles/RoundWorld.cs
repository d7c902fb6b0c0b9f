using System.Security.Cryptography;
using Turnpike.Core;
using Turnpike.Evm;
using Turnpike.Ledger;
using Turnpike.Ledger.Contracts;
using Turnpike.Node.Oracle.Rounds;

namespace Turnpike.Node.Tests.Oracles;

/// <summary>Oracles with keys and books on disk, without a network or a chain: the test carries the messages.</summary>
internal sealed class RoundWorld : IDisposable
{
    public static readonly RoundKey Key = new(7, 0);
    public static readonly OracleTiming Timing = new() { BlockTime = TimeSpan.FromSeconds(1) };

    private readonly string _folder = Directory.CreateTempSubdirectory("turnpike-rounds-").FullName;

    public RoundWorld(int oracles, int faulty)
    {
        Keys = [.. Enumerable.Range(0, oracles).Select(i => Secp256k1PrivateKey.TryCreate(SHA256.HashData([(byte)i, 42]), out var key) ? key : throw new InvalidOperationException("no key"))];
        Signers = [.. Keys.Select(key => new LocalDigestSigner(key))];
        Oracles = new OracleSet(Word(1), 1, [.. Signers.Select(signer => signer.Address)], (byte)faulty, [.. Signers.Select((_, i) => $"http://oracle-{i}.test/")]);
    }

    public IReadOnlyList<Secp256k1PrivateKey> Keys { get; }

    public IReadOnlyList<LocalDigestSigner> Signers { get; }

    public OracleSet Oracles { get; }

    public SigningDomain Domain { get; } = new(31337, new Address(Enumerable.Repeat((byte)9, 20).ToArray()));

    public ManualTime Time { get; } = new();

    public string PathOf(int oracle) => Path.Combine(_folder, $"{oracle}.jsonl");

    /// <summary>An oracle's book, as its disk has it.</summary>
    public RoundBook Open(int oracle) => new(Key, Oracles, Domain, new RoundFile(PathOf(oracle)), Timing, Time);

    /// <summary>The honest report; another mint is a lie, other inputs another chain.</summary>
    public EpochSettlement.EpochReport Report(ulong mint = 100, byte inputs = 3) =>
        new(Word(5), Oracles.ConfigDigest, Key.Epoch, Key.Attempt, Word(2), Word(inputs), Word(4), Word(6), Word((byte)mint), Word(8), mint, mint, Word(9), 0);

    public Bytes32 Digest(EpochSettlement.EpochReport report) => Domain.Report(report);

    public Task CommitAsync(RoundBook book, int oracle, EpochSettlement.EpochReport report) => book.CommitAsync(report, Secp256k1.Sign(Domain.Report(report), Keys[oracle]), Signers[oracle], TestContext.Current.CancellationToken);

    /// <summary>A commitment and what opens it, made by hand: what a faulty oracle does without a book.</summary>
    public (CommitmentText Commitment, RevealText Reveal) Forge(int oracle, EpochSettlement.EpochReport report, byte salt)
    {
        var (digest, account) = (Domain.Report(report), Signers[oracle].Address);
        var hash = Commitment.HashOf(digest, account, Word(salt));
        var bound = Secp256k1.Sign(Domain.Commitment(report.ConfigDigest, report.Epoch, report.Attempt, report.InputsHash, hash), Keys[oracle]);
        var commitment = new Commitment(account, report.ConfigDigest, report.Epoch, report.Attempt, report.InputsHash, hash, bound);
        return (CommitmentText.Of(commitment), RevealText.Of(new Reveal(account, report, digest, Word(salt), Secp256k1.Sign(digest, Keys[oracle]))));
    }

    public static RoundMessage Message(params IReadOnlyList<CommitmentText> commitments) => new([], commitments, []);

    public static RoundMessage Message(params IReadOnlyList<RevealText> reveals) => new([], [], reveals);

    /// <summary>One exchange: both tell what the other may hear.</summary>
    public bool Exchange(RoundBook from, int fromOracle, RoundBook to, int toOracle, bool isOver = false)
    {
        var question = from.MessageTo(Oracles.Oracles[toOracle], [], isOver);
        if (!to.Take(question, isOver)) return false;
        return from.Take(to.MessageTo(Oracles.Oracles[fromOracle], question.Known.ToHashSet(), isOver), isOver);
    }

    public void Dispose()
    {
        foreach (var key in Keys) key.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static Bytes32 Word(byte value) => new(Enumerable.Repeat(value, 32).ToArray());
}
