using Microsoft.Extensions.DependencyInjection;
using Turnpike.Core;
using Turnpike.Core.Rules;
using Turnpike.Evidence;
using Turnpike.Ledger;
using Turnpike.Networks.Wireless.Archive;
using Turnpike.Networks.Wireless.Evidence;
using Turnpike.Networks.Wireless.Rules.Usage2026;
using Turnpike.Node.Audit;
using Turnpike.Node.Epochs;
using Turnpike.Node.Gateway;
using Turnpike.Node.Market;

namespace Turnpike.Node.Replay;

/// <summary>
/// Replays what real hotspots delivered long ago as epochs of a Turnpike network, with nothing between trace and tokens left out.
/// <para>
/// A development chain begins an hour before the trace's first epoch. The contracts are deployed with the archive registry, which takes the hotspots' real public
/// keys; it exists on a development chain only, as nobody signed any of this for our network. Owner of a hotspot is the last 20 bytes of the hash of its key: an
/// account that nobody holds. One customer stands for all whose sensors were heard; genesis tokens are burned for more credits than the whole trace can cost, and
/// his order, signed as any other (EIP-712), is evidence of epoch 1.
/// </para>
/// <para>
/// Then epoch by epoch: the receptions that hotspots reported within it are appended to the gateway's log as archive evidence (trust 0) with the
/// hotspot's time as time of receipt, a number of its own for each piece of a hotspot, and the packet's identity in place of the hash of its frame, which the
/// trace does not hold. The epoch is sealed, certified, committed, computed, settled and activated by the same classes that a network in production runs,
/// driven by the trace's clock. A repetition just after an epoch's border is refused as one within it: the carry-over remembers recent sales.
/// </para>
/// <para>
/// Last, every epoch is audited from public data: the chain's logs, and what the node serves over HTTP. Sums are taken from the published outcomes.
/// A replay leaves nothing behind but its folder, and the chain ends with it; one that was broken off is begun anew in another folder.
/// </para>
/// </summary>
public sealed class TraceReplay
{
    /// <summary>The region that reports name; the trace does not say, and the rules do not ask.</summary>
    public const string Region = "EU868";

    // The log's queue takes 8,192.
    private const int AppendsAtOnce = 4_096;

    // The largest payload (255 bytes) at the smallest unit that a blueprint can set (1 byte a credit).
    private const ulong DearestReception = 255;

    private readonly ReplayTrace _trace;
    private readonly ReplayOptions _options;
    private readonly ReplayCalendar _calendar;
    private readonly Dictionary<DeviceId, ulong> _sequences = [];

    /// <summary>A replay of a trace.</summary>
    /// <exception cref="ReplayException">The trace spans too many epochs of this length.</exception>
    public TraceReplay(ReplayTrace trace, ReplayOptions options)
    {
        (_trace, _options) = (trace, options);
        _calendar = ReplayCalendar.Of(trace, options.EpochLength);
    }

    /// <summary>Number of epochs.</summary>
    public ulong Epochs => _calendar.Last.Value;

    /// <summary>Replays and audits. Once.</summary>
    /// <exception cref="ReplayException">A step did not do what it should.</exception>
    public async Task<ReplayResult> RunAsync(HttpClient http, Action<ReplayProgress>? progress, CancellationToken cancellation)
    {
        await using var network = await ReplayNetwork.StartAsync(_options, _calendar, http, progress, cancellation);
        await network.DepositAsync(new Credits((UInt128)_trace.Receptions.Count * DearestReception), cancellation);
        await network.RegisterAsync(_trace.Hotspots, progress, cancellation);
        await OrderAsync(network, cancellation);
        await SettleAsync(network, progress, cancellation);
        var audits = await AuditAsync(http, network.Node.Time, progress, cancellation);
        return Sum(network, audits);
    }

    private static async Task OrderAsync(ReplayNetwork network, CancellationToken cancellation)
    {
        var customer = network.ArchiveCustomer;
        var order = new ServiceOrder
        {
            Customer = customer.Address,
            Service = Usage2026Pack.Service,
            Meter = Address.Zero,
            Price = Usage2026Pack.CreditsPerUnit,
            CapPerEpoch = ulong.MaxValue,
            FromEpoch = 1,
            UntilEpoch = ulong.MaxValue,
            Nonce = 1,
        };
        var deployment = network.Node.Deployment;
        var signed = await SignedOrder.SignAsync(order, new SigningDomain(deployment.ChainId, deployment.Credits), customer, cancellation);
        Require(await network.Host.Services.GetRequiredService<EvidenceIntake>().ReceiveOrderAsync(signed, cancellation));
    }

