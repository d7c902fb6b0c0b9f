using System.Numerics;
using Turnpike.Core;
using Turnpike.Core.Rules;
using Turnpike.Economics;
using Turnpike.Evm.Abi;
using Turnpike.Ledger.Contracts;
using CreditsContract = Turnpike.Ledger.Contracts.Credits;

namespace Turnpike.Ledger;

/// <summary>
/// The network as its contracts' event logs tell it, folded in chain order. Nothing is ever asked of a contract: whoever has the logs, today or in ten years,
/// computes the same state. Not thread-safe while it is folded; what <see cref="LedgerHistory"/> hands out is frozen, and any thread may read it.
/// </summary>
public sealed class LedgerState
{
    private Dictionary<DeviceId, LedgerDevice> _devices = [];
    private bool _devicesAreShared;
    private Dictionary<Address, UInt128> _balances = [];
    private bool _balancesAreShared;
    private readonly Dictionary<Address, UInt128> _deposits = [];
    private readonly Dictionary<ulong, UInt128> _burned = [];
    private readonly Dictionary<Address, UInt128> _claimed = [];
    private readonly Dictionary<Address, UInt128> _drawn = [];
    private readonly Dictionary<Address, string> _gateways = [];
    private readonly Dictionary<Address, string> _gatewayUrls = [];
    private readonly Dictionary<ulong, List<EvidenceCommit>> _commits = [];
    private readonly Dictionary<ulong, Bytes32> _evidenceRoots = [];
    private readonly List<OracleSet> _oracles = [];
    private readonly List<(Bytes32 RulesHash, ulong FromEpoch)> _rules = [];
    private readonly List<LedgerReport> _reports = [];
    private readonly Dictionary<ulong, UInt128> _minted = [];
    private readonly Lazy<RegistrySnapshot> _snapshot;
    private bool _isFrozen;

    /// <summary>The state before the first log.</summary>
    public LedgerState(NetworkDeployment deployment)
    {
        Deployment = deployment;
        _snapshot = new Lazy<RegistrySnapshot>(TakeSnapshot);
    }

    // Records are immutable and shared. So are the tables of devices and of holders, which may be a million, until one of the two states changes them; the other tables are small.
    private LedgerState(LedgerState other)
        : this(other.Deployment)
    {
        _devices = other._devices;
        _devicesAreShared = other._devicesAreShared = true;
        _balances = other._balances;
        _balancesAreShared = other._balancesAreShared = true;
        _deposits = new Dictionary<Address, UInt128>(other._deposits);
        _burned = new Dictionary<ulong, UInt128>(other._burned);
        _claimed = new Dictionary<Address, UInt128>(other._claimed);
        _drawn = new Dictionary<Address, UInt128>(other._drawn);
        _gateways = new Dictionary<Address, string>(other._gateways);
        _gatewayUrls = new Dictionary<Address, string>(other._gatewayUrls);
        _commits = new Dictionary<ulong, List<EvidenceCommit>>(other._commits.Select(commits => KeyValuePair.Create(commits.Key, commits.Value.ToList())));
        _evidenceRoots = new Dictionary<ulong, Bytes32>(other._evidenceRoots);
        _oracles = [.. other._oracles];
        _rules = [.. other._rules];
        _reports = [.. other._reports];
        _minted = new Dictionary<ulong, UInt128>(other._minted);
        (LastPrice, Clock, Grace, ActivationDelay) = (other.LastPrice, other.Clock, other.Grace, other.ActivationDelay);
        (Schedule, Reemission, LastClosedEpoch, OnboardingFee) = (other.Schedule, other.Reemission, other.LastClosedEpoch, other.OnboardingFee);
        Supply = other.Supply;
    }

    /// <summary>Where the contracts are.</summary>
    public NetworkDeployment Deployment { get; }

    /// <summary>Every registered device.</summary>
    public IReadOnlyDictionary<DeviceId, LedgerDevice> Devices => _devices;

    /// <summary>Token base units of each account that has any, contracts included.</summary>
    public IReadOnlyDictionary<Address, UInt128> Balances => _balances;

    /// <summary>Token base units that exist: what was ever minted less what was ever burned.</summary>
    public UInt128 Supply { get; private set; }

