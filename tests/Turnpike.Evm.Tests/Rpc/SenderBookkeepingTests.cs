using System.Numerics;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Turnpike.Core;
using Turnpike.Evm.Rpc;

namespace Turnpike.Evm.Tests.Rpc;

public sealed class SenderBookkeepingTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void Nonces_taken_are_the_lowest_free_ones_and_never_held_twice() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(ArbMap.Default.ArbFor<(byte Step, byte Which)[]>(), steps =>
        {
            var nonces = new NonceManager();
            var pending = 0UL;
            foreach (var (step, which) in steps ?? [])
            {
                var held = nonces.Held.ToHashSet();
                if (step % 4 == 0) pending += which % 3u;
                else if (step % 4 == 1 && held.Count > 0) nonces.Release(held.ElementAt(which % held.Count));
                else
                {
                    var taken = nonces.Take(pending);
                    if (held.Contains(taken) || taken < pending) return false;
                    for (var below = pending; below < taken; below++)
                    {
                        if (!held.Contains(below)) return false;
                    }
                }
                var gap = nonces.Gap(pending);
                if (gap is { } hole && (nonces.Held.Contains(hole) || hole < pending || hole >= nonces.Held.Max())) return false;
                if (gap is null && nonces.Held.Any(n => n > pending && Enumerable.Range((int)pending, (int)(n - pending)).Any(below => !nonces.Held.Contains((ulong)below)))) return false;
            }
            return true;
        }));

    [Fact]
    public void Nonce_of_a_stranger_is_skipped_until_the_chain_counts_it()
    {
        var nonces = new NonceManager();
        nonces.MarkForeign(5);
        Assert.Equal([4UL, 6UL], [nonces.Take(4), nonces.Take(4)]);
        nonces.Release(6);
        Assert.Equal(6UL, nonces.Take(6));
    }

    [Fact]
    public async Task Journal_gives_back_after_reopening_what_was_put()
    {
        var open = Entry("open", 7) with { To = Address.Parse("0x00000000000000000000000000000000000000aa"), Value = BigInteger.Pow(2, 255), Data = "data"u8.ToArray(), Attempts = [Attempt(1), Attempt(2)] };
        var outcome = new TransactionOutcome { State = TransactionState.Reverted, Nonce = 8, TransactionHash = Keccak256.Hash("t"u8), Block = new BlockPoint(9, Keccak256.Hash("b"u8)), GasUsed = 21_000, EffectiveGasPrice = 5, ContractAddress = Address.Zero };
        using (var journal = FileTransactionJournal.Open(_path))
        {
            await journal.PutAsync(open with { Attempts = [Attempt(1)] }, Stop);
            await journal.PutAsync(open, Stop);
            await journal.PutAsync(Entry("done", 8), Stop);
            await journal.PutAsync(Entry("done", 8) with { Outcome = outcome }, Stop);
            await journal.PutAsync(Entry("gone", 9), Stop);
            await journal.WithdrawAsync("gone", Stop);
        }
        using var again = FileTransactionJournal.Open(_path);
        var read = Assert.Single(await again.OpenEntriesAsync(Stop));
        Assert.Equal((open.Id, open.Nonce, open.To, open.Value, open.GasLimit, open.Fingerprint), (read.Id, read.Nonce, read.To, read.Value, read.GasLimit, read.Fingerprint));
        Assert.Equal(open.Data.ToArray(), read.Data.ToArray());
        Assert.Equal(open.Attempts.Select(a => (a.Hash, a.Fees, a.SignedAt, Hex.Format(a.Raw.Span))), read.Attempts.Select(a => (a.Hash, a.Fees, a.SignedAt, Hex.Format(a.Raw.Span))));
        Assert.Equal(outcome, (await again.FindAsync("done", Stop))!.Outcome);
        Assert.Null(await again.FindAsync("gone", Stop));
    }

    [Fact]
    public async Task Journal_cut_anywhere_in_its_last_line_keeps_all_lines_before()
    {
        using (var journal = FileTransactionJournal.Open(_path))
        {
            await journal.PutAsync(Entry("a", 1) with { Attempts = [Attempt(1)] }, Stop);
            await journal.PutAsync(Entry("b", 2) with { Attempts = [Attempt(2)] }, Stop);
        }
        var whole = await File.ReadAllBytesAsync(_path, Stop);
        var firstLine = Array.IndexOf(whole, (byte)'\n') + 1;
        for (var length = firstLine; length < whole.Length; length++)
        {
            await File.WriteAllBytesAsync(_path, whole[..length], Stop);
            using (var journal = FileTransactionJournal.Open(_path))
            {
                Assert.Equal("a", Assert.Single(await journal.OpenEntriesAsync(Stop)).Id);
                await journal.PutAsync(Entry("c", 3) with { Attempts = [Attempt(3)] }, Stop);
            }
            using var again = FileTransactionJournal.Open(_path);
            Assert.Equal(2, (await again.OpenEntriesAsync(Stop)).Count);
        }
    }

    [Fact]
    public async Task Journal_with_a_damaged_line_does_not_open()
    {
        using (var journal = FileTransactionJournal.Open(_path)) await journal.PutAsync(Entry("a", 1) with { Attempts = [Attempt(1)] }, Stop);
        var whole = await File.ReadAllBytesAsync(_path, Stop);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(Gen.Choose(0, whole.Length - 2).ToArbitrary(), ArbMap.Default.ArbFor<byte>(), (at, value) =>
        {
            var damaged = whole.ToArray();
            damaged[at] = value;
            File.WriteAllBytes(_path, damaged);
            try
            {
                using var journal = FileTransactionJournal.Open(_path);
            }
            catch (InvalidDataException e)
            {
                Assert.Contains("damaged", e.Message, StringComparison.Ordinal);
            }
        }));
        await File.WriteAllBytesAsync(_path, Encoding.UTF8.GetBytes("{}\n"), Stop);
        Assert.Throws<InvalidDataException>(() => FileTransactionJournal.Open(_path));
    }

    [Fact]
    public void Journal_is_held_by_one_sender_at_a_time()
    {
        using var first = FileTransactionJournal.Open(_path);
        Assert.Throws<IOException>(() => FileTransactionJournal.Open(_path));
    }

    public void Dispose() => File.Delete(_path);

    private static JournalEntry Entry(string id, ulong nonce) => new() { Id = id, Fingerprint = Keccak256.Hash(Encoding.UTF8.GetBytes(id)), Nonce = nonce, GasLimit = 50_000 };

    private static SignedAttempt Attempt(byte n)
    {
        byte[] raw = [2, n];
        return new SignedAttempt(raw, Keccak256.Hash(raw), new GasFees(n * 100, n, false), DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000 + n));
    }
}
