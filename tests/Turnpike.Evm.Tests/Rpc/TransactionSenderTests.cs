using System.Collections.Concurrent;
using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;
using Turnpike.Core;
using Turnpike.Evm.Abi;
using Turnpike.Evm.Rpc;

namespace Turnpike.Evm.Tests.Rpc;

public sealed class TransactionSenderTests : IDisposable
{
    private static readonly Address Friend = Address.Parse("0x00000000000000000000000000000000000000fe");

    private readonly ConcurrentQueue<SenderAlert> _alerts = [];
    private readonly Secp256k1PrivateKey _key = Anvil.Key(0);
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Intents_given_at_once_are_all_mined_in_nonce_order()
    {
        await using var anvil = await Anvil.StartAsync();
        await using var sender = await StartAsync(anvil.Client);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => sender.SendAsync(Pay("pay/" + i, i + 1), Stop)));
        Assert.All(outcomes, outcome => Assert.Equal(TransactionState.Succeeded, outcome.State));
        Assert.Equal(Enumerable.Range(0, 40).Select(i => (ulong)i), outcomes.Select(outcome => outcome.Nonce).Order());
        Assert.Equal(new BigInteger(820), await BalanceAsync(anvil, Friend));
    }

    [Fact]
    public async Task Outcome_waits_for_the_confirmations()
    {
        await using var anvil = await Anvil.StartAsync("--no-mining");
        await using var sender = await StartAsync(anvil.Client, new() { Confirmations = 3 });
        var sending = sender.SendAsync(Pay("pay", 1), Stop);
        await PooledAsync(anvil, 0);
        await anvil.MineAsync(2);
        await Task.Delay(200, Stop);
        Assert.False(sending.IsCompleted);
        await anvil.MineAsync();
        Assert.Equal(1UL, (await DoneAsync(sending)).Block!.Value.Number);
    }

    [Fact]
    public async Task Same_id_is_executed_once_also_at_the_same_time_and_after_a_restart()
    {
        var path = Path.GetTempFileName();
        await using var anvil = await Anvil.StartAsync();
        TransactionOutcome first;
        using (var journal = FileTransactionJournal.Open(path))
        {
            await using var sender = await StartAsync(anvil.Client, journal: journal);
            var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => sender.SendAsync(Pay("once", 3), Stop)));
            first = Assert.Single(outcomes.Distinct());
            Assert.Equal(first, await sender.SendAsync(Pay("once", 3), Stop));
            await Assert.ThrowsAsync<ArgumentException>(() => sender.SendAsync(Pay("once", 4), Stop));
        }
        using (var journal = FileTransactionJournal.Open(path))
        {
            await using var restarted = await StartAsync(anvil.Client, journal: journal);
            Assert.Equal(first, await restarted.SendAsync(Pay("once", 3), Stop));
        }
        Assert.Equal(new BigInteger(3), await BalanceAsync(anvil, Friend));
        File.Delete(path);
    }

    [Fact]
    public async Task Journal_is_free_for_the_next_sender_when_its_own_is_disposed_or_did_not_start()
    {
        var path = Path.GetTempFileName();
        await using var anvil = await Anvil.StartAsync();
        var sender = await StartAsync(anvil.Client, journal: FileTransactionJournal.Open(path));
        await sender.DisposeAsync();
        var nobody = new EthereumClient(new JsonRpcClient(_http, new Uri("http://127.0.0.1:1"), new JsonRpcOptions { MaxAttempts = 1 }));
        await Assert.ThrowsAsync<RpcException>(() => StartAsync(nobody, journal: FileTransactionJournal.Open(path)));

        FileTransactionJournal.Open(path).Dispose();
        File.Delete(path);
    }

    [Theory]
    [InlineData("before")]
    [InlineData("after")]
    [InlineData("mined")]
    public async Task Crash_around_the_publication_is_taken_up_by_the_next_start(string moment)
    {
        await using var anvil = await Anvil.StartAsync("--no-mining");
        var journal = new MemoryTransactionJournal();
        await using var proxy = new Proxy(anvil.Address);
        // "before": the bytes never reach the node. "after": they do, the answer is lost.
        if (moment == "before") proxy.Rule = request => IsSending(request) ? Proxy.Answer.Dropped : null;
        else proxy.Rule = request => IsSending(request) ? LoseAnswer(anvil, request) : null;
        await using (var sender = await StartAsync(EthereumClientTests.Over(_http, proxy), new() { PollInterval = TimeSpan.FromMinutes(5) }, journal))
        {
            var sending = sender.SendAsync(Pay("crash", 9), Stop);
            await Anvil.UntilAsync(() => Task.FromResult(_alerts.Any(alert => alert.Code == SenderAlertCode.PublicationUncertain)), () => "nothing was published");
            await sender.DisposeAsync();
            await Assert.ThrowsAsync<ObjectDisposedException>(() => sending);
        }
        var entry = Assert.Single(await journal.OpenEntriesAsync(Stop));
        if (moment == "mined") await anvil.MineAsync(3);
        await using var restarted = await StartAsync(anvil.Client, journal: journal);
        var again = restarted.SendAsync(Pay("crash", 9), Stop);
        if (moment != "mined")
        {
            await PooledAsync(anvil, 0);
            await anvil.MineAsync();
        }
        Assert.Equal((TransactionState.Succeeded, entry.Attempts[0].Hash), ((await again).State, (await again).TransactionHash));
        Assert.Equal(new BigInteger(9), await BalanceAsync(anvil, Friend));
        Assert.Equal(1UL, await anvil.Client.TransactionCountAsync(_key.Address, BlockReference.Latest, Stop));
    }

    [Fact]
    public async Task Crash_after_fees_were_raised_resumes_with_every_attempt()
    {
        var path = Path.GetTempFileName();
        await using var anvil = await Anvil.StartAsync("--no-mining");
        var options = new TransactionSenderOptions { StuckAfter = TimeSpan.FromMilliseconds(100) };
        using (var journal = FileTransactionJournal.Open(path))
        {
            await using var sender = await StartAsync(anvil.Client, options, journal);
            var sending = sender.SendAsync(Pay("raised", 5), Stop);
            await PooledAsync(anvil, 0);
            await BlockAtBaseFeeAsync(anvil, 9_000_000_000);
            await Anvil.UntilAsync(() => Task.FromResult(_alerts.Any(alert => alert.Code == SenderAlertCode.FeesRaised)), () => string.Join("; ", _alerts));
            await sender.DisposeAsync();
            await Assert.ThrowsAsync<ObjectDisposedException>(() => DoneAsync(sending));
        }
        using (var journal = FileTransactionJournal.Open(path))
        {
            Assert.InRange(Assert.Single(await journal.OpenEntriesAsync(Stop)).Attempts.Count, 2, 10);
            await anvil.MineAsync(); // the raised one, while nobody watches
            await using var restarted = await StartAsync(anvil.Client, options, journal);
            var sending = restarted.SendAsync(Pay("raised", 5), Stop);
            await MineUntilAsync(anvil, sending);
            Assert.Equal((TransactionState.Succeeded, 0UL), ((await DoneAsync(sending)).State, (await DoneAsync(sending)).Nonce));
        }
        Assert.Equal(new BigInteger(5), await BalanceAsync(anvil, Friend));
        File.Delete(path);
    }

    [Fact]
    public async Task Failure_of_the_journal_stops_the_sender_and_tells_every_caller()
    {
        var path = Path.GetTempFileName();
        await using var anvil = await Anvil.StartAsync("--no-mining");
        using var journal = FileTransactionJournal.Open(path);
        await using var sender = await StartAsync(anvil.Client, journal: journal);
        var sending = sender.SendAsync(Pay("lost disk", 1), Stop);
        await PooledAsync(anvil, 0);
        journal.Dispose();
        await anvil.MineAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => DoneAsync(sending));
        await Assert.ThrowsAsync<InvalidOperationException>(() => sender.SendAsync(Pay("later", 1), Stop));
        File.Delete(path);
    }

    [Fact]
    public async Task Lost_answers_at_random_never_send_twice()
    {
        await using var anvil = await Anvil.StartAsync();
        var turn = 0;
        await using var proxy = new Proxy(anvil.Address)
        {
            Rule = request => !IsSending(request) ? null : (Interlocked.Increment(ref turn) % 4) switch
            {
                0 => LoseAnswer(anvil, request),
                1 => Proxy.Answer.Dropped,
                2 => new Proxy.Answer(default(ReadOnlyMemory<byte>), 503),
                _ => null,
            },
        };
        await using var sender = await StartAsync(EthereumClientTests.Over(_http, proxy));
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => sender.SendAsync(Pay("lossy/" + i, 1), Stop)));
        Assert.All(outcomes, outcome => Assert.Equal(TransactionState.Succeeded, outcome.State));
        Assert.Equal(new BigInteger(12), await BalanceAsync(anvil, Friend));
        Assert.Equal(12UL, await anvil.Client.TransactionCountAsync(_key.Address, BlockReference.Latest, Stop));
    }

    [Fact]
    public async Task Revert_surfaces_decoded_before_anything_is_signed()
    {
        await using var anvil = await Anvil.StartAsync();
        var echo = await anvil.DeployAsync(Anvil.Code.Echo);
        var journal = new MemoryTransactionJournal();
        var notOwner = AbiError.Parse("NotOwner(address caller)");
        var rpc = new JsonRpcClient(_http, anvil.Address, new JsonRpcOptions { CustomErrors = [notOwner] });
        await using var sender = await StartAsync(new EthereumClient(rpc), journal: journal);
        foreach (var gas in new ulong?[] { null, 100_000 })
        {
            var error = await Assert.ThrowsAsync<RpcException>(() => sender.SendAsync(new TransactionIntent { Id = "revert", To = echo, Data = notOwner.Encode([Friend]), GasLimit = gas }, Stop));
            Assert.Equal((RpcFault.Reverted, RevertKind.Custom, $"NotOwner(caller: {Friend})"), (error.Fault, error.Revert!.Kind, error.Revert.Text));
        }
        Assert.Null(await journal.FindAsync("revert", Stop));
        Assert.Equal(0UL, await anvil.Client.TransactionCountAsync(_key.Address, BlockReference.Pending, Stop));
        Assert.Equal(0UL, (await sender.SendAsync(Pay("next", 1), Stop)).Nonce);
    }

    [Fact]
    public async Task Revert_on_chain_is_an_outcome_that_uses_the_intent_up()
    {
        await using var anvil = await Anvil.StartAsync();
        var door = await anvil.DeployAsync(Anvil.Code.Door);
        await anvil.AutomineAsync(false);
        await using var sender = await StartAsync(anvil.Client);
        var enter = new TransactionIntent { Id = "enter", To = door };
        var sending = sender.SendAsync(enter, Stop);
        await PooledAsync(anvil, 0);
        // The other account closes the door in the same block, ahead of us by its tip.
        await anvil.SendUnlockedAsync(1, door, new byte[] { 1 }, new JsonObject { ["maxPriorityFeePerGas"] = "0x4a817c800", ["maxFeePerGas"] = "0x174876e800", ["gas"] = "0x186a0" });
        await anvil.MineAsync();
        Assert.Equal(TransactionState.Reverted, (await DoneAsync(sending)).State);
        Assert.Equal(await DoneAsync(sending), await sender.SendAsync(enter, Stop));
    }

    [Fact]
    public async Task Insufficient_funds_name_account_and_amount_and_free_the_nonce()
    {
        await using var anvil = await Anvil.StartAsync();
        await anvil.DoAsync("anvil_setBalance", _key.Address.ToString(), "0x38d7ea4c68000"); // 0.001 ether
        await using var sender = await StartAsync(anvil.Client);
        var error = await Assert.ThrowsAsync<InsufficientFundsException>(() => sender.SendAsync(Pay("rich", BigInteger.Pow(10, 18)), Stop));
        Assert.Equal((_key.Address, BigInteger.Pow(10, 15)), (error.Account, error.Available));
        Assert.True(error.Needed > BigInteger.Pow(10, 18));
        Assert.Contains(_key.Address.ToString(), error.Message, StringComparison.Ordinal);
        Assert.Equal(0UL, (await sender.SendAsync(Pay("poor", 1), Stop)).Nonce);
        await anvil.DoAsync("anvil_setBalance", _key.Address.ToString(), "0x8ac7230489e80000");
        Assert.Equal(1UL, (await sender.SendAsync(Pay("rich", BigInteger.Pow(10, 18)), Stop)).Nonce);
    }

    [Fact]
    public async Task Waiting_transactions_count_against_the_funds()
    {
        await using var anvil = await Anvil.StartAsync("--no-mining");
        await anvil.DoAsync("anvil_setBalance", _key.Address.ToString(), "0xde0b6b3a7640000"); // 1 ether
        await using var sender = await StartAsync(anvil.Client);
        var first = sender.SendAsync(Pay("first", 6 * BigInteger.Pow(10, 17)), Stop);
        await PooledAsync(anvil, 0);
        await Assert.ThrowsAsync<InsufficientFundsException>(() => sender.SendAsync(Pay("second", 6 * BigInteger.Pow(10, 17)), Stop));
        await anvil.MineAsync();
        await DoneAsync(first);
    }

    [Fact]
    public async Task Stuck_transaction_is_replaced_with_raised_fees_under_the_same_nonce()
    {
        await using var anvil = await Anvil.StartAsync("--no-mining");
        await using var sender = await StartAsync(anvil.Client, new() { StuckAfter = TimeSpan.FromMilliseconds(200) });
        var sending = sender.SendAsync(Pay("stuck", 5), Stop);
        await PooledAsync(anvil, 0);
        // The base fee jumps above what was offered.
        await BlockAtBaseFeeAsync(anvil, 9_000_000_000);
        await Anvil.UntilAsync(() => Task.FromResult(_alerts.Any(alert => alert.Code == SenderAlertCode.FeesRaised)), () => "no fees were raised: " + string.Join("; ", _alerts));
        await MineUntilAsync(anvil, sending);
        var outcome = await DoneAsync(sending);
        Assert.Equal((TransactionState.Succeeded, 0UL), (outcome.State, outcome.Nonce));
        Assert.Equal(new BigInteger(5), await BalanceAsync(anvil, Friend));
        Assert.Equal(1UL, await anvil.Client.TransactionCountAsync(_key.Address, BlockReference.Latest, Stop));
    }

    [Fact]
    public async Task Fees_are_never_raised_above_the_cap_and_the_operator_is_told_once()
    {
        await using var anvil = await Anvil.StartAsync("--no-mining");
        var fees = new FeeOptions { MaxTip = 1_000_000_000, MaxFeePerGas = 4_000_000_000 };
        await using var sender = await StartAsync(anvil.Client, new() { StuckAfter = TimeSpan.FromMilliseconds(100) }, fees: fees);
        var sending = sender.SendAsync(Pay("capped", 5), Stop);
        await PooledAsync(anvil, 0);
        await BlockAtBaseFeeAsync(anvil, 100_000_000_000);
        await Anvil.UntilAsync(() => Task.FromResult(_alerts.Any(alert => alert.Code == SenderAlertCode.FeeCapReached)), () => string.Join("; ", _alerts));
        await Task.Delay(300, Stop);
        Assert.Single(_alerts, alert => alert.Code == SenderAlertCode.FeeCapReached);
        Assert.Equal(IntentRefusal.FeeAboveCap, (await Assert.ThrowsAsync<IntentRefusedException>(() => sender.SendAsync(Pay("other", 1), Stop))).Refusal);
        await BlockAtBaseFeeAsync(anvil, 1_000_000_000);
        await MineUntilAsync(anvil, sending);
        var outcome = await DoneAsync(sending);
        Assert.True(outcome.EffectiveGasPrice <= fees.MaxFeePerGas);
    }

    [Fact]
    public async Task Dropped_transaction_is_published_again_byte_for_byte()
    {
        await using var anvil = await Anvil.StartAsync("--no-mining");
        await using var sender = await StartAsync(anvil.Client);
        var sending = sender.SendAsync(Pay("dropped", 2), Stop);
        var hash = await PooledAsync(anvil, 0);
        await anvil.DoAsync("anvil_dropTransaction", hash.ToString());
        await Anvil.UntilAsync(() => Task.FromResult(_alerts.Any(alert => alert.Code == SenderAlertCode.Dropped)), () => "the loss was not noticed");
        await anvil.MineAsync();
        Assert.Equal(hash, (await DoneAsync(sending)).TransactionHash);
    }

    [Fact]
    public async Task Mined_transaction_that_a_reorganisation_removes_is_mined_again()
    {
        await using var anvil = await Anvil.StartAsync("--no-mining");
        await using var sender = await StartAsync(anvil.Client, new() { Confirmations = 4 });
        var sending = sender.SendAsync(Pay("reorg", 2), Stop);
        await PooledAsync(anvil, 0);
        await anvil.MineAsync(2);
        await Task.Delay(150, Stop); // the watch sees it mined
        await anvil.ReorganiseAsync(2);
        await Anvil.UntilAsync(() => Task.FromResult(_alerts.Any(alert => alert.Code == SenderAlertCode.Reorganised)), () => "the reorganisation was not noticed");
        await PooledAsync(anvil, 0);
        await anvil.MineAsync(4);
        Assert.Equal(TransactionState.Succeeded, (await DoneAsync(sending)).State);
        Assert.Equal(new BigInteger(2), await BalanceAsync(anvil, Friend));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    [InlineData(12)]
    public async Task Intent_that_may_repeat_is_sent_anew_when_a_deep_reorganisation_took_it_after_its_confirmation(int depth)
    {
        await using var anvil = await Anvil.StartAsync();
        await anvil.MineAsync(3);
        await using var sender = await StartAsync(anvil.Client);
        var intent = Pay("again", 2) with { MayRepeat = true };
        var first = await DoneAsync(sender.SendAsync(intent, Stop));
        Assert.Equal(first, await DoneAsync(sender.SendAsync(intent, Stop)));
        await anvil.MineAsync(depth - 1);
        await anvil.ReorganiseAsync(depth);
        Assert.True((await BalanceAsync(anvil, Friend)).IsZero);

        var second = await DoneAsync(sender.SendAsync(intent, Stop));
        Assert.Equal(TransactionState.Succeeded, second.State);
        Assert.NotEqual(first.Block, second.Block);
        Assert.Equal(new BigInteger(2), await BalanceAsync(anvil, Friend));
        Assert.Contains(_alerts, alert => alert.Code == SenderAlertCode.Reorganised);
        Assert.Equal(second, await DoneAsync(sender.SendAsync(intent, Stop)));
    }

    [Fact]
    public async Task Fee_spike_is_waited_out_told_once_and_paid_for_when_it_is_over()
    {
        await using var anvil = await Anvil.StartAsync();
        await using var sender = await StartAsync(anvil.Client, fees: new FeeOptions { MinTip = 1, MaxTip = 1_000_000_000, MaxFeePerGas = 20_000_000_000 });
        var before = await BalanceAsync(anvil, _key.Address);
        await anvil.DoAsync("anvil_setNextBlockBaseFeePerGas", "0xba43b7400"); // 50 gwei
        await anvil.MineAsync();
        for (var i = 0; i < 2; i++)
        {
            var refused = await Assert.ThrowsAsync<IntentRefusedException>(() => sender.SendAsync(Pay("settle", 3), Stop));
            Assert.Equal(IntentRefusal.FeeAboveCap, refused.Refusal);
        }
        Assert.Equal(before, await BalanceAsync(anvil, _key.Address));
        Assert.Contains("the cap is 20000000000", Assert.Single(_alerts, alert => alert.Code == SenderAlertCode.FeeCapReached).Message, StringComparison.Ordinal);
        await anvil.DoAsync("anvil_setNextBlockBaseFeePerGas", "0x3b9aca00");
        await anvil.MineAsync();
        Assert.Equal(TransactionState.Succeeded, (await DoneAsync(sender.SendAsync(Pay("settle", 3), Stop))).State);
        Assert.Single(_alerts, alert => alert.Code == SenderAlertCode.Recovered);
    }

    [Fact]
    public async Task Intent_that_can_wait_pays_no_more_than_it_is_worth_also_when_it_is_stuck_and_after_a_restart()
    {
        await using var anvil = await Anvil.StartAsync("--no-mining");
        var path = Path.GetTempFileName();
        var fees = new FeeOptions { MinTip = 1_000_000_000, MaxFeePerGas = 500_000_000_000 };
        var routine = Pay("price", 1) with { MaxFeePerGas = 2_500_000_000 };
        Task<TransactionOutcome> sending;
        using (var journal = FileTransactionJournal.Open(path))
        {
            await using var sender = await StartAsync(anvil.Client, journal: journal, fees: fees);
            sending = sender.SendAsync(routine, Stop);
            await PooledAsync(anvil, 0);
        }
        await Assert.ThrowsAsync<ObjectDisposedException>(() => sending);
        using (var journal = FileTransactionJournal.Open(path))
        {
            Assert.Equal(new BigInteger(2_500_000_000), Assert.Single(await journal.OpenEntriesAsync(Stop)).MaxFeePerGas);
            await using var sender = await StartAsync(anvil.Client, new() { StuckAfter = TimeSpan.FromMilliseconds(50) }, journal, fees);
            sending = sender.SendAsync(routine, Stop);
            await BlockAtBaseFeeAsync(anvil, 5_000_000_000);
            await Anvil.UntilAsync(() => Task.FromResult(_alerts.Any(alert => alert.Code == SenderAlertCode.FeeCapReached)), () => string.Join("; ", _alerts));
            var open = Assert.Single(await journal.OpenEntriesAsync(Stop));
            Assert.All(open.Attempts, attempt => Assert.True(attempt.Fees.MaxFeePerGas <= 2_500_000_000));
            await BlockAtBaseFeeAsync(anvil, 100_000_000);
            await MineUntilAsync(anvil, sending);
            Assert.Equal(TransactionState.Succeeded, (await DoneAsync(sending)).State);
        }
        File.Delete(path);
    }

    [Fact]
    public async Task Locked_key_refuses_one_intent_after_another_until_it_opens_and_nothing_has_to_be_restarted()
    {
        await using var anvil = await Anvil.StartAsync();
        var isLocked = true;
        var troubles = 0;
        var signer = new LockedDigestSigner(_key.Address, _ => isLocked ? throw new IOException("the module wants its PIN") : ValueTask.FromResult<IDigestSigner>(new LocalDigestSigner(_key)), _ => troubles++);
        await using var sender = await TransactionSender.StartAsync(anvil.Client, signer, new MemoryTransactionJournal(), new FeeEstimator(anvil.Client), new TransactionSenderOptions { Confirmations = 1, PollInterval = TimeSpan.FromMilliseconds(25) }, null, Stop);
        for (var i = 0; i < 2; i++)
        {
            var refused = await Assert.ThrowsAsync<SignerUnavailableException>(() => sender.SendAsync(Pay("locked", 1), Stop));
            Assert.Contains("PIN", refused.Message, StringComparison.Ordinal);
        }
        Assert.Equal((2, null), (troubles, sender.Failure));
        isLocked = false;
        Assert.Equal((TransactionState.Succeeded, 0UL), ((await DoneAsync(sender.SendAsync(Pay("locked", 1), Stop))).State, (await sender.SendAsync(Pay("locked", 1), Stop)).Nonce));
        var other = new LockedDigestSigner(Friend, _ => ValueTask.FromResult<IDigestSigner>(new LocalDigestSigner(_key)));
        await Assert.ThrowsAsync<SignerUnavailableException>(async () => await other.SignAsync(Bytes32.Zero, Stop));
    }

    [Fact]
    public async Task Key_that_locks_while_a_stuck_transaction_wants_higher_fees_does_not_stop_the_sender()
    {
        await using var anvil = await Anvil.StartAsync("--no-mining");
        var isLocked = false;
        var signer = new FlakySigner(_key, () => isLocked);
        await using var sender = await TransactionSender.StartAsync(anvil.Client, signer, new MemoryTransactionJournal(), new FeeEstimator(anvil.Client, new FeeOptions { MinTip = 1 }),
            new TransactionSenderOptions { Confirmations = 1, PollInterval = TimeSpan.FromMilliseconds(25), StuckAfter = TimeSpan.FromMilliseconds(50), OnAlert = _alerts.Enqueue }, null, Stop);
        var sending = sender.SendAsync(Pay("stuck", 1), Stop);
        await PooledAsync(anvil, 0);
        isLocked = true;
        await BlockAtBaseFeeAsync(anvil, 50_000_000_000);
        await Anvil.UntilAsync(() => Task.FromResult(_alerts.Any(alert => alert.Code == SenderAlertCode.SignerUnavailable)), () => string.Join("; ", _alerts));
        Assert.False(sending.IsCompleted);
        isLocked = false;
        await MineUntilAsync(anvil, sending);
        Assert.Equal(TransactionState.Succeeded, (await DoneAsync(sending)).State);
    }

    [Fact]
    public async Task Transaction_of_a_stranger_at_our_nonce_gives_replaced_and_the_intent_may_be_sent_anew()
    {
        await using var anvil = await Anvil.StartAsync("--no-mining");
        await using var sender = await StartAsync(anvil.Client);
        var sending = sender.SendAsync(Pay("contested", 2), Stop);
        await PooledAsync(anvil, 0);
        await StrangerAsync(anvil, 0, 100_000_000_000);
        await anvil.MineAsync();
        Assert.Equal(TransactionState.Replaced, (await DoneAsync(sending)).State);
        Assert.Contains(_alerts, alert => alert.Code == SenderAlertCode.ForeignTransaction && alert.Nonce == 0);
        Assert.True((await BalanceAsync(anvil, Friend)).IsZero);
        await anvil.AutomineAsync(true);
        Assert.Equal((TransactionState.Succeeded, 1UL), ((await sender.SendAsync(Pay("contested", 2), Stop)).State, (await sender.SendAsync(Pay("contested", 2), Stop)).Nonce));
        Assert.Equal(new BigInteger(2), await BalanceAsync(anvil, Friend));
    }

    [Fact]
    public async Task Nonce_that_a_stranger_waits_at_is_stepped_over()
    {
        await using var anvil = await Anvil.StartAsync("--no-mining");
        await StrangerAsync(anvil, 0, 50_000_000_000);
        await using var sender = await StartAsync(anvil.Client);
        var sending = sender.SendAsync(Pay("after", 2), Stop);
        await PooledAsync(anvil, 1);
        await anvil.MineAsync();
        Assert.Equal(1UL, (await DoneAsync(sending)).Nonce);
    }

    [Fact]
    public async Task Gap_below_an_open_transaction_is_filled_after_a_restart()
    {
        await using var anvil = await Anvil.StartAsync();
        var journal = new MemoryTransactionJournal();
        await StrangerAsync(anvil, 0, 50_000_000_000);
        // The journal of the previous run knows nonce 3; those of 1 and 2 are lost.
        var fees = new GasFees(50_000_000_000, 1_000_000_000, false);
        var raw = new DynamicFeeTransaction { ChainId = 31337, Nonce = 3, GasLimit = 21_000, MaxFeePerGas = fees.MaxFeePerGas, MaxPriorityFeePerGas = fees.MaxPriorityFeePerGas, To = Friend, Value = 8 }.Sign(_key).Encode();
        var intent = Pay("above", 8);
        await journal.PutAsync(new JournalEntry { Id = intent.Id, Fingerprint = intent.Fingerprint(), Nonce = 3, To = Friend, Value = 8, GasLimit = 21_000, Attempts = [new SignedAttempt(raw, Keccak256.Hash(raw), fees, DateTimeOffset.UtcNow)] }, Stop);

        await using var sender = await StartAsync(anvil.Client, new() { StuckAfter = TimeSpan.FromMilliseconds(100) }, journal);
        var outcome = await sender.SendAsync(intent, Stop);
        Assert.Equal((TransactionState.Succeeded, 3UL), (outcome.State, outcome.Nonce));
        Assert.Equal([1UL, 2UL], _alerts.Where(alert => alert.Code == SenderAlertCode.GapFilled).Select(alert => alert.Nonce!.Value));
        Assert.Equal(new BigInteger(8), await BalanceAsync(anvil, Friend));
    }

    [Fact]
    public async Task New_intent_fills_a_gap_first()
    {
        await using var anvil = await Anvil.StartAsync();
        await StrangerAsync(anvil, 1, 50_000_000_000); // queued above the missing nonce 0
        await using var sender = await StartAsync(anvil.Client);
        Assert.Equal(0UL, (await sender.SendAsync(Pay("low", 1), Stop)).Nonce);
        Assert.Equal(2UL, (await sender.SendAsync(Pay("high", 1), Stop)).Nonce);
    }

    [Fact]
    public async Task Contract_creation_gives_its_address()
    {
        await using var anvil = await Anvil.StartAsync();
        await using var sender = await StartAsync(anvil.Client);
        var outcome = await sender.SendAsync(new TransactionIntent { Id = "create", Data = Anvil.Code.Deploying(Anvil.Code.Emitter) }, Stop);
        Assert.Equal(ContractAddress.Create(_key.Address, 0), outcome.ContractAddress);
        Assert.NotEmpty(await anvil.Client.CodeAsync(outcome.ContractAddress!.Value, BlockReference.Latest, Stop));
    }

    [Fact]
    public async Task Chain_without_base_fee_gets_legacy_transactions()
    {
        await using var anvil = await Anvil.StartAsync("--hardfork", "berlin");
        await using var sender = await StartAsync(anvil.Client);
        var outcome = await sender.SendAsync(Pay("legacy", 4), Stop);
        Assert.Equal(TransactionState.Succeeded, outcome.State);
        var mined = await anvil.DoAsync("eth_getTransactionByHash", outcome.TransactionHash.ToString());
        Assert.Equal("0x0", mined.GetProperty("type").GetString());
    }

    [Fact]
    public async Task No_more_than_the_allowed_number_is_open_at_once()
    {
        await using var anvil = await Anvil.StartAsync("--no-mining");
        await using var sender = await StartAsync(anvil.Client, new() { MaxInFlight = 3 });
        var sending = Task.WhenAll(Enumerable.Range(0, 7).Select(i => sender.SendAsync(Pay("slot/" + i, 1), Stop)));
        await PooledAsync(anvil, 2);
        await Task.Delay(200, Stop);
        Assert.Equal(3UL, await anvil.Client.TransactionCountAsync(_key.Address, BlockReference.Pending, Stop));
        await MineUntilAsync(anvil, sending);
        Assert.Equal(7, (await DoneAsync(sending)).Length);
    }

    public void Dispose()
    {
        _key.Dispose();
        _http.Dispose();
    }

    private sealed class FlakySigner(Secp256k1PrivateKey key, Func<bool> isLocked) : IDigestSigner
    {
        public Address Address => key.Address;

        public ValueTask<Secp256k1Signature> SignAsync(Bytes32 digest, CancellationToken cancellationToken) =>
            isLocked() ? throw new SignerUnavailableException("The signing service does not answer.") : ValueTask.FromResult(Secp256k1.Sign(digest, key));
    }

    private static TransactionIntent Pay(string id, BigInteger wei) => new() { Id = id, To = Friend, Value = wei };

    private static bool IsSending(JsonNode request) => Proxy.Method(request) == "eth_sendRawTransaction";

    private static Proxy.Answer LoseAnswer(Anvil anvil, JsonNode request)
    {
        try
        {
            anvil.DoAsync("eth_sendRawTransaction", (string)request["params"]![0]!).GetAwaiter().GetResult();
        }
        catch (RpcException)
        {
            // The node refuses bytes it has already; that answer is lost too.
        }
        return Proxy.Answer.Dropped;
    }

    private static Task<BigInteger> BalanceAsync(Anvil anvil, Address account) => anvil.Client.BalanceAsync(account, BlockReference.Latest, Stop);

    // The next block has this base fee, and what waits is not paid enough for it if it offers less.
    private static async Task BlockAtBaseFeeAsync(Anvil anvil, ulong wei)
    {
        await anvil.DoAsync("anvil_setNextBlockBaseFeePerGas", "0x" + wei.ToString("x", CultureInfo.InvariantCulture));
        await anvil.MineAsync();
    }

    private async Task<T> DoneAsync<T>(Task<T> sending)
    {
        try
        {
            return await sending.WaitAsync(TimeSpan.FromSeconds(30), Stop);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException("Still open after 30 s; alerts: " + string.Join("; ", _alerts));
        }
    }

    private Task MineUntilAsync(Anvil anvil, Task done) => Anvil.UntilAsync(
        async () =>
        {
            await anvil.MineAsync();
            return done.IsCompleted;
        },
        () => string.Join("; ", _alerts));

    private async Task StrangerAsync(Anvil anvil, ulong nonce, BigInteger fee) => await anvil.Client.SendRawTransactionAsync(
        new DynamicFeeTransaction { ChainId = 31337, Nonce = nonce, GasLimit = 21_000, MaxFeePerGas = fee, MaxPriorityFeePerGas = fee, To = Address.Zero }.Sign(_key).Encode(), Stop);

    /// <summary>Waits until the pool holds our transaction of that nonce; its hash.</summary>
    private async Task<Bytes32> PooledAsync(Anvil anvil, ulong nonce)
    {
        string? hash = null;
        await Anvil.UntilAsync(
            async () =>
            {
                var pool = JsonNode.Parse((await anvil.DoAsync("txpool_content")).GetRawText())!["pending"]!.AsObject();
                hash = (string?)pool.FirstOrDefault(account => string.Equals(account.Key, _key.Address.ToString(), StringComparison.OrdinalIgnoreCase)).Value?[nonce.ToString(CultureInfo.InvariantCulture)]?["hash"];
                return hash is not null;
            },
            () => $"nonce {nonce} is not in the pool: {string.Join("; ", _alerts)}");
        return Bytes32.Parse(hash);
    }

    private Task<TransactionSender> StartAsync(EthereumClient client, TransactionSenderOptions? options = null, ITransactionJournal? journal = null, FeeOptions? fees = null)
    {
        options ??= new TransactionSenderOptions();
        var quick = new TransactionSenderOptions
        {
            Confirmations = options.Confirmations == 12 ? 1 : options.Confirmations,
            PollInterval = options.PollInterval == TimeSpan.FromSeconds(3) ? TimeSpan.FromMilliseconds(25) : options.PollInterval,
            StuckAfter = options.StuckAfter,
            MaxInFlight = options.MaxInFlight,
            OnAlert = _alerts.Enqueue,
        };
        return TransactionSender.StartAsync(client, new LocalDigestSigner(_key), journal ?? new MemoryTransactionJournal(), new FeeEstimator(client, fees), quick, null, Stop);
    }
}
