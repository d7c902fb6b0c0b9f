using System.Numerics;
using Turnpike.Node.Epochs;
using Turnpike.Node.Oracle.Rounds;

namespace Turnpike.Node.Tests.Oracles;

/// <summary>The commit-then-reveal protocol by its guarantees, on a clock that the test moves.</summary>
public sealed class RoundBookTests
{
    [Fact]
    public async Task Nothing_is_shown_before_the_book_is_closed()
    {
        using var world = new RoundWorld(4, 1);
        var book = world.Open(0);
        await world.CommitAsync(book, 0, world.Report());
        Assert.True(book.Take(RoundWorld.Message(world.Forge(1, world.Report(), 1).Commitment), isOver: false));
        Assert.False(book.TryClose(isOver: false));

        var told = book.MessageTo(world.Oracles.Oracles[1], [], isOver: false);
        Assert.Equal(2, told.Commitments.Count);
        Assert.Empty(told.Reveals);
        Assert.Empty(book.EntryOf(0).Reveals);
        Assert.Null(book.QuorumFor(world.Digest(world.Report())));
    }

    [Theory]
    [InlineData(4, 1, 4, 0, true)]
    [InlineData(4, 1, 3, 0, false)]
    [InlineData(4, 1, 3, 1000, true)]
    [InlineData(4, 1, 2, 1000, false)]
    [InlineData(4, 1, 2, 4000, true)]
    [InlineData(4, 1, 1, 3_600_000, false)]
    [InlineData(7, 2, 5, 999, false)]
    [InlineData(7, 2, 5, 1000, true)]
    [InlineData(7, 2, 4, 3999, false)]
    [InlineData(7, 2, 3, 4000, true)]
    [InlineData(7, 2, 2, 3_600_000, false)]
    [InlineData(1, 0, 1, 0, true)]
    public async Task Book_closes_with_all_or_all_but_f_after_a_block_or_f_plus_1_after_four(int oracles, int faulty, int committed, int milliseconds, bool closes)
    {
        using var world = new RoundWorld(oracles, faulty);
        var book = world.Open(0);
        await world.CommitAsync(book, 0, world.Report());
        for (var i = 1; i < committed; i++) Assert.True(book.Take(RoundWorld.Message(world.Forge(i, world.Report(), 1).Commitment), isOver: false));
        world.Time.Advance(TimeSpan.FromMilliseconds(milliseconds));
        Assert.Equal(closes, book.TryClose(isOver: false));
    }

    [Fact]
    public async Task Closed_book_shows_reports_to_who_committed_and_to_everybody_when_it_is_over()
    {
        using var world = new RoundWorld(4, 1);
        var book = world.Open(0);
        await world.CommitAsync(book, 0, world.Report());
        book.Take(RoundWorld.Message(world.Forge(1, world.Report(), 1).Commitment, world.Forge(2, world.Report(), 1).Commitment), isOver: false);
        world.Time.Advance(RoundWorld.Timing.Patience);
        Assert.True(book.TryClose(isOver: false));

        Assert.Single(book.MessageTo(world.Oracles.Oracles[1], [], isOver: false).Reveals);
        Assert.Empty(book.MessageTo(world.Oracles.Oracles[3], [], isOver: false).Reveals);
        Assert.Single(book.MessageTo(world.Oracles.Oracles[3], [], isOver: true).Reveals);
    }

    [Fact]
    public async Task Copy_without_a_commitment_counts_for_nothing()
    {
        using var world = new RoundWorld(4, 1);
        var book = await ClosedAsync(world);
        Assert.True(book.Take(RoundWorld.Message(world.Forge(3, world.Report(), 1).Reveal), isOver: false));
        world.Time.Advance(TimeSpan.FromDays(1));
        Assert.Null(book.QuorumFor(world.Digest(world.Report())));
    }

