using System.Numerics;
using Turnpike.Core;
using Turnpike.Core.Merkle;
using Turnpike.Evidence;
using Turnpike.Evm;
using Turnpike.Evm.Abi;
using Turnpike.Ledger;
using Turnpike.Ledger.Contracts;
using CreditsContract = Turnpike.Ledger.Contracts.Credits;

namespace Turnpike.Node.Tests.Ledger;

/// <summary>
/// A random life of a network, one transaction a step: people buy credits, register and sell devices, oracles feed prices and settle, the guardian vetoes, the admin changes everything he may.
/// What can be done next is asked of the contracts, never of the ledger under test. The same seed makes the same steps.
/// </summary>
internal sealed class NetworkLife
{
    /// <summary>H3 cells that may be public, and none.</summary>
    private static readonly ulong[] Cells = [0, 0x8828308281fffff, 0x85283473fffffff, 0x8009fffffffffff];

    private readonly TestNetwork _network;
    private readonly Random _random;
    private readonly NetworkDeployment _at;
    private readonly Dictionary<Address, Secp256k1PrivateKey> _oracleKeys;
    private readonly List<(int Weight, string Name, Func<Task<bool>> Step)> _steps;
    private readonly Dictionary<string, int> _done = [];
    private readonly Secp256k1PrivateKey _maker = TestNetwork.KeyOf(400);
    private readonly Dictionary<Address, UInt128> _rewards = [], _charges = [];
    private Dictionary<Address, UInt128> _nextRewards = [], _nextCharges = [];
    private EpochSettlement.EpochReport? _pending;

    public NetworkLife(TestNetwork network, int seed)
    {
        _network = network;
        _at = network.Deployment;
        _random = new Random(seed);
        _oracleKeys = Enumerable.Range(0, 8).Select(TestNetwork.KeyOf).ToDictionary(key => key.Address);
        People = [.. Enumerable.Range(300, 4).Select(number => TestNetwork.KeyOf(number).Address)];
        Gateways = [.. Enumerable.Range(100, 4).Select(number => TestNetwork.KeyOf(number).Address)];
        _steps =
        [
            (8, "feed", FeedAsync), (6, "buy", BuyAsync), (6, "buy and deposit", BuyAndDepositAsync), (4, "deposit", DepositAsync),
            (6, "register", RegisterAsync), (3, "register a batch", RegisterBatchAsync), (4, "transfer", TransferAsync), (5, "set payout", SetPayoutAsync), (3, "set status", SetStatusAsync), (3, "assert location", AssertLocationAsync),
            (2, "add gateway", AddGatewayAsync), (2, "remove gateway", RemoveGatewayAsync), (2, "schedule oracles", ScheduleOraclesAsync), (2, "schedule rules", ScheduleRulesAsync),
            (40, "commit", CommitAsync), (7, "settle", SettleAsync), (12, "activate", ActivateAsync), (2, "veto", VetoAsync), (7, "declare empty", DeclareEmptyAsync),
            (8, "claim", ClaimAsync), (8, "draw", DrawAsync),
        ];
    }

    public IReadOnlyList<Address> People { get; }

    public IReadOnlyList<Address> Gateways { get; }

    public List<DeviceId> Devices { get; } = [];

    /// <summary>Unix seconds of the newest block.</summary>
    public long Now { get; private set; }

    /// <summary>Actions that never came about.</summary>
    public IEnumerable<string> Missing => _steps.Select(step => step.Name).Where(name => !_done.ContainsKey(name));

    private Address Holder => _network.Blueprint.AddressOf(new Blueprints.AccountReference("holders"));

    /// <summary>Gives everybody gas, tokens and a wallet of credits.</summary>
    public async Task BeginAsync()
    {
        foreach (var account in People.Concat(Gateways).Append(Holder).Append(_network.Admin).Append(_network.Guardian)) await _network.Chain.FundAsync(account);
        Now = (long)(await _network.Chain.HeadAsync()).Timestamp;
        foreach (var person in People)
        {
            await SendAsync(Holder, _at.Token, new NetworkToken.TransferCall(person, 1_000_000 * BigInteger.Pow(10, 18)), 1);
            await SendAsync(person, _at.Token, new NetworkToken.ApproveCall(_at.Credits, BigInteger.Pow(2, 256) - 1), 1);
            await SendAsync(person, _at.Credits, new CreditsContract.BuyCall(person, 100 * BigInteger.Pow(10, 18), 1), 1);
        }
        await SendAsync(_network.Admin, _at.Registry, new DeviceRegistry.SetMakerCall(_maker.Address, Bytes32.Zero, true, true), 1);
        await _network.Chain.MineAtAsync(Now = await EndOfAsync(0));
    }

