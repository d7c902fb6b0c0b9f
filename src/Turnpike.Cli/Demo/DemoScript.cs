using Turnpike.Core;
using Turnpike.Evidence;
using Turnpike.Evm;
using Turnpike.Ledger.Contracts;
using Turnpike.Node.Audit;
using Turnpike.Node.Epochs;
using Turnpike.Node;
using Turnpike.Node.Local;
using Turnpike.Node.Wallets;

namespace Turnpike.Cli.Demo;

/// <summary>How the demonstration went.</summary>
internal sealed record DemoResult(IReadOnlyList<DemoOperator> Operators, IReadOnlyList<DemoCustomer> Customers, IReadOnlyDictionary<Address, UInt128> Charged, Amount Minted, Amount Burned, IReadOnlyList<EpochAudit> Audits, IReadOnlyList<string> Failures);

/// <summary>
/// The demonstration, act by act, each step by the same code as production: people come, devices report, four cheats try, epochs settle, owners claim, an auditor
/// recomputes everything. Each expectation that does not hold is noted; the program's exit code says whether there was one.
/// </summary>
internal sealed class DemoScript(LocalNetwork network, NodeContext node, Action<string> say, int devices, int epochs)
{
    private const int OperatorCount = 4;
    private const ulong PoorDeposit = 20;
    private readonly DemoTraffic _traffic = new();
    private readonly List<string> _failures = [];
    private readonly List<(DemoOperator Owner, SpooledDevice Device)> _fleet = [];
    private ulong _first = 1;

    public async Task<DemoResult> RunAsync(CancellationToken cancellation)
    {
        var (operators, customers) = await PeopleComeAsync(cancellation);
        try
        {
            await DevicesReportAsync(operators, customers, cancellation);
            var certified = SpoolsEmptyAsync(cancellation);
            await EpochsSettleAsync(cancellation);
            await OwnersClaimAsync(operators, customers, cancellation);
            await certified;
        }
        finally
        {
            foreach (var (_, device) in _fleet) device.Dispose();
        }
        Expect(operators, customers);
        var audits = await AuditAsync(cancellation);
        var (minted, burned, charged) = node.History.Read(state => (
            new Amount(state.Minted.Values.Aggregate(UInt128.Zero, (sum, amount) => sum + amount)),
            new Amount(state.Burned.Values.Aggregate(UInt128.Zero, (sum, amount) => sum + amount)),
            new Dictionary<Address, UInt128>(state.Drawn)));
        return new DemoResult(operators, customers, charged, minted, burned, audits, _failures);
    }

    private async Task<(List<DemoOperator> Operators, List<DemoCustomer> Customers)> PeopleComeAsync(CancellationToken cancellation)
    {
        await using var treasury = await Wallet.OpenAsync(node, new LocalDigestSigner(network.Keys.Open(network.Blueprint.Token.Genesis[0].Account.Text)), cancellation);
        await using var admin = await Wallet.OpenAsync(node, new LocalDigestSigner(network.Keys.Open("admin")), cancellation);
        var maker = new LocalDigestSigner(network.Keys.OpenOrCreate("maker"));
        await admin.SendAsync("maker", node.Deployment.Registry, new DeviceRegistry.SetMakerCall(maker.Address, Bytes32.Zero, true, true), cancellation);

        var operators = new List<DemoOperator>();
        var names = new[] { "ada", "blaise", "clara", "dorothy" };
        var people = names.Select((name, i) => DemoActors.OperatorAsync(network, treasury, name, devices / OperatorCount + (i < devices % OperatorCount ? 1 : 0), i % 2 == 0 ? maker : null, cancellation));
        operators.AddRange(await Task.WhenAll(people));
        say($"{operators.Count} operators register {devices} hotspots: each key signs a permit that the chain verifies (P-256), half of them vouched for by their maker.");
        var customers = await Task.WhenAll(
            DemoActors.CustomerAsync(network, treasury, "orchard", 1_000_000, cancellation),
            DemoActors.CustomerAsync(network, treasury, "harbour", 1_000_000, cancellation),
            DemoActors.CustomerAsync(network, treasury, "pauper", PoorDeposit, cancellation));
        say($"{customers.Length} organisations burn tokens for credits and sign orders; '{customers[2].Name}' deposits {PoorDeposit} credits only.");
        return (operators, [.. customers]);
    }