    [Fact]
    public async Task Commitment_after_closing_is_late_and_counts_only_when_nobody_else_does()
    {
        using var world = new RoundWorld(4, 1);
        var book = await ClosedAsync(world);
        var (commitment, reveal) = world.Forge(3, world.Report(), 1);
        Assert.True(book.Take(RoundWorld.Message(commitment), isOver: false));
        Assert.True(book.Take(RoundWorld.Message(reveal), isOver: false));
        Assert.Null(book.QuorumFor(world.Digest(world.Report())));
        Assert.True(book.EntryOf(3).Opens(book.EntryOf(3).Reveals[0]));
        world.Time.Advance(RoundWorld.Timing.LongPatience);
        Assert.Equal(0b1001u, book.QuorumFor(world.Digest(world.Report()))!.Signers);
    }

    [Fact]
    public async Task Commitment_with_another_report_binds_its_maker_to_that_one()
    {
        using var world = new RoundWorld(4, 1);
        var book = world.Open(0);
        await world.CommitAsync(book, 0, world.Report());
        // The copier commits to nothing in particular, is shown the report, and signs that.
        book.Take(RoundWorld.Message(world.Forge(1, world.Report(mint: 1), 1).Commitment, world.Forge(2, world.Report(), 1).Commitment, world.Forge(3, world.Report(), 1).Commitment), isOver: false);
        Assert.True(book.TryClose(isOver: false));
        Assert.True(book.Take(RoundWorld.Message(world.Forge(1, world.Report(), 1).Reveal), isOver: false));
        world.Time.Advance(TimeSpan.FromDays(1));
        Assert.Null(book.QuorumFor(world.Digest(world.Report())));
    }

    [Fact]
    public async Task Oracle_that_commits_twice_is_late_with_both()
    {
        using var world = new RoundWorld(4, 1);
        var book = world.Open(0);
        await world.CommitAsync(book, 0, world.Report());
        var (first, second) = (world.Forge(1, world.Report(mint: 1), 1), world.Forge(1, world.Report(), 2));
        book.Take(RoundWorld.Message(first.Commitment, second.Commitment), isOver: false);
        world.Time.Advance(RoundWorld.Timing.LongPatience);
        Assert.True(book.TryClose(isOver: false));
        book.Take(RoundWorld.Message(second.Reveal), isOver: false);
        Assert.Null(book.QuorumFor(world.Digest(world.Report())));
    }

    [Fact]
    public async Task Reveal_that_somebody_spoiled_on_the_way_is_replaced_by_the_true_one()
    {
        using var world = new RoundWorld(4, 1);
        var book = world.Open(0);
        await world.CommitAsync(book, 0, world.Report());
        var (commitment, reveal) = world.Forge(1, world.Report(), 1);
        book.Take(RoundWorld.Message(commitment), isOver: false);
        world.Time.Advance(RoundWorld.Timing.LongPatience);
        Assert.True(book.TryClose(isOver: false));
        Assert.True(book.Take(RoundWorld.Message(reveal with { Salt = "0x" + new string('7', 64) }), isOver: false));
        Assert.Null(book.QuorumFor(world.Digest(world.Report())));
        Assert.True(book.Take(RoundWorld.Message(reveal), isOver: false));
        Assert.Equal(0b0011u, book.QuorumFor(world.Digest(world.Report()))!.Signers);
    }

    [Fact]
    public async Task Start_after_a_crash_sends_the_same_commitment_and_is_closed_as_before()
    {
        using var world = new RoundWorld(4, 1);
        var book = world.Open(0);
        await world.CommitAsync(book, 0, world.Report());
        var before = book.MessageTo(world.Oracles.Oracles[1], [], isOver: false).Commitments.Single();
        book = world.Open(0);
        await world.CommitAsync(book, 0, world.Report());
        Assert.Equal(before, book.MessageTo(world.Oracles.Oracles[1], [], isOver: false).Commitments.Single());

        book.Take(RoundWorld.Message(world.Forge(1, world.Report(), 1).Commitment), isOver: false);
        world.Time.Advance(RoundWorld.Timing.LongPatience);
        Assert.True(book.TryClose(isOver: false));
        var again = world.Open(0);
        Assert.True(again.IsClosed);
        Assert.True(again.Take(RoundWorld.Message(world.Forge(2, world.Report(), 1).Commitment), isOver: false));
        Assert.True(again.EntryOf(2).Commitments.Single().Late);
        Assert.False(again.EntryOf(1).Commitments.Single().Late);
    }