    /// <summary>Does one thing that is possible now.</summary>
    public async Task StepAsync()
    {
        while (true)
        {
            var draw = _random.Next(_steps.Sum(step => step.Weight));
            var (_, name, step) = _steps.First(candidate => (draw -= candidate.Weight) < 0);
            if (!await step()) continue;
            _done[name] = _done.GetValueOrDefault(name) + 1;
            return;
        }
    }

    private async Task<bool> FeedAsync()
    {
        var latest = await AskAsync(_at.PriceFeed, new PriceFeed.LatestCall());
        var time = Now + 1;
        if ((long)latest.Timestamp >= time) return false;
        var oracles = await OraclesAtAsync(await EpochAtAsync(time + 1));
        var count = 2 * oracles.Faulty + 1;
        var domain = new SigningDomain(_at.ChainId, _at.PriceFeed);
        var (observations, signatures, signers) = (new List<PriceFeed.Observation>(), new List<PriceFeed.Signature>(), 0u);
        foreach (var place in SomeOf(oracles.Oracles.Count, count))
        {
            var price = new Price((UInt128)(latest.Price * _random.Next(985, 1016) / 1000));
            var signature = Secp256k1.Sign(domain.Observation(oracles.ConfigDigest, latest.Round + 1, (ulong)time, price), _oracleKeys[oracles.Oracles[place]]).ToErc2098();
            observations.Add(new PriceFeed.Observation((ulong)time, price.UsdE8));
            signatures.Add(new PriceFeed.Signature(new Bytes32(signature.AsSpan(0, 32)), new Bytes32(signature.AsSpan(32))));
            signers |= 1u << place;
        }
        return await SendAsync(Pick(People), _at.PriceFeed, new PriceFeed.SubmitCall(oracles.ConfigDigest, latest.Round + 1, signers, observations, signatures), 2);
    }

    private async Task<bool> BuyAsync() => await SellsAsync() && await SendAsync(Pick(People), _at.Credits, new CreditsContract.BuyCall(Pick(People), RandomTokens(), 1));

    private async Task<bool> BuyAndDepositAsync() => await SellsAsync() && await SendAsync(Pick(People), _at.Credits, new CreditsContract.BuyAndDepositCall(Pick(People), RandomTokens(), 1));

    private async Task<bool> DepositAsync()
    {
        var person = Pick(People);
        var wallet = await AskAsync(_at.Credits, new CreditsContract.WalletOfCall(person));
        return wallet > 10_000_000 && await SendAsync(person, _at.Credits, new CreditsContract.DepositCall(Pick(People), wallet / _random.Next(8, 20)));
    }

    private async Task<bool> RegisterAsync()
    {
        var (payer, registration) = (Pick(People), await NewDeviceAsync());
        if (!await PaysAsync(payer, 1)) return false;
        Devices.Add(IdOf(registration));
        return await SendAsync(payer, _at.Registry, new DeviceRegistry.RegisterCall(registration));
    }

    private async Task<bool> RegisterBatchAsync()
    {
        var payer = Pick(People);
        if (!await PaysAsync(payer, 3)) return false;
        var registrations = new List<DeviceRegistry.Registration>();
        for (var i = 0; i < 3; i++) registrations.Add(await NewDeviceAsync());
        Devices.AddRange(registrations.Select(IdOf));
        // Once more in the same batch: passed over by the contract.
        return await SendAsync(payer, _at.Registry, new DeviceRegistry.RegisterBatchCall([.. registrations, registrations[0]]));
    }

    private async Task<bool> TransferAsync()
    {
        if (await AnyDeviceAsync() is not { } device) return false;
        return await SendAsync(device.Owner, _at.Registry, new DeviceRegistry.TransferFromCall(device.Owner, Pick(People), TokenIdOf(device.Id)));
    }