    /// <summary>What people hold: <see cref="Balances"/> without the network's own contracts, whose tokens wait for their owners.</summary>
    public IEnumerable<UInt128> Holdings => _balances.Where(balance => !Deployment.Contracts.Contains(balance.Key)).Select(balance => balance.Value);

    /// <summary>Credits that each customer has ever deposited.</summary>
    public IReadOnlyDictionary<Address, UInt128> Deposits => _deposits;

    /// <summary>Token base units burned for credits, by epoch.</summary>
    public IReadOnlyDictionary<ulong, UInt128> Burned => _burned;

    /// <summary>Token base units that each account has claimed.</summary>
    public IReadOnlyDictionary<Address, UInt128> Claimed => _claimed;

    /// <summary>Credits that were drawn from each customer's deposit: his charges, as far as his deposits cover them.</summary>
    public IReadOnlyDictionary<Address, UInt128> Drawn => _drawn;

    /// <summary>Registered gateways and their URLs.</summary>
    public IReadOnlyDictionary<Address, string> Gateways => _gateways;

    /// <summary>The last URL that each gateway ever had, removed ones included: what they committed must stay within reach.</summary>
    public IReadOnlyDictionary<Address, string> GatewayUrls => _gatewayUrls;

    /// <summary>Every report ever settled, vetoed ones included, in chain order.</summary>
    public IReadOnlyList<LedgerReport> Reports => _reports;

    /// <summary>Minted at activation, by epoch; zero for an epoch declared empty.</summary>
    public IReadOnlyDictionary<ulong, UInt128> Minted => _minted;

    /// <summary>The last price update.</summary>
    public LedgerPrice LastPrice { get; private set; }

    /// <summary>Epoch boundaries.</summary>
    public EpochClock Clock { get; private set; } = new(0, 1);

    /// <summary>Time after an epoch's end in which evidence may be committed.</summary>
    public TimeSpan Grace { get; private set; }

    /// <summary>Time between a report and its activation.</summary>
    public TimeSpan ActivationDelay { get; private set; }

    /// <summary>Scheduled emission.</summary>
    public EmissionSchedule? Schedule { get; private set; }

    /// <summary>Re-emission of burned tokens.</summary>
    public NetEmission? Reemission { get; private set; }

    /// <summary>The last activated or declared-empty epoch; 0 before the first.</summary>
    public ulong LastClosedEpoch { get; private set; }

    /// <summary>Fee for onboarding a device, in credits.</summary>
    public UInt128 OnboardingFee { get; private set; }

    /// <summary>The report that waits for activation.</summary>
    public LedgerReport? Pending => _reports.Count > 0 && _reports[^1].Stage == ReportStage.Pending ? _reports[^1] : null;

    /// <summary>The report in force.</summary>
    public LedgerReport? Active => _reports.FindLast(report => report.Stage == ReportStage.Active);

    /// <summary>Certified manifests of an epoch in chain order; those of epochs declared empty roll forward into the next.</summary>
    public IReadOnlyList<EvidenceCommit> CommitsOf(EpochNumber epoch) => _commits.TryGetValue(epoch.Value, out var commits) ? commits : [];

    /// <summary>The accumulator over an epoch's commits; zero for none.</summary>
    public Bytes32 EvidenceRootOf(EpochNumber epoch) => _evidenceRoots.GetValueOrDefault(epoch.Value);

    /// <summary>Oracles of an epoch: of all sets with FromEpoch at most the epoch, the one scheduled last.</summary>
    public OracleSet OraclesAt(EpochNumber epoch) =>
        _oracles.FindLast(set => set.FromEpoch <= epoch.Value) ?? throw new InvalidOperationException("The settlement contract's logs hold no oracle configuration.");

    /// <summary>Every configuration ever scheduled, in chain order.</summary>
    public IReadOnlyList<OracleSet> OracleSets => _oracles;

    /// <summary>Rules hash of an epoch, by the same rule.</summary>
    public Bytes32 RulesAt(EpochNumber epoch)
    {
        var index = _rules.FindLastIndex(rules => rules.FromEpoch <= epoch.Value);
        return index >= 0 ? _rules[index].RulesHash : throw new InvalidOperationException("The settlement contract's logs hold no rules.");
    }