    [Fact]
    public async Task Torn_last_line_is_cut_and_a_damaged_one_stops_the_oracle()
    {
        using var world = new RoundWorld(4, 1);
        await world.CommitAsync(world.Open(0), 0, world.Report());
        var whole = File.ReadAllBytes(world.PathOf(0));
        for (var cut = 1; cut < whole.Length; cut += 97)
        {
            File.WriteAllBytes(world.PathOf(0), whole[..^cut]);
            var book = world.Open(0);
            Assert.False(book.IsCommitted);
            await world.CommitAsync(book, 0, world.Report());
            Assert.True(world.Open(0).IsCommitted);
        }
        File.WriteAllBytes(world.PathOf(0), [.. "{\"own\":"u8, (byte)'\n', .. whole]);
        Assert.Throws<EvidenceException>(() => world.Open(0));
    }

    [Fact]
    public void Statements_that_their_oracle_did_not_sign_for_this_round_are_refused()
    {
        using var world = new RoundWorld(4, 1);
        using var strangers = new RoundWorld(5, 1);
        var book = world.Open(0);
        var (commitment, reveal) = world.Forge(1, world.Report(), 1);
        RoundMessage[] bad =
        [
            RoundWorld.Message(commitment with { Epoch = 8 }), RoundWorld.Message(commitment with { Attempt = 1 }), RoundWorld.Message(commitment with { Hash = "0x" + new string('1', 64) }),
            RoundWorld.Message(commitment with { InputsHash = "0x" + new string('1', 64) }), RoundWorld.Message(commitment with { ConfigDigest = "0x" + new string('3', 64) }),
            RoundWorld.Message(commitment with { Oracle = world.Oracles.Oracles[2].ToString() }), RoundWorld.Message(commitment with { Signature = "0x" }), RoundWorld.Message(commitment with { Oracle = null! }),
            RoundWorld.Message(reveal with { Report = reveal.Report with { Mint = "101" } }), RoundWorld.Message(reveal with { Report = reveal.Report with { Epoch = 8 } }), RoundWorld.Message(reveal with { Report = null! }),
            RoundWorld.Message(reveal with { Oracle = world.Oracles.Oracles[2].ToString() }), RoundWorld.Message(strangers.Forge(4, strangers.Report(), 1).Commitment), RoundWorld.Message(strangers.Forge(4, strangers.Report(), 1).Reveal),
            new RoundMessage([], [null!], []), new RoundMessage([], null!, []), new RoundMessage(null!, [], []), RoundWorld.Message(Enumerable.Repeat(commitment, 25).ToArray()),
        ];
        Assert.All(bad, message => Assert.False(book.Take(message, isOver: false)));
        Assert.All(Enumerable.Range(0, 4), oracle => Assert.Empty(book.EntryOf(oracle).Commitments));
        Assert.All(Enumerable.Range(0, 4), oracle => Assert.Empty(book.EntryOf(oracle).Reveals));
        Assert.True(book.Take(RoundWorld.Message(commitment), isOver: false));
    }

    [Fact]
    public void Proof_of_lies_is_kept_and_bounded()
    {
        using var world = new RoundWorld(4, 1);
        var book = world.Open(0);
        for (var i = 0; i < 20; i++)
        {
            var (commitment, reveal) = world.Forge(1, world.Report(mint: (ulong)i), (byte)i);
            book.Take(RoundWorld.Message(commitment), isOver: true);
            book.Take(RoundWorld.Message(reveal), isOver: true);
        }
        Assert.Equal(4, book.EntryOf(1).Reveals.Count);
        Assert.Equal(4, book.EntryOf(1).Commitments.Count);
        Assert.Equal(4, world.Open(0).EntryOf(1).Reveals.Count);
    }