    private async Task<bool> SetPayoutAsync()
    {
        if (await AnyDeviceAsync() is not { } device) return false;
        return await SendAsync(device.Owner, _at.Registry, new DeviceRegistry.SetPayoutCall(device.Id.Value, _random.Next(4) == 0 ? Address.Zero : Pick(People)));
    }

    private async Task<bool> SetStatusAsync()
    {
        if (await AnyDeviceAsync() is not { } device) return false;
        return await SendAsync(_network.Admin, _at.Registry, new DeviceRegistry.SetStatusCall(device.Id.Value, (byte)_random.Next(3), 9));
    }

    private async Task<bool> AssertLocationAsync()
    {
        if (await AnyDeviceAsync() is not { } device || !await PaysAsync(device.Owner, 1)) return false;
        return await SendAsync(device.Owner, _at.Registry, new DeviceRegistry.AssertLocationCall(device.Id.Value, Pick(Cells), RandomWord()));
    }

    private async Task<bool> AddGatewayAsync()
    {
        var gateway = Pick(Gateways);
        return !await IsGatewayAsync(gateway) && await SendAsync(_network.Admin, _at.Settlement, new EpochSettlement.AddGatewayCall(gateway, $"https://gateway.example/{_random.Next(1000)}"));
    }

    private async Task<bool> RemoveGatewayAsync()
    {
        var gateway = Pick(Gateways);
        return await IsGatewayAsync(gateway) && await SendAsync(_network.Admin, _at.Settlement, new EpochSettlement.RemoveGatewayCall(gateway));
    }

    private async Task<bool> ScheduleOraclesAsync()
    {
        var count = _random.Next(1, 9);
        var oracles = SomeOf(8, count).Select(number => TestNetwork.KeyOf(number).Address).OrderBy(_ => _random.Next()).ToList();
        var from = await EpochAtAsync(Now + 1) + (ulong)_random.Next(2, 6);
        return await SendAsync(_network.Admin, _at.Settlement, new EpochSettlement.ScheduleOraclesCall(oracles, (byte)((count - 1) / 3), [.. oracles.Select(oracle => $"https://{oracle}.example")], from), 1);
    }

    private async Task<bool> ScheduleRulesAsync() =>
        await SendAsync(_network.Admin, _at.Settlement, new EpochSettlement.ScheduleRulesCall(RandomWord(), await EpochAtAsync(Now + 1) + (ulong)_random.Next(2, 6)), 1);

    private async Task<bool> CommitAsync()
    {
        var (time, gateway) = (Now + 1, Pick(Gateways));
        var epoch = await EpochAtAsync(time) - 1;
        if (epoch == 0 || time >= await EndOfAsync(epoch) + 30 || !await IsGatewayAsync(gateway) || !_committed.Add((epoch, gateway))) return false;
        var oracles = await OraclesAtAsync(epoch);
        var (manifest, bytes) = (RandomWord(), (ulong)_random.NextInt64());
        var digest = new SigningDomain(_at.ChainId, _at.Settlement).Availability(oracles.ConfigDigest, new EpochNumber(epoch), gateway, manifest, bytes);
        var quorum = TestNetwork.Sign(oracles, digest, _oracleKeys, SomeOf(oracles.Oracles.Count, oracles.Quorum));
        return await SendAsync(gateway, _at.Settlement, new EpochSettlement.CommitEvidenceCall(epoch, manifest, bytes, quorum.Signers, quorum.Signatures), 1);
    }

    private readonly HashSet<(ulong, Address)> _committed = [];

    private async Task<bool> SettleAsync()
    {
        var epoch = await AskAsync(_at.Settlement, new EpochSettlement.LastSettledEpochCall()) + 1;
        if (_pending is not null || Now + 1 < await EndOfAsync(epoch) + 30) return false;
        var report = await ReportAsync(epoch);
        var oracles = await OraclesAtAsync(epoch);
        var quorum = TestNetwork.Sign(oracles, new SigningDomain(_at.ChainId, _at.Settlement).Report(report), _oracleKeys, SomeOf(oracles.Oracles.Count, oracles.Quorum));
        _pending = report;
        return await SendAsync(Pick(People), _at.Settlement, new EpochSettlement.SettleCall(report, quorum.Signers, quorum.Signatures));
    }

