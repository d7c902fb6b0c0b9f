using Turnpike.Evm.Rpc;
using Turnpike.Ledger;

namespace Turnpike.Node.Tests.Ledger;

public sealed class SnapshotBlockTests
{
    private const long Genesis = DevelopmentChain.Genesis;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(10, 2)] // a block at the very end belongs to the next epoch
    [InlineData(11, 3)]
    [InlineData(9, 2)]
    [InlineData(8, 1)] // again at the border
    [InlineData(30, 4)]
    [InlineData(31, 5)]
    public async Task Snapshot_is_the_last_block_before_the_end(long end, ulong expected)
    {
        await using var chain = await DevelopmentChain.StartAsync();
        foreach (var time in new[] { 3, 8, 10, 25, 30, 40 }) await chain.MineAtAsync(Genesis + time);

        var block = await SnapshotBlock.FindAsync(chain.Client, Genesis + end, 0, await chain.HeadAsync(), Stop);

        Assert.Equal(expected, block!.Number);
    }

    [Fact]
    public async Task Snapshot_is_what_a_scan_finds_whatever_the_gaps()
    {
        await using var chain = await DevelopmentChain.StartAsync();
        var random = new Random(7);
        var times = new List<long> { Genesis };
        while (times.Count < 40)
        {
            times.Add(times[^1] + (random.Next(3) == 0 ? random.Next(20, 60) : 1));
            await chain.MineAtAsync(times[^1]);
        }
        var head = await chain.HeadAsync();
        Assert.Equal(times[^1], (long)head.Timestamp);

        for (var end = times[10] - 1; end <= times[^1] + 2; end++)
        {
            var expected = times.FindLastIndex(time => time < end);
            var block = await SnapshotBlock.FindAsync(chain.Client, end, 3, head, Stop);
            Assert.Equal(end > times[^1] ? null : (ulong)expected, block?.Number);
        }
    }

    [Fact]
    public async Task Snapshot_waits_while_the_last_block_is_before_the_end()
    {
        await using var chain = await DevelopmentChain.StartAsync();
        await chain.MineAtAsync(Genesis + 9);

        Assert.Null(await SnapshotBlock.FindAsync(chain.Client, Genesis + 10, 0, await chain.HeadAsync(), Stop));
        await chain.MineAtAsync(Genesis + 10);
        Assert.Equal(1ul, (await SnapshotBlock.FindAsync(chain.Client, Genesis + 10, 0, await chain.HeadAsync(), Stop))!.Number);
    }

    // The published Helium blueprint starts its calendar long before anybody deploys it.
    [Fact]
    public async Task Snapshot_of_an_epoch_before_the_deployment_is_the_deployments_first_block()
    {
        await using var chain = await DevelopmentChain.StartAsync();
        for (var i = 1; i <= 6; i++) await chain.MineAtAsync(Genesis + i);

        Assert.Equal(4ul, (await SnapshotBlock.FindAsync(chain.Client, Genesis - 1000, 4, await chain.HeadAsync(), Stop))!.Number);
    }

    [Fact]
    public async Task Snapshot_waits_while_the_deployment_is_not_finalized()
    {
        await using var chain = await DevelopmentChain.StartAsync();
        for (var i = 1; i <= 6; i++) await chain.MineAtAsync(Genesis + i);
        var finalized = await chain.Client.BlockAsync(BlockReference.At(4), Stop);

        Assert.Null(await SnapshotBlock.FindAsync(chain.Client, Genesis - 1000, 5, finalized!, Stop).WaitAsync(TimeSpan.FromSeconds(5), Stop));
    }
}