    // Ten liars of 32 may sign four reports each: no message grows beyond what a node reads, and nothing is left out for good.
    [Fact]
    public void More_statements_than_a_message_carries_come_with_the_next_ones()
    {
        using var world = new RoundWorld(32, 10);
        var (full, empty) = (world.Open(0), world.Open(1));
        for (var oracle = 0; oracle < 32; oracle++)
            for (var i = 0; i < (oracle < 10 ? 4 : 1); i++)
            {
                var (commitment, reveal) = world.Forge(oracle, world.Report(mint: (ulong)(100 + i)), (byte)(i + 1));
                Assert.True(full.Take(RoundWorld.Message(commitment), isOver: true));
                Assert.True(full.Take(RoundWorld.Message(reveal), isOver: true));
            }
        for (var i = 0; i < 3; i++)
        {
            var message = full.MessageTo(world.Oracles.Oracles[1], empty.MessageTo(world.Oracles.Oracles[0], [], isOver: true).Known.ToHashSet(), isOver: true);
            Assert.InRange(System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(message, Oracle.Peers.PeerReply.Json).Length, 1, 120 * 1024);
            Assert.True(empty.Take(message, isOver: true));
        }
        for (var oracle = 0; oracle < 32; oracle++) Assert.Equal(full.EntryOf(oracle).Reveals.Select(reveal => reveal.Digest).ToHashSet(), empty.EntryOf(oracle).Reveals.Select(reveal => reveal.Digest).ToHashSet());
    }

    // n oracles of which f say nothing, lie alike, or commit and never show; messages get lost, doubled, late. Every honest oracle comes to the same quorum, of signatures over the honest report, and saw
    // nobody's report before its own was bound.
    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Every_honest_oracle_reaches_the_honest_quorum(int seed)
    {
        var random = new Random(seed);
        var faulty = random.Next(0, 4);
        var count = 3 * faulty + 1 + random.Next(0, 3);
        using var world = new RoundWorld(count, faulty);
        var (honest, lie) = (world.Report(), world.Report(mint: 99));
        var kinds = Enumerable.Range(0, count).Select(i => i < faulty ? 1 + random.Next(0, 3) : 0).OrderBy(_ => random.Next()).ToArray();
        var books = Enumerable.Range(0, count).Select(world.Open).ToArray();
        var starts = kinds.Select(_ => random.Next(0, 40)).ToArray();
        var quorums = new Dictionary<int, uint>();
        var honestOracles = Enumerable.Range(0, count).Where(i => kinds[i] == 0).ToList();
        for (var tick = 0; tick < 400 && quorums.Count < honestOracles.Count; tick++)
        {
            world.Time.Advance(TimeSpan.FromMilliseconds(100));
            for (var i = 0; i < count; i++)
            {
                if (kinds[i] == 1 || tick < starts[i]) continue;
                if (!books[i].IsCommitted)
                {
                    if (kinds[i] == 0) Assert.All(Enumerable.Range(0, count), other => Assert.Empty(books[i].EntryOf(other).Reveals));
                    await world.CommitAsync(books[i], i, kinds[i] == 2 ? lie : honest);
                }
                if (kinds[i] != 3) books[i].TryClose(isOver: false);
                if (kinds[i] == 0 && random.Next(50) == 0) books[i] = world.Open(i);
                if (kinds[i] == 0 && books[i].QuorumFor(world.Digest(honest)) is { } quorum) quorums[i] = quorum.Signers;
                Assert.Null(books[i].QuorumFor(world.Digest(lie)));
                var other = random.Next(count);
                if (other == i || kinds[other] == 1 || tick < starts[other] || random.Next(3) == 0) continue;
                for (var twice = random.Next(2); twice >= 0; twice--) Assert.True(world.Exchange(books[i], i, books[other], other));
            }
        }
        Assert.Equal(honestOracles.Count, quorums.Count);
        Assert.All(quorums.Values, signers =>
        {
            Assert.Equal(faulty + 1, BitOperations.PopCount(signers));
            Assert.All(Enumerable.Range(0, count).Where(i => (signers >> i & 1) != 0), i => Assert.NotEqual(2, kinds[i]));
        });
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 12)];

    // Oracle 0 closed with 1's commitment, of which nothing follows; 2 and 3 were not heard.
    private static async Task<RoundBook> ClosedAsync(RoundWorld world)
    {
        var book = world.Open(0);
        await world.CommitAsync(book, 0, world.Report());
        book.Take(RoundWorld.Message(world.Forge(1, world.Report(mint: 1), 1).Commitment), isOver: false);
        world.Time.Advance(RoundWorld.Timing.LongPatience);
        Assert.True(book.TryClose(isOver: false));
        return book;
    }
}