    private async Task<EpochSettlement.EpochReport> ReportAsync(ulong epoch)
    {
        (_nextRewards, _nextCharges) = (new(_rewards), new(_charges));
        var mint = UInt128.Zero;
        var allowance = (UInt128)await AskAsync(_at.Emissions, new Emissions.AllowanceCall(epoch));
        foreach (var person in People.Where(_ => _random.Next(3) > 0))
        {
            var amount = allowance * (uint)_random.Next(1, 250) / 1000;
            (mint, _nextRewards[person]) = (mint + amount, _nextRewards.GetValueOrDefault(person) + amount);
        }
        foreach (var person in People.Where(_ => _random.Next(2) == 0)) _nextCharges[person] = _nextCharges.GetValueOrDefault(person) + (UInt128)_random.Next(1, 40_000_000);
        var (rewards, charges) = (Tree(_nextRewards), Tree(_nextCharges));
        return new EpochSettlement.EpochReport(
            _at.NetworkId, await AskAsync(_at.Settlement, new EpochSettlement.ConfigDigestAtCall(epoch)), epoch, await AskAsync(_at.Settlement, new EpochSettlement.AttemptCall()),
            await AskAsync(_at.Settlement, new EpochSettlement.LastReportHashCall()), RandomWord(), await AskAsync(_at.Settlement, new EpochSettlement.EvidenceRootCall(epoch)),
            await AskAsync(_at.Settlement, new EpochSettlement.RulesAtCall(epoch)), RandomWord(), rewards.Root, rewards.Total, mint, charges.Root, charges.Total);
    }

    private async Task<bool> ActivateAsync()
    {
        if (_pending is null || Now + 1 < (long)(await AskAsync(_at.Settlement, new EpochSettlement.PendingCall())).ActivatesAt) return false;
        await SendAsync(Pick(People), _at.Settlement, new EpochSettlement.ActivateCall(_pending));
        foreach (var (account, amount) in _nextRewards) _rewards[account] = amount;
        foreach (var (account, amount) in _nextCharges) _charges[account] = amount;
        _pending = null;
        return true;
    }

    private async Task<bool> VetoAsync()
    {
        // Three vetoes in thirty epochs are all there are.
        if (_pending is null || _done.GetValueOrDefault("veto") == 3) return false;
        await SendAsync(_network.Guardian, _at.Settlement, new EpochSettlement.VetoCall(_pending.Epoch, "looks wrong"));
        _pending = null;
        return true;
    }

    private async Task<bool> DeclareEmptyAsync()
    {
        var epoch = await AskAsync(_at.Settlement, new EpochSettlement.LastSettledEpochCall()) + 1;
        return _pending is null && Now + 1 >= await EndOfAsync(epoch) + 40 && await SendAsync(_network.Admin, _at.Settlement, new EpochSettlement.DeclareEmptyCall(epoch));
    }

    private async Task<bool> ClaimAsync()
    {
        var tree = Tree(_rewards);
        if (!tree.TryFind(Pick(People), out var leaf)) return false;
        var owed = (BigInteger)leaf.Cumulative - await AskAsync(_at.Distributor, new RewardDistributor.ClaimedCall(leaf.Account));
        var amount = BigInteger.Min(owed, await AskAsync(_at.Distributor, new RewardDistributor.AvailableCall())) / _random.Next(1, 3);
        if (amount <= 0) return false;
        return await SendAsync(Pick(People), _at.Distributor, new RewardDistributor.ClaimCall(leaf.Index, leaf.Account, leaf.Cumulative, leaf.PrefixSum, amount, tree.Proof(leaf.Index)));
    }

    private async Task<bool> DrawAsync()
    {
        var tree = Tree(_charges);
        var leaves = tree.Leaves.Where(_ => _random.Next(3) > 0).ToList();
        return leaves.Count > 0 && await SendAsync(Pick(People), _at.Credits, new CreditsContract.DrawCall(
            [.. leaves.Select(leaf => new CreditsContract.Leaf(leaf.Index, leaf.Account, leaf.Cumulative, leaf.PrefixSum))], [.. leaves.Select(leaf => tree.Proof(leaf.Index))]));
    }