    /// <summary>What may be minted for an epoch that has ended: schedule plus net re-emission of the smoothed burns, exactly as the Emissions contract computes it.</summary>
    public Amount AllowanceOf(EpochNumber epoch)
    {
        if (Schedule is null || Reemission is null) throw new InvalidOperationException("The emissions contract's logs hold no schedule.");
        var (smoothed, reemitted) = (Amount.Zero, Amount.Zero);
        for (ulong e = 1; e <= epoch.Value; e++) (smoothed, reemitted) = Reemission.Advance(smoothed, new Amount(_burned.GetValueOrDefault(e)));
        return Schedule.At(epoch) + reemitted;
    }

    /// <summary>Devices and deposits as rule packs see them.</summary>
    public RegistrySnapshot Snapshot() => _isFrozen ? _snapshot.Value : TakeSnapshot();

    /// <summary>Applies one log; a log that is none of the network's events is passed over.</summary>
    /// <exception cref="InvalidOperationException">The state is frozen.</exception>
    public void Apply(LogEntry log)
    {
        if (_isFrozen) throw new InvalidOperationException("A state that a history handed out is not changed.");
        Read(log)?.Invoke(this);
    }

    /// <summary>A copy that may be folded further.</summary>
    internal LedgerState Copy() => new(this);

    /// <summary>This state, to be read by any thread and changed no more.</summary>
    internal LedgerState Freeze()
    {
        _isFrozen = true;
        return this;
    }

    /// <summary>What a log changes; null for a log that changes nothing in any state. Holds what was decoded and not the log, so a history of changes is small.</summary>
    internal Action<LedgerState>? Read(LogEntry log)
    {
        if (log.Address == Deployment.Token) return ReadToken(log);
        if (log.Address == Deployment.Registry) return ReadRegistry(log);
        if (log.Address == Deployment.Credits) return ReadCredits(log);
        if (log.Address == Deployment.Settlement) return ReadSettlement(log);
        if (log.Address == Deployment.Distributor) return ReadDistributor(log);
        if (log.Address == Deployment.Emissions) return ReadEmissions(log);
        if (log.Address != Deployment.PriceFeed || !PriceFeed.PriceUpdatedEvent.TryDecode(log, out var price)) return null;
        var update = new LedgerPrice(price.Round, new Price((UInt128)price.Price), new Price((UInt128)price.Ema), new Price((UInt128)price.Confidence), price.Timestamp);
        return state => state.LastPrice = update;
    }

    private static Action<LedgerState>? ReadToken(LogEntry log)
    {
        if (!NetworkToken.TransferEvent.TryDecode(log, out var transfer)) return null;
        var (from, to, value) = (transfer.From, transfer.To, (UInt128)transfer.Value);
        if (value == UInt128.Zero) return null;
        return state => state.Move(from, to, value);
    }

    // From nobody is a mint, to nobody a burn.
    private void Move(Address from, Address to, UInt128 value)
    {
        if (_balancesAreShared) _balances = new Dictionary<Address, UInt128>(_balances);
        _balancesAreShared = false;
        if (from.IsZero) Supply += value;
        else if (_balances.GetValueOrDefault(from) is var left && left > value) _balances[from] = left - value;
        else _balances.Remove(from);
        if (to.IsZero) Supply -= value;
        else _balances[to] = _balances.GetValueOrDefault(to) + value;
    }