    private async Task SettleAsync(ReplayNetwork network, Action<ReplayProgress>? progress, CancellationToken cancellation)
    {
        await using var epochs = await ReplayEpochs.OpenAsync(network, cancellation);
        var intake = network.Host.Services.GetRequiredService<EvidenceIntake>();
        var byEpoch = _trace.Receptions.GroupBy(reception => _calendar.Clock.At(reception.ReportedAt)).ToDictionary(group => group.Key, group => group.ToList());
        for (var epoch = new EpochNumber(1); epoch <= _calendar.Last; epoch = epoch.Next)
        {
            var receptions = byEpoch.GetValueOrDefault(epoch, []);
            await ImportAsync(intake, receptions, network.ArchiveCustomer.Address, cancellation);
            await epochs.CloseAsync(epoch, hasEvidence: receptions.Count > 0 || epoch.Value == 1, cancellation);
            progress?.Invoke(new ReplayProgress(ReplayStage.Settle, (int)epoch.Value, (int)Epochs));
        }
    }

    // The log keeps the order in which appends are begun, so all of a chunk may wait for one fsync together.
    private async Task ImportAsync(EvidenceIntake intake, List<ArchivedReception> receptions, Address customer, CancellationToken cancellation)
    {
        foreach (var chunk in receptions.Chunk(AppendsAtOnce))
            foreach (var result in await Task.WhenAll(chunk.Select(reception => intake.ImportAsync(ToPiece(reception, customer), reception.ReportedAt, cancellation))))
                Require(result);
    }

    private ArchiveBody ToPiece(ArchivedReception reception, Address customer)
    {
        var device = new DeviceId(Keccak256.Hash(reception.HotspotKey.Span));
        var sequence = _sequences[device] = _sequences.GetValueOrDefault(device) + 1;
        var report = new PacketReport(reception.PacketHash, reception.PayloadBytes, customer, reception.DataRate, reception.Rssi, reception.Snr, Region);
        return new ArchiveBody(device, PacketReport.Kind, sequence, PacketReport.Encode([report]));
    }

    // A context of its own: the audit reads the chain from its first block on, and shares no state with the node.
    private async Task<List<EpochAudit>> AuditAsync(HttpClient http, TimeProvider time, Action<ReplayProgress>? progress, CancellationToken cancellation)
    {
        var audits = new List<EpochAudit>();
        await foreach (var audit in new Auditor(NodeContext.Open(_options.Folder, http, time)).RunAsync(only: null, cancellation))
        {
            audits.Add(audit);
            progress?.Invoke(new ReplayProgress(ReplayStage.Audit, audits.Count, (int)Epochs));
        }
        return audits;
    }

    private ReplayResult Sum(ReplayNetwork network, List<EpochAudit> audits)
    {
        var archive = network.Host.Services.GetRequiredService<EpochArchive>();
        var totals = new OutcomeTotals();
        for (var epoch = new EpochNumber(1); epoch <= _calendar.Last; epoch = epoch.Next) totals.Add(archive.ReadOutcome(epoch));
        var receptions = (ulong)_trace.Receptions.Count;
        if (totals.Judged != receptions) throw new ReplayException($"The outcomes judge {totals.Judged} receptions, and {receptions} were imported.");
        return new ReplayResult
        {
            Receptions = receptions,
            Sold = totals.Sold,
            Refused = totals.Refused,
            Credits = totals.Credits,
            Epochs = network.Node.History.Read(state => state.LastClosedEpoch),
            Minted = new Amount(network.Node.History.Read(state => state.Minted.Values.Aggregate(UInt128.Zero, (sum, minted) => sum + minted))),
            Hotspots = _trace.Hotspots.Select(totals.Of).OrderBy(earnings => earnings.Hotspot, StringComparer.Ordinal).ToList(),
            Audits = audits,
        };
    }

    private static void Require(IntakeResult result)
    {
        if (!result.IsKept) throw new ReplayException($"The evidence log refused a piece ({AdmissionCodes.Describe(result.Code).Name}): is the disk full?");
    }
}
