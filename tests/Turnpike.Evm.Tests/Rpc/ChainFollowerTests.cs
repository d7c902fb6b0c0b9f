using System.Text.Json.Nodes;
using Turnpike.Core;
using Turnpike.Evm.Rpc;

namespace Turnpike.Evm.Tests.Rpc;

public sealed class ChainFollowerTests
{
    private static readonly Bytes32 Topic = Keccak256.Hash("follow"u8);
    private static readonly LogFilter Filter = new() { Topics = [[Topic]] };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(11)]
    [InlineData(12)]
    public async Task Reorganisation_is_undone_to_the_common_ancestor_and_the_new_branch_told(int depth)
    {
        await using var anvil = await Anvil.StartAsync();
        var emitter = await EmitterAsync(anvil);
        await using var view = new View(Follower(anvil.Client).FollowAsync(0, Stop));
        for (var i = 0; i < 15; i++) await EmitAsync(anvil, emitter);
        await view.MatchesAsync(anvil);
        var old = view.Blocks.ToArray();

        await anvil.ReorganiseAsync(depth);
        await EmitAsync(anvil, emitter);
        await view.MatchesAsync(anvil);
        var removal = Assert.Single(view.Removals);
        Assert.Equal(old[^(depth + 1)].Header.Point, removal.CommonAncestor);
        Assert.Equal(old.Reverse().Take(depth).Select(block => block.Header.Point), removal.NewestFirst.Select(block => block.Point));
        Assert.All(removal.NewestFirst, block => Assert.Single(block.Logs!));
    }

    [Fact]
    public async Task Repeated_reorganisations_while_blocks_arrive_leave_the_same_chain_as_the_node()
    {
        await using var anvil = await Anvil.StartAsync();
        var emitter = await EmitterAsync(anvil);
        await using var view = new View(Follower(anvil.Client, new ChainFollowerOptions { To = FollowTo.Latest, PollInterval = TimeSpan.FromMilliseconds(5), MaxBlocksPerStep = 4, ByHashDistance = 2 }).FollowAsync(0, Stop));
        var random = new Random(7);
        for (var round = 0; round < 12; round++)
        {
            for (var i = random.Next(6); i >= 0; i--) await EmitAsync(anvil, emitter);
            var head = await anvil.Client.BlockNumberAsync(Stop);
            await anvil.ReorganiseAsync((int)Math.Min(head, (ulong)random.Next(1, 9)));
        }
        await EmitAsync(anvil, emitter);
        await view.MatchesAsync(anvil);
    }

    [Fact]
    public async Task Confirmations_hide_a_shallow_reorganisation()
    {
        await using var anvil = await Anvil.StartAsync();
        await anvil.MineAsync(20);
        await using var view = new View(Follower(anvil.Client, new ChainFollowerOptions { To = FollowTo.Latest, Confirmations = 5, PollInterval = TimeSpan.FromMilliseconds(5) }).FollowAsync(0, Stop));
        await view.ReachesAsync(15);
        await anvil.ReorganiseAsync(5);
        await anvil.MineAsync(3);
        await view.ReachesAsync(18);
        Assert.Empty(view.Removals);
    }

    [Fact]
    public async Task Finalized_target_tells_only_finalized_blocks()
    {
        await using var anvil = await Anvil.StartAsync("--slots-in-an-epoch", "2");
        await anvil.MineAsync(20);
        var finalized = (await anvil.Client.BlockAsync(BlockReference.Finalized, Stop))!.Number;
        Assert.InRange(finalized, 1UL, 19UL);
        await using var view = new View(Follower(anvil.Client, new ChainFollowerOptions { PollInterval = TimeSpan.FromMilliseconds(5) }).FollowAsync(0, Stop));
        await view.ReachesAsync(finalized);
        await anvil.MineAsync(1);
        await view.ReachesAsync((await anvil.Client.BlockAsync(BlockReference.Finalized, Stop))!.Number);
    }

    [Fact]
    public async Task Follower_far_behind_reads_ranges_and_gives_the_same_logs()
    {
        await using var anvil = await Anvil.StartAsync();
        var emitter = await EmitterAsync(anvil);
        for (var i = 0; i < 10; i++)
        {
            await EmitAsync(anvil, emitter);
            await anvil.MineAsync(20);
        }
        var methods = new List<string>();
        await using var proxy = new Proxy(anvil.Address)
        {
            Rule = request =>
            {
                lock (methods) methods.Add(request is JsonArray batch ? "batch " + (string)batch[0]!["method"]! : Proxy.Method(request));
                return null;
            },
        };
        using var http = new HttpClient();
        await using var view = new View(Follower(EthereumClientTests.Over(http, proxy)).FollowAsync(3, Stop));
        await view.MatchesAsync(anvil, from: 3);
        Assert.Contains("eth_getLogs", methods);
        Assert.Contains("batch eth_getLogs", methods);
        Assert.True(methods.Count < 40, $"{methods.Count} requests for 210 blocks");
    }

    [Fact]
    public async Task Resuming_goes_on_after_the_point_and_notices_what_was_reorganised_meanwhile()
    {
        await using var anvil = await Anvil.StartAsync();
        var emitter = await EmitterAsync(anvil);
        for (var i = 0; i < 10; i++) await EmitAsync(anvil, emitter);
        BlockPoint[] applied;
        await using (var view = new View(Follower(anvil.Client).FollowAsync(0, Stop)))
        {
            await view.MatchesAsync(anvil);
            applied = [.. view.Blocks.Select(block => block.Header.Point)];
        }
        await EmitAsync(anvil, emitter);
        await using (var resumed = new View(Follower(anvil.Client).FollowAsync([applied[^1]], Stop)))
        {
            await resumed.ReachesAsync(applied[^1].Number + 1);
            Assert.Equal(applied[^1].Number + 1, resumed.Blocks[0].Header.Number);
        }

        await anvil.ReorganiseAsync(5); // the newest four applied blocks are gone
        await anvil.MineAsync(2);
        await using var away = new View(Follower(anvil.Client).FollowAsync(applied, Stop));
        await away.ReachesAsync(applied[^1].Number + 3);
        var removal = Assert.Single(away.Removals);
        Assert.Equal(applied[^5], removal.CommonAncestor);
        Assert.All(removal.NewestFirst, block => Assert.Null(block.Logs));

        var lost = await Assert.ThrowsAsync<ReorganisationTooDeepException>(async () =>
        {
            await foreach (var _ in Follower(anvil.Client).FollowAsync([applied[^1]], Stop)) Assert.Fail("Nothing can be told.");
        });
        Assert.Equal(applied[^1], lost.OldestKnown);
    }

    [Fact]
    public async Task Reorganisation_deeper_than_the_memory_stops_with_a_named_error()
    {
        await using var anvil = await Anvil.StartAsync();
        await anvil.MineAsync(10);
        await using var view = new View(Follower(anvil.Client, new ChainFollowerOptions { To = FollowTo.Latest, Memory = 3, PollInterval = TimeSpan.FromMilliseconds(5) }).FollowAsync(0, Stop));
        await view.ReachesAsync(10);
        await anvil.ReorganiseAsync(3);
        await anvil.MineAsync();
        await view.ReachesAsync(11);
        await anvil.ReorganiseAsync(4);
        await anvil.MineAsync();
        await Assert.ThrowsAsync<ReorganisationTooDeepException>(() => view.Ended.WaitAsync(TimeSpan.FromSeconds(20), Stop));
    }

    [Fact]
    public async Task Lagging_and_failing_server_is_waited_out_without_a_removal()
    {
        await using var anvil = await Anvil.StartAsync();
        var emitter = await EmitterAsync(anvil);
        for (var i = 0; i < 6; i++) await EmitAsync(anvil, emitter);
        var (round, troubles) = (0, 0);
        await using var proxy = new Proxy(anvil.Address)
        {
            Rule = request => (Interlocked.Increment(ref round) % 7) switch
            {
                0 => Proxy.Answer.Dropped,
                1 => new Proxy.Answer(default(ReadOnlyMemory<byte>), 503),
                2 when request is JsonArray batch && (string)batch[0]!["method"]! == "eth_getLogs" => new Proxy.Answer(new JsonArray([.. batch.Select(call => Proxy.Error(call!, -32000, "unknown block"))])),
                _ => null,
            },
            Change = (request, answer) =>
            {
                // Every other time the head is that of a server three blocks behind.
                if (Proxy.Method(request) == "eth_getBlockByNumber" && round % 2 == 0 && (string?)request["params"]![0] == "latest") return Proxy.Result(request, HeaderAsync(anvil, 4).GetAwaiter().GetResult());
                return answer;
            },
        };
        using var http = new HttpClient();
        var options = new ChainFollowerOptions { To = FollowTo.Latest, PollInterval = TimeSpan.FromMilliseconds(5), MaxDelay = TimeSpan.FromMilliseconds(20), OnTrouble = _ => Interlocked.Increment(ref troubles) };
        var client = EthereumClientTests.Over(http, proxy, new JsonRpcOptions { MaxAttempts = 1 });
        await using var view = new View(Follower(client, options).FollowAsync(0, Stop));
        for (var i = 0; i < 10; i++)
        {
            await EmitAsync(anvil, emitter);
            await view.MatchesAsync(anvil);
        }
        Assert.Empty(view.Removals);
        Assert.True(troubles > 0);
    }

    private static async Task<JsonNode?> HeaderAsync(Anvil anvil, int number) => JsonNode.Parse((await anvil.DoAsync("eth_getBlockByNumber", $"0x{number:x}", false)).GetRawText());

    private static ChainFollower Follower(EthereumClient client, ChainFollowerOptions? options = null) =>
        new(client, Filter, options ?? new ChainFollowerOptions { To = FollowTo.Latest, PollInterval = TimeSpan.FromMilliseconds(5) });

    private static Task<Address> EmitterAsync(Anvil anvil) => anvil.DeployAsync(Anvil.Code.Emitter);

    private static async Task EmitAsync(Anvil anvil, Address emitter) => await anvil.ReceiptAsync(await anvil.SendUnlockedAsync(0, emitter, (byte[])[.. Topic.ToArray(), .. new byte[32]]));

    /// <summary>A consumer: applies events, checking that each fits what was told before.</summary>
    private sealed class View : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly List<BlockAdded> _blocks = [];
        private readonly List<BlocksRemoved> _removals = [];

        public View(IAsyncEnumerable<ChainEvent> events) => Ended = Task.Run(() => ApplyAsync(events));

        public Task Ended { get; }

        public IReadOnlyList<BlockAdded> Blocks
        {
            get
            {
                lock (_blocks) return [.. _blocks];
            }
        }

        public IReadOnlyList<BlocksRemoved> Removals
        {
            get
            {
                lock (_blocks) return [.. _removals];
            }
        }

        public Task ReachesAsync(ulong number) => Anvil.UntilAsync(() => Task.FromResult(IsSound() && Blocks.Count > 0 && Blocks[^1].Header.Number == number), () => $"the view is at {(Blocks.Count > 0 ? Blocks[^1].Header.Point : null)}, not at {number}");

        /// <summary>Waits until blocks and logs are those of the node.</summary>
        public async Task MatchesAsync(Anvil anvil, ulong from = 0)
        {
            var head = await anvil.Client.BlockNumberAsync(Stop);
            var expected = (await anvil.Client.BlocksAsync(from, head, Stop)).Select(header => header!.Point).ToArray();
            await Anvil.UntilAsync(() => Task.FromResult(IsSound() && Blocks.Select(block => block.Header.Point).SequenceEqual(expected)), () => $"the view holds {Blocks.Count} blocks of {expected.Length}");
            var logs = await anvil.Client.LogsAsync(Filter, from, head, Stop);
            Assert.Equal(logs.Select(log => (log.BlockHash, log.LogIndex)), Blocks.SelectMany(block => block.Logs).Select(log => (log.BlockHash, log.LogIndex)));
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await ((Task)Ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        private bool IsSound()
        {
            if (Ended.IsFaulted) Ended.GetAwaiter().GetResult();
            return true;
        }

        private async Task ApplyAsync(IAsyncEnumerable<ChainEvent> events)
        {
            await foreach (var told in events.WithCancellation(_stop.Token))
            {
                lock (_blocks) Apply(told);
            }
        }

        private void Apply(ChainEvent told)
        {
            if (told is BlockAdded added)
            {
                if (_blocks.Count > 0) Assert.Equal(_blocks[^1].Header.Hash, added.Header.ParentHash);
                Assert.All(added.Logs, log => Assert.Equal(added.Header.Hash, log.BlockHash));
                _blocks.Add(added);
            }
            else if (told is BlocksRemoved removed)
            {
                _removals.Add(removed);
                foreach (var (point, _) in removed.NewestFirst)
                {
                    if (_blocks.Count == 0) continue; // known only from before this run
                    Assert.Equal(_blocks[^1].Header.Point, point);
                    _blocks.RemoveAt(_blocks.Count - 1);
                }
                if (_blocks.Count > 0) Assert.Equal(removed.CommonAncestor, _blocks[^1].Header.Point);
            }
        }
    }
}