    private static Action<LedgerState>? ReadRegistry(LogEntry log)
    {
        if (DeviceRegistry.DeviceRegisteredEvent.TryDecode(log, out var added))
        {
            var record = added.Record;
            byte[] key = [.. record.X.ToArray(), .. record.Y.ToArray()];
            return Set(added.DeviceId, new LedgerDevice(record.KeyType, key, added.Owner, Address.Zero, record.Kind, record.Trust, 0, record.H3, record.Maker));
        }
        if (ArchiveRegistry.ArchiveDeviceImportedEvent.TryDecode(log, out var imported))
            return Set(imported.DeviceId, new LedgerDevice(0, imported.Key, imported.Owner, Address.Zero, imported.Kind, 0, 0, 0, Address.Zero));
        if (DeviceRegistry.TransferEvent.TryDecode(log, out var transfer))
        {
            var to = transfer.To;
            // A token's first transfer precedes DeviceRegistered within the registering call: nothing to change yet.
            return transfer.From.IsZero ? null : Change(ToDeviceId(transfer.TokenId), device => device with { Owner = to, Payout = Address.Zero });
        }
        if (DeviceRegistry.PayoutSetEvent.TryDecode(log, out var payout))
        {
            var account = payout.Payout;
            return Change(new DeviceId(payout.DeviceId), device => device with { Payout = account });
        }
        if (DeviceRegistry.StatusSetEvent.TryDecode(log, out var changed))
        {
            var status = changed.Status;
            return Change(new DeviceId(changed.DeviceId), device => device with { Status = status });
        }
        if (DeviceRegistry.LocationAssertedEvent.TryDecode(log, out var location))
        {
            var cell = location.H3;
            return Change(new DeviceId(location.DeviceId), device => device with { Cell = cell });
        }
        if (!DeviceRegistry.RegistryConfiguredEvent.TryDecode(log, out var configured)) return null;
        var fee = (UInt128)configured.OnboardingFee;
        return state => state.OnboardingFee = fee;
    }

    private static Action<LedgerState> Set(Bytes32 id, LedgerDevice device) => state => state.OwnDevices()[new DeviceId(id)] = device;

    private static Action<LedgerState> Change(DeviceId id, Func<LedgerDevice, LedgerDevice> change) => state =>
    {
        if (state._devices.TryGetValue(id, out var device)) state.OwnDevices()[id] = change(device);
    };

    private Dictionary<DeviceId, LedgerDevice> OwnDevices()
    {
        if (_devicesAreShared) _devices = new Dictionary<DeviceId, LedgerDevice>(_devices);
        _devicesAreShared = false;
        return _devices;
    }

    private static Action<LedgerState>? ReadCredits(LogEntry log)
    {
        if (CreditsContract.BoughtEvent.TryDecode(log, out var bought))
        {
            var (epoch, tokens) = (bought.Epoch, (UInt128)bought.Tokens);
            return state => state._burned[epoch] = state._burned.GetValueOrDefault(epoch) + tokens;
        }
        if (CreditsContract.DepositedEvent.TryDecode(log, out var deposit))
        {
            var (customer, credits) = (deposit.Customer, (UInt128)deposit.Credits);
            return state => state._deposits[customer] = state._deposits.GetValueOrDefault(customer) + credits;
        }
        if (!CreditsContract.DrawnEvent.TryDecode(log, out var drawn)) return null;
        var (payer, total) = (drawn.Customer, (UInt128)(drawn.Cumulative - drawn.Shortfall));
        return state => state._drawn[payer] = total;
    }

    private static Action<LedgerState>? ReadDistributor(LogEntry log)
    {
        if (!RewardDistributor.ClaimedEvent.TryDecode(log, out var claim)) return null;
        var (account, claimed) = (claim.Account, (UInt128)claim.Claimed);
        return state => state._claimed[account] = claimed;
    }

    private static Action<LedgerState>? ReadEmissions(LogEntry log)
    {
        if (Emissions.ScheduleSetEvent.TryDecode(log, out var set))
        {
            var schedule = new EmissionSchedule(set.FromEpoch.Zip(set.PerEpoch, (from, amount) => new EmissionStep(new EpochNumber(from), new Amount((UInt128)amount))));
            var reemission = new NetEmission(new Amount((UInt128)set.ReemissionCap), set.SmoothingEpochs);
            return state => (state.Schedule, state.Reemission) = (schedule, reemission);
        }
        if (!Emissions.EmissionMintedEvent.TryDecode(log, out var minted)) return null;
        var (epoch, tokens) = (minted.Epoch, (UInt128)minted.Amount);
        return state => state._minted[epoch] = tokens;
    }