    private static RewardTree Tree(Dictionary<Address, UInt128> amounts) => RewardTree.Build(amounts.Select(entry => (entry.Key, entry.Value)));

    // A day may pass between two prices, but not much more than the hour for which credits are sold at one.
    private async Task<bool> SellsAsync()
    {
        var latest = await AskAsync(_at.PriceFeed, new PriceFeed.LatestCall());
        return Now + 60 < (long)latest.Timestamp + 3600 && latest.Confidence * 10_000 <= latest.Ema * 500;
    }

    private async Task<bool> PaysAsync(Address payer, int devices) => await AskAsync(_at.Credits, new CreditsContract.WalletOfCall(payer)) >= 50_000 * devices;

    private async Task<DeviceRegistry.Registration> NewDeviceAsync()
    {
        var (key, owner, domain) = (P256DeviceKey.Generate(), Pick(People), new SigningDomain(_at.ChainId, _at.Registry));
        var nonce = await AskAsync(_at.Registry, new DeviceRegistry.PermitNonceCall(key.Public.Id.Value));
        var (r, s) = DeviceSignature.SignLowS(key, domain.DevicePermit(_at.NetworkId, owner, nonce));
        var isVouched = _random.Next(2) == 0;
        var approval = isVouched ? Secp256k1.Sign(domain.MakerApproval(key.Public.Id), _maker).ToCompact() : [];
        return new DeviceRegistry.Registration(1, key.Public.X, key.Public.Y, owner, (uint)_random.Next(5), Pick(Cells), RandomWord(), isVouched ? _maker.Address : Address.Zero, [], approval, r, s);
    }

    private static DeviceId IdOf(DeviceRegistry.Registration device) => new(Keccak256.Hash((byte[])[.. device.X.ToArray(), .. device.Y.ToArray()]));

    public static BigInteger TokenIdOf(DeviceId device) => new(device.Value.ToArray(), isUnsigned: true, isBigEndian: true);

    private async Task<(DeviceId Id, Address Owner)?> AnyDeviceAsync()
    {
        if (Devices.Count == 0) return null;
        var device = Pick(Devices);
        return (device, await AskAsync(_at.Registry, new DeviceRegistry.OwnerOfCall(TokenIdOf(device))));
    }

    private async Task<OracleSet> OraclesAtAsync(ulong epoch)
    {
        var answer = await AskAsync(_at.Settlement, new EpochSettlement.OraclesAtCall(epoch));
        return new OracleSet(answer.ConfigDigest, 0, answer.Oracles, answer.F, []);
    }

    private Task<ulong> EpochAtAsync(long time) => AskAsync(_at.Settlement, new EpochSettlement.EpochAtCall(time));

    private async Task<long> EndOfAsync(ulong epoch) => (long)await AskAsync(_at.Settlement, new EpochSettlement.EndOfCall(epoch));

    private Task<bool> IsGatewayAsync(Address gateway) => AskAsync(_at.Settlement, new EpochSettlement.IsGatewayCall(gateway));

    private Task<T> AskAsync<T>(Address contract, IContractCall<T> call) => _network.AskAsync(contract, call);

    private async Task<bool> SendAsync(Address from, Address to, IContractCall call, int seconds = 0)
    {
        Now += seconds > 0 ? seconds : _random.Next(1, 13);
        await _network.Chain.SetNextTimestampAsync(Now);
        await _network.Chain.SendAsync(from, to, call);
        return true;
    }

    private T Pick<T>(IReadOnlyList<T> from) => from[_random.Next(from.Count)];

    private List<int> SomeOf(int all, int count) => [.. Enumerable.Range(0, all).OrderBy(_ => _random.Next()).Take(count).Order()];

    private Bytes32 RandomWord()
    {
        var bytes = new byte[32];
        _random.NextBytes(bytes);
        return new Bytes32(bytes);
    }

    private BigInteger RandomTokens() => _random.NextInt64(1, 1_000_000_000_000) * BigInteger.Pow(10, _random.Next(5, 8)) + _random.Next();
}