    private async Task DevicesReportAsync(List<DemoOperator> operators, List<DemoCustomer> customers, CancellationToken cancellation)
    {
        _fleet.AddRange(operators.SelectMany(owner => owner.Keys.Select(key => (owner, Spooled(key)))));
        var clock = node.History.Read(state => state.Clock);
        // On a slow machine epoch 1 may be half over when everybody is there: then the play begins with the next one.
        if (clock.TryAt(node.Now, out var now)) _first = node.Now - clock.StartOf(now) < clock.LengthSeconds * 500 ? now.Value : now.Value + 1;
        for (var n = _first; n < _first + (ulong)epochs; n++)
        {
            var epoch = new EpochNumber(n);
            await WaitUntilAsync(clock.StartOf(epoch) + 200, cancellation);
            await Task.WhenAll(_fleet.Select(member => ReportAsync(member.Owner, member.Device, customers, cancellation)));
            say($"Epoch {n}: {_fleet.Count} hotspots sent {_fleet.Count * 2} signed reports of {_fleet.Count * 4} packets; the gateway keeps each before it answers.");
            if (n == _first) await CheatsTryAsync(operators, customers, cancellation);
        }
    }

    private async Task ReportAsync(DemoOperator owner, SpooledDevice device, List<DemoCustomer> customers, CancellationToken cancellation)
    {
        for (var i = 0; i < 2; i++)
        {
            if (await device.ReportAsync([_traffic.Packet(customers[i].Wallet.Address), _traffic.Packet(customers[2].Wallet.Address)], cancellation)) owner.AddReports(2);
            else Fail("an honest report got no receipt");
        }
    }

    private async Task CheatsTryAsync(List<DemoOperator> operators, List<DemoCustomer> customers, CancellationToken cancellation)
    {
        var organisation = customers[0].Wallet.Address;
        using var stranger = P256DeviceKey.Generate();
        var unknown = await Virtual(stranger).ReportAsync([_traffic.Packet(organisation)], cancellation);
        Told("a key that nobody registered", unknown, kept: false, AdmissionCode.UnknownDevice);

        var victim = Virtual(operators[0].Keys[0], boot: 2);
        var piece = victim.Sign(_traffic.Packet(organisation));
        await victim.SendAsync(piece, cancellation);
        operators[0].AddReports(1);
        var replayed = await victim.SendAsync(piece, cancellation);
        if (!replayed.IsKept || !replayed.Body.Contains("\"duplicate\":true", StringComparison.Ordinal)) Fail($"a replayed report was not recognised: {replayed.Body}");
        say("  Cheat: a report sent twice -> the first receipt again; it counts once (201 duplicate).");

        // Two boxes with one key: both sign boot 3, sequence 1.
        var (box, twin) = (Virtual(operators[1].Keys[0], boot: 3), Virtual(operators[1].Keys[0], boot: 3));
        await box.ReportAsync([_traffic.Packet(organisation)], cancellation);
        await twin.ReportAsync([_traffic.Packet(organisation)], cancellation);
        operators[1].AddReports(2);
        say("  Cheat: one key in two boxes -> both reports are kept as proof, neither is paid (202 clone).");
    }

    private void Told(string what, GatewayAnswer answer, bool kept, AdmissionCode code)
    {
        var described = AdmissionCodes.Describe(code);
        if (answer.IsKept != kept || !answer.Body.Contains($"\"code\":{described.Number}", StringComparison.Ordinal)) Fail($"{what} should be answered {described}, and got {answer.Status} {answer.Body}");
        say($"  Cheat: {what} -> {answer.Status} {described}.");
    }

    private async Task EpochsSettleAsync(CancellationToken cancellation)
    {
        for (var n = _first; n < _first + (ulong)epochs; n++)
        {
            var number = n;
            await WaitForAsync(() => node.History.Read(state => state.LastClosedEpoch >= number), $"epoch {n} to become active", cancellation);
            var report = node.History.Read(state => state.Reports.Last(settled => settled.Report.Epoch == number));
            say($"Epoch {n}: settled with {System.Numerics.BitOperations.PopCount(report.Signers)} of {node.History.Read(state => state.OraclesAt(new EpochNumber(number)).Oracles.Count)} oracles' signatures, active; {new Amount(report.Report.Mint).ToTokenString()} {network.Blueprint.Token.Symbol} minted; rewards root {report.Report.RewardsRoot.ToString()[..18]}...");
        }
    }

    // A device forgets a report when the chain holds a certified commit that lists it, not before.
    private async Task SpoolsEmptyAsync(CancellationToken cancellation)
    {
        var kept = _fleet.Sum(member => member.Device.Pieces.Count);
        for (var deadline = node.Now + 60_000; ;)
        {
            var left = (await Task.WhenAll(_fleet.Select(member => member.Device.StepAsync(cancellation)))).Sum();
            if (left == 0) break;
            if (node.Now > deadline)
            {
                Fail($"{left} of {kept} reports are in no certified commit, and their devices keep them still");
                return;
            }
            await Task.Delay(TimeSpan.FromSeconds(1), node.Time, cancellation);
        }
        say($"The hotspots kept {kept} reports until certified commits on chain listed them; their spools are empty.");
    }

