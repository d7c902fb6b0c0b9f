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
/// computes the same state. Not thread-safe; a reader on another thread takes what <see cref="LedgerHistory"/> hands out.
/// </summary>
public sealed class LedgerState(NetworkDeployment deployment)
{
    private readonly Dictionary<DeviceId, LedgerDevice> _devices = [];
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

    /// <summary>Where the contracts are.</summary>
    public NetworkDeployment Deployment { get; } = deployment;

    /// <summary>Every registered device.</summary>
    public IReadOnlyDictionary<DeviceId, LedgerDevice> Devices => _devices;

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
    public RegistrySnapshot Snapshot() => new()
    {
        Devices = _devices.ToDictionary(device => device.Key, device => new RegisteredDevice(device.Value.Beneficiary, device.Value.Kind, device.Value.Trust, device.Value.Status == 0, device.Value.Cell)),
        Deposits = new Dictionary<Address, UInt128>(_deposits),
    };

    /// <summary>Applies one log; a log that is none of the network's events is passed over.</summary>
    public void Apply(LogEntry log)
    {
        if (log.Address == Deployment.Registry) ApplyRegistry(log);
        else if (log.Address == Deployment.Credits) ApplyCredits(log);
        else if (log.Address == Deployment.Settlement) ApplySettlement(log);
        else if (log.Address == Deployment.Distributor) ApplyDistributor(log);
        else if (log.Address == Deployment.Emissions) ApplyEmissions(log);
        else if (log.Address == Deployment.PriceFeed && PriceFeed.PriceUpdatedEvent.TryDecode(log, out var price))
            LastPrice = new LedgerPrice(price.Round, new Price((UInt128)price.Price), new Price((UInt128)price.Ema), new Price((UInt128)price.Confidence), price.Timestamp);
    }

    private void ApplyRegistry(LogEntry log)
    {
        if (DeviceRegistry.DeviceRegisteredEvent.TryDecode(log, out var added))
        {
            var record = added.Record;
            byte[] key = [.. record.X.ToArray(), .. record.Y.ToArray()];
            _devices[new DeviceId(added.DeviceId)] = new LedgerDevice(record.KeyType, key, added.Owner, Address.Zero, record.Kind, record.Trust, 0, record.H3, record.Maker);
        }
        else if (ArchiveRegistry.ArchiveDeviceImportedEvent.TryDecode(log, out var imported))
            _devices[new DeviceId(imported.DeviceId)] = new LedgerDevice(0, imported.Key, imported.Owner, Address.Zero, imported.Kind, 0, 0, 0, Address.Zero);
        else if (DeviceRegistry.TransferEvent.TryDecode(log, out var transfer))
            Change(ToDeviceId(transfer.TokenId), device => device with { Owner = transfer.To, Payout = Address.Zero });
        else if (DeviceRegistry.PayoutSetEvent.TryDecode(log, out var payout))
            Change(new DeviceId(payout.DeviceId), device => device with { Payout = payout.Payout });
        else if (DeviceRegistry.StatusSetEvent.TryDecode(log, out var status))
            Change(new DeviceId(status.DeviceId), device => device with { Status = status.Status });
        else if (DeviceRegistry.LocationAssertedEvent.TryDecode(log, out var location))
            Change(new DeviceId(location.DeviceId), device => device with { Cell = location.H3 });
        else if (DeviceRegistry.RegistryConfiguredEvent.TryDecode(log, out var configured))
            OnboardingFee = (UInt128)configured.OnboardingFee;
    }

    // The token's Transfer precedes DeviceRegistered within the registering call: nothing to change yet.
    private void Change(DeviceId id, Func<LedgerDevice, LedgerDevice> change)
    {
        if (_devices.TryGetValue(id, out var device)) _devices[id] = change(device);
    }

    private void ApplyCredits(LogEntry log)
    {
        if (CreditsContract.BoughtEvent.TryDecode(log, out var bought)) _burned[bought.Epoch] = _burned.GetValueOrDefault(bought.Epoch) + (UInt128)bought.Tokens;
        else if (CreditsContract.DepositedEvent.TryDecode(log, out var deposit)) _deposits[deposit.Customer] = _deposits.GetValueOrDefault(deposit.Customer) + (UInt128)deposit.Credits;
        else if (CreditsContract.DrawnEvent.TryDecode(log, out var drawn)) _drawn[drawn.Customer] = (UInt128)(drawn.Cumulative - drawn.Shortfall);
    }

    private void ApplyDistributor(LogEntry log)
    {
        if (RewardDistributor.ClaimedEvent.TryDecode(log, out var claim)) _claimed[claim.Account] = (UInt128)claim.Claimed;
    }

    private void ApplyEmissions(LogEntry log)
    {
        if (Emissions.ScheduleSetEvent.TryDecode(log, out var schedule))
        {
            Schedule = new EmissionSchedule(schedule.FromEpoch.Zip(schedule.PerEpoch, (from, amount) => new EmissionStep(new EpochNumber(from), new Amount((UInt128)amount))));
            Reemission = new NetEmission(new Amount((UInt128)schedule.ReemissionCap), schedule.SmoothingEpochs);
        }
        else if (Emissions.EmissionMintedEvent.TryDecode(log, out var minted)) _minted[minted.Epoch] = (UInt128)minted.Amount;
    }

    private void ApplySettlement(LogEntry log)
    {
        if (EpochSettlement.EvidenceCommittedEvent.TryDecode(log, out var commit)) AddCommit(commit);
        else if (EpochSettlement.EpochSettledEvent.TryDecode(log, out var settled))
            _reports.Add(new LedgerReport(settled.Report, settled.ReportHash, settled.Signers, ReportStage.Pending, log.BlockNumber, log.TransactionHash));
        else if (EpochSettlement.EpochActivatedEvent.TryDecode(log, out var activated)) Close(activated.Epoch, ReportStage.Active);
        else if (EpochSettlement.EpochVetoedEvent.TryDecode(log, out _)) Veto();
        else if (EpochSettlement.EpochDeclaredEmptyEvent.TryDecode(log, out var empty)) RollForward(empty);
        else if (EpochSettlement.OraclesScheduledEvent.TryDecode(log, out var oracles))
            _oracles.Add(new OracleSet(oracles.ConfigDigest, oracles.FromEpoch, oracles.Oracles, oracles.F, oracles.Endpoints));
        else if (EpochSettlement.RulesScheduledEvent.TryDecode(log, out var rules)) _rules.Add((rules.RulesHash, rules.FromEpoch));
        else if (EpochSettlement.GatewayAddedEvent.TryDecode(log, out var added)) _gateways[added.Gateway] = _gatewayUrls[added.Gateway] = added.Url;
        else if (EpochSettlement.GatewayRemovedEvent.TryDecode(log, out var removed)) _gateways.Remove(removed.Gateway);
        else if (EpochSettlement.SettlementConfiguredEvent.TryDecode(log, out var configured))
        {
            Clock = new EpochClock((long)configured.EpochStart, (long)configured.EpochLength);
            Grace = TimeSpan.FromSeconds(configured.Grace);
            ActivationDelay = TimeSpan.FromSeconds(configured.ActivationDelay);
        }
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
