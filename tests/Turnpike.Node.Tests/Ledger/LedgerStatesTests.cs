using Turnpike.Core;
using Turnpike.Evm.Abi;
using Turnpike.Evm.Rpc;
using Turnpike.Ledger;
using Turnpike.Ledger.Contracts;

namespace Turnpike.Node.Tests.Ledger;

/// <summary>States at any block, in any order of asking, through rollbacks: each is what a fold of the logs from the first gives.</summary>
public sealed class LedgerStatesTests
{
    private static readonly NetworkDeployment Deployment = new()
    {
        Name = "n",
        ChainId = 1,
        FirstBlock = 1,
        Token = At(1),
        Emissions = At(2),
        PriceFeed = At(3),
        Credits = At(4),
        Registry = At(5),
        Settlement = At(6),
        Distributor = At(7),
    };

    private readonly Dictionary<int, int> _branches = new() { [0] = 0 };
    private int _branch;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void State_at_any_block_is_the_fold_of_all_logs_up_to_it(int seed)
    {
        var random = new Random(seed);
        var history = new LedgerHistory(Deployment);
        var chain = new List<List<LogEntry>>();
        for (var step = 0; step < 400; step++)
        {
            // Blocks outrun rollbacks by far, so that the checkpoint moves and is rolled back onto.
            if (random.Next(20) == 0 && chain.Count > 20)
            {
                var depth = random.Next(1, 12);
                chain.RemoveRange(chain.Count - depth, depth);
                history.RollBackTo(Header((ulong)chain.Count, _branches[chain.Count]).Point);
                _branch++;
            }
            var number = (ulong)chain.Count + 1;
            var logs = Enumerable.Range(0, random.Next(60)).Select(_ => Event(number, random)).ToList();
            chain.Add(logs);
            _branches[chain.Count] = _branch;
            history.Add(Header(number, _branch), logs);
            var asked = random.Next(1, chain.Count + 1);
            Assert.Equal(Text(Fold(chain.Take(asked))), Text(history.StateAt((ulong)asked)));
        }
        Assert.Equal(Text(Fold(chain)), history.Read(Text));
    }

    [Fact]
    public void State_that_was_handed_out_does_not_change_and_cannot_be_changed()
    {
        var history = new LedgerHistory(Deployment);
        history.Add(Header(1, 0), [Registered(1, 1), Registered(1, 2)]);
        var before = history.StateAt(1);
        var text = Text(before);
        history.Add(Header(2, 0), [Registered(2, 3), Status(2, 1, 1)]);
        Assert.Equal(text, Text(before));
        Assert.Equal((2, 3), (before.Devices.Count, history.StateAt(2).Devices.Count));
        Assert.Same(before, history.StateAt(1));
        Assert.Throws<InvalidOperationException>(() => before.Apply(Registered(3, 4)));
        Assert.Equal(text, Text(before));
    }

    [Fact]
    public void Snapshot_of_a_state_is_taken_once_and_holds_every_device()
    {
        var history = new LedgerHistory(Deployment);
        history.Add(Header(1, 0), [.. Enumerable.Range(1, 30).Select(i => Registered(1, i)), Status(1, 7, 1)]);
        var state = history.StateAt(1);
        var snapshot = state.Snapshot();
        Assert.Same(snapshot, state.Snapshot());
        Assert.Equal(30, snapshot.Devices.Count);
        Assert.Equal(Enumerable.Range(1, 30).Select(i => i != 7), Enumerable.Range(1, 30).Select(i => snapshot.Devices[Id(i)].Active));
    }

    private static LogEntry Event(ulong block, Random random) => random.Next(4) switch
    {
        0 => Registered(block, random.Next(50)),
        1 => Status(block, random.Next(50), random.Next(2)),
        2 => Log(Deployment.Registry, block, [DeviceRegistry.PayoutSetEvent.Topic0, Id(random.Next(50)).Value], Word((ulong)random.Next(9))),
        _ => Log(Deployment.Settlement, block, [EpochSettlement.GatewayRemovedEvent.Topic0, Word((ulong)random.Next(40))]),
    };

    private static LogEntry Registered(ulong block, int device) => Log(
        Deployment.Registry, block, [DeviceRegistry.DeviceRegisteredEvent.Topic0, Id(device).Value, Word(block)],
        Word(1), Word((ulong)device), Word(2), Word(1), Word(0), Word(0), Word(0), Word(2));

    private static LogEntry Status(ulong block, int device, int status) => Log(Deployment.Registry, block, [DeviceRegistry.StatusSetEvent.Topic0, Id(device).Value], Word((ulong)status), Word(0));

    private static LedgerState Fold(IEnumerable<List<LogEntry>> blocks)
    {
        var state = new LedgerState(Deployment);
        foreach (var log in blocks.SelectMany(logs => logs)) state.Apply(log);
        return state;
    }

    private static string Text(LedgerState state) =>
        string.Join('\n', state.Devices.OrderBy(device => device.Key).Select(device => $"{device.Key} {device.Value.Owner} {device.Value.Payout} {device.Value.Status}"));

    private static LogEntry Log(Address contract, ulong block, Bytes32[] topics, params Bytes32[] words) => new()
    {
        Address = contract,
        Topics = topics,
        Data = words.SelectMany(word => word.ToArray()).ToArray(),
        BlockNumber = block,
        BlockHash = Word(block),
        TransactionHash = Word(block),
        LogIndex = 0,
        TransactionIndex = 0,
    };

    private static BlockHeader Header(ulong number, int branch) => new() { Number = number, Hash = Word(((ulong)branch << 32) + number), ParentHash = Word(number - 1), Timestamp = number, GasLimit = 1, GasUsed = 1 };

    private static DeviceId Id(int device) => new(Word(1_000 + (ulong)device));

    private static Bytes32 Word(ulong number) => Bytes32.Parse("0x" + number.ToString("x64", null));

    private static Address At(byte number) => new([.. new byte[19], number]);
}