    private async Task OwnersClaimAsync(List<DemoOperator> operators, List<DemoCustomer> customers, CancellationToken cancellation)
    {
        await Task.WhenAll(operators.Select(async owner => owner.Claimed = await owner.Wallet.ClaimAsync(cancellation)));
        await customers[0].Wallet.DrawAsync(customers.Select(customer => customer.Wallet.Address).ToList(), cancellation);
        await WaitForAsync(() => node.History.Read(state => state.Drawn.Count == customers.Count && operators.All(owner => owner.Claimed == Amount.Zero || state.Claimed.ContainsKey(owner.Wallet.Address))), "claims and draws to be seen", cancellation);
        say("Owners claim their tokens; the customers' charges are drawn from their deposits and burned.");
    }

    private void Expect(List<DemoOperator> operators, List<DemoCustomer> customers)
    {
        var outcomes = new EpochArchive(node.Folder.Epochs);
        var lines = Enumerable.Range((int)_first, epochs).SelectMany(n => outcomes.ReadOutcome(new EpochNumber((ulong)n)).Shards).ToList();
        var devices = lines.Where(shard => shard.Name.StartsWith("devices-", StringComparison.Ordinal)).SelectMany(shard => Core.Canonical.CanonicalReader.ReadLines(shard.Bytes)).ToList();
        var counts = devices.SelectMany(line => line["verdicts"].Items).GroupBy(item => item["code"].UInt64).ToDictionary(group => group.Key, group => group.Aggregate(0UL, (sum, item) => sum + item["reports"].UInt64));
        Require(counts.GetValueOrDefault(202UL) == 2, $"2 cloned reports are refused, not {counts.GetValueOrDefault(202UL)}");
        var honest = (ulong)(devices.Count == 0 ? 0 : this.DeviceReports(operators));
        Require(counts.GetValueOrDefault(200UL) == honest, $"{honest} reports are accepted, not {counts.GetValueOrDefault(200UL)}");
        Require(operators.All(owner => owner.Claimed > Amount.Zero), "every operator claims tokens");
        var drawn = node.History.Read(state => customers.ToDictionary(customer => customer.Name, customer => state.Drawn.GetValueOrDefault(customer.Wallet.Address)));
        Require(drawn["pauper"] <= PoorDeposit && drawn["pauper"] > 0, $"the pauper is charged at most his deposit, not {drawn["pauper"]}");
        var unpaid = devices.Aggregate(UInt128.Zero, (sum, line) => sum + line["unpaid"].Integer);
        Require(unpaid > 0, "an order that ran out leaves unpaid units");
        say($"Cheat: an order that ran out -> '{customers[2].Name}' paid {drawn["pauper"]} credits, {unpaid} more are unpaid (207) and earn nothing.");
    }

    // All but the two cloned reports.
    private ulong DeviceReports(List<DemoOperator> operators) => operators.Aggregate(0UL, (sum, owner) => sum + owner.Reports) - 2;

    private async Task<List<EpochAudit>> AuditAsync(CancellationToken cancellation)
    {
        var audits = new List<EpochAudit>();
        var auditor = new Auditor(NodeContext.Open(node.Folder, node.Http, node.Time));
        await foreach (var audit in auditor.RunAsync(only: null, cancellation))
        {
            audits.Add(audit);
            Require(audit.IsReproduced, $"epoch {audit.Epoch} is reproduced: {audit.Difference}");
        }
        Require(audits.Count >= epochs, $"{epochs} epochs are audited, not {audits.Count}");
        return audits;
    }

    private SpooledDevice Spooled(P256DeviceKey key)
    {
        var options = new SpoolSenderOptions
        {
            CommitWindow = node.History.Read(state => state.Grace),
            // The local chain is not reorganised.
            Lasting = TimeSpan.FromSeconds(1),
            OnRefused = (_, answer) => Fail($"an honest report was refused: {answer.Problem}"),
        };
        return SpooledDevice.Open(Virtual(key), Path.Combine(node.Folder.Root, "spools", key.Public.Id.ToString()), node, SpooledDevice.DoorsOf(node), options);
    }

    private VirtualDevice Virtual(IDeviceKey key, ulong boot = 1) => new(key, node.Deployment.NetworkId, node.Network.Node, node.Http, node.Time, boot);

    private async Task WaitUntilAsync(long unixMilliseconds, CancellationToken cancellation)
    {
        var wait = unixMilliseconds - node.Now;
        if (wait > 0) await Task.Delay(TimeSpan.FromMilliseconds(wait), node.Time, cancellation);
    }

    private async Task WaitForAsync(Func<bool> seen, string what, CancellationToken cancellation)
    {
        var deadline = node.Now + 60_000;
        while (!seen())
        {
            if (node.Now > deadline) throw new TimeoutException($"Waited a minute for {what}. The node's log says why: run with --verbose.");
            await Task.Delay(TimeSpan.FromMilliseconds(50), node.Time, cancellation);
        }
    }

    private void Require(bool holds, string expectation)
    {
        if (!holds) Fail("expected that " + expectation);
    }

    private void Fail(string what)
    {
        lock (_failures) _failures.Add(what);
    }
}