    private static Action<LedgerState>? ReadSettlement(LogEntry log)
    {
        if (EpochSettlement.EvidenceCommittedEvent.TryDecode(log, out var commit)) return state => state.AddCommit(commit);
        if (EpochSettlement.EpochSettledEvent.TryDecode(log, out var settled))
        {
            var report = new LedgerReport(settled.Report, settled.ReportHash, settled.Signers, ReportStage.Pending, log.BlockNumber, log.TransactionHash);
            return state => state._reports.Add(report);
        }
        if (EpochSettlement.EpochActivatedEvent.TryDecode(log, out var activated)) return state => state.Close(activated.Epoch, ReportStage.Active);
        if (EpochSettlement.EpochVetoedEvent.TryDecode(log, out _)) return state => state.Veto();
        if (EpochSettlement.EpochDeclaredEmptyEvent.TryDecode(log, out var empty)) return state => state.RollForward(empty);
        if (EpochSettlement.OraclesScheduledEvent.TryDecode(log, out var oracles))
        {
            var set = new OracleSet(oracles.ConfigDigest, oracles.FromEpoch, oracles.Oracles, oracles.F, oracles.Endpoints);
            return state => state._oracles.Add(set);
        }
        if (EpochSettlement.RulesScheduledEvent.TryDecode(log, out var rules)) return state => state._rules.Add((rules.RulesHash, rules.FromEpoch));
        if (EpochSettlement.GatewayAddedEvent.TryDecode(log, out var added)) return state => state._gateways[added.Gateway] = state._gatewayUrls[added.Gateway] = added.Url;
        if (EpochSettlement.GatewayRemovedEvent.TryDecode(log, out var removed)) return state => state._gateways.Remove(removed.Gateway);
        return EpochSettlement.SettlementConfiguredEvent.TryDecode(log, out var configured) ? state => state.Configure(configured) : null;
    }

    private void Configure(EpochSettlement.SettlementConfiguredEvent configured)
    {
        Clock = new EpochClock((long)configured.EpochStart, (long)configured.EpochLength);
        Grace = TimeSpan.FromSeconds(configured.Grace);
        ActivationDelay = TimeSpan.FromSeconds(configured.ActivationDelay);
    }

    private RegistrySnapshot TakeSnapshot()
    {
        var devices = new KeyValuePair<DeviceId, RegisteredDevice>[_devices.Count];
        var next = 0;
        foreach (var (id, device) in _devices) devices[next++] = KeyValuePair.Create(id, new RegisteredDevice(device.Beneficiary, device.Kind, device.Trust, device.Status == 0, device.Cell));
        return new RegistrySnapshot { Devices = DeviceTable.Of(devices), Deposits = new Dictionary<Address, UInt128>(_deposits) };
    }

    private void AddCommit(EpochSettlement.EvidenceCommittedEvent commit)
    {
        if (!_commits.TryGetValue(commit.Epoch, out var list)) _commits[commit.Epoch] = list = [];
        list.Add(new EvidenceCommit(commit.Epoch, commit.Gateway, commit.ManifestHash, commit.ByteCount, commit.EvidenceRoot));
        _evidenceRoots[commit.Epoch] = commit.EvidenceRoot;
    }

    private void Close(ulong epoch, ReportStage stage)
    {
        LastClosedEpoch = epoch;
        _reports[^1] = _reports[^1] with { Stage = stage };
    }

    private void Veto() => _reports[^1] = _reports[^1] with { Stage = ReportStage.Vetoed };

    private void RollForward(EpochSettlement.EpochDeclaredEmptyEvent empty)
    {
        LastClosedEpoch = empty.Epoch;
        if (empty.RolledRoot.IsZero) return;
        if (!_commits.TryGetValue(empty.Epoch + 1, out var next)) _commits[empty.Epoch + 1] = next = [];
        next.AddRange(_commits.GetValueOrDefault(empty.Epoch) ?? []);
        _evidenceRoots[empty.Epoch + 1] = empty.NewRoot;
    }

    private static DeviceId ToDeviceId(BigInteger tokenId)
    {
        Span<byte> bytes = stackalloc byte[Bytes32.Length];
        bytes.Clear();
        var length = tokenId.GetByteCount(isUnsigned: true);
        tokenId.TryWriteBytes(bytes[(Bytes32.Length - length)..], out _, isUnsigned: true, isBigEndian: true);
        return new DeviceId(new Bytes32(bytes));
    }
}
