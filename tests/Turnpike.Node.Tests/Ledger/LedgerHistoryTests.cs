using Turnpike.Core;
using Turnpike.Evm.Abi;
using Turnpike.Evm.Rpc;
using Turnpike.Ledger;
using Turnpike.Ledger.Contracts;

namespace Turnpike.Node.Tests.Ledger;

public sealed class LedgerHistoryTests
{
    private static readonly NetworkDeployment Deployment = new()
    {
        Name = "n",
        ChainId = 1,
        FirstBlock = 10,
        Token = At(1),
        Emissions = At(2),
        PriceFeed = At(3),
        Credits = At(4),
        Registry = At(5),
        Settlement = At(6),
        Distributor = At(7),
    };

    [Fact]
    public void Rollback_as_deep_as_a_follower_can_undo_still_knows_where_it_stands()
    {
        var history = Filled(200);

        history.RollBackTo(Header(209 - 128).Point);
        Assert.Equal(Header(209 - 128).Point, history.Block!.Point);
        Assert.Equal([history.Block.Point], history.RecentBlocks);
        Assert.Equal(72, history.Read(state => state.Gateways.Count));
    }

    [Fact]
    public void Rollback_below_the_first_block_takes_back_all()
    {
        var history = Filled(20);

        history.RollBackTo(new BlockPoint(9, Bytes32.Zero));
        Assert.Null(history.Block);
        Assert.Empty(history.RecentBlocks);
        Assert.Equal(0, history.Read(state => state.Gateways.Count));
        history.Add(Header(10), [Log(10)]);
        Assert.Equal(1, history.Read(state => state.Gateways.Count));
    }

    [Fact]
    public void Rollback_to_a_block_that_is_not_remembered_is_refused_and_changes_nothing()
    {
        var history = Filled(200);

        var refused = Assert.Throws<InvalidOperationException>(() => history.RollBackTo(Header(80).Point));
        Assert.EndsWith("is none of the 129 newest blocks applied: read the logs anew.", refused.Message, StringComparison.Ordinal);
        Assert.Equal((200, 209ul), (history.Read(state => state.Gateways.Count), history.Block!.Number));
    }

    // A block for each, with a gateway added in each.
    private static LedgerHistory Filled(int blocks)
    {
        var history = new LedgerHistory(Deployment);
        for (var number = 10ul; number < 10ul + (ulong)blocks; number++) history.Add(Header(number), [Log(number)]);
        return history;
    }

    private static BlockHeader Header(ulong number) => new() { Number = number, Hash = Word(number), ParentHash = Word(number - 1), Timestamp = number, GasLimit = 1, GasUsed = 1 };

    private static LogEntry Log(ulong number) => new()
    {
        Address = Deployment.Settlement,
        Topics = [EpochSettlement.GatewayAddedEvent.Topic0, Word(number)],
        Data = Convert.FromHexString(new string('0', 62) + "20" + new string('0', 62) + "01" + "61" + new string('0', 62)),
        BlockNumber = number,
        BlockHash = Word(number),
        TransactionHash = Word(number),
        LogIndex = 0,
        TransactionIndex = 0,
    };

    private static Bytes32 Word(ulong number) => Bytes32.Parse("0x" + number.ToString("x64", null));

    private static Address At(byte number) => new([.. new byte[19], number]);
}
