using Microsoft.Extensions.Logging.Abstractions;
using Turnpike.Node.Api;
using Turnpike.Node.Operations;
using Turnpike.Node.Settings;

namespace Turnpike.Node.Tests.Operations;

public sealed class AlertTests
{
    private static readonly Finding Low = new(AlertCode.DiskLow, "", "1 GB is free");
    private readonly ManualClock _time = new();

    [Fact]
    public void Finding_raises_an_alert_and_its_end_clears_it()
    {
        var book = new AlertBook(_time);
        book.Replace("disk", [Low]);
        var since = _time.GetUtcNow();
        _time.Advance(TimeSpan.FromDays(2));
        book.Replace("disk", [Low with { Text = "0.5 GB is free" }]);
        var alert = Assert.Single(book.Open);
        Assert.Equal((AlertCode.DiskLow, "0.5 GB is free", since, 2), (alert.Code, alert.Text, alert.Since, alert.Times));
        book.Replace("gas", []);
        Assert.Single(book.Open);
        book.Replace("disk", []);
        Assert.Empty(book.Open);
    }

    [Fact]
    public void Event_is_forgotten_an_hour_after_it_last_happened()
    {
        var book = new AlertBook(_time);
        book.Happened(AlertCode.FeesRaised, "0x1", "raised");
        _time.Advance(TimeSpan.FromMinutes(50));
        book.Happened(AlertCode.FeesRaised, "0x1", "raised again");
        _time.Advance(TimeSpan.FromMinutes(50));
        Assert.Equal(2, Assert.Single(book.Open).Times);
        _time.Advance(TimeSpan.FromMinutes(11));
        Assert.Empty(book.Open);
    }

    [Fact]
    public void Book_holds_no_more_than_its_capacity_and_lets_the_longest_unseen_go()
    {
        var book = new AlertBook(_time);
        for (var i = 0; i < AlertBook.Capacity + 50; i++)
        {
            book.Happened(AlertCode.OracleSilent, $"{i}", new string('x', 5000));
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }
        Assert.Equal(AlertBook.Capacity, book.Open.Count);
        Assert.DoesNotContain(book.Open, alert => alert.Subject == "49");
        Assert.All(book.Open, alert => Assert.InRange(alert.Text.Length, 1, 1003));
    }

    [Fact]
    public void Worst_alert_comes_first()
    {
        var book = new AlertBook(_time);
        book.Happened(AlertCode.FeesRaised, "", "");
        book.Happened(AlertCode.QuorumLost, "", "");
        book.Happened(AlertCode.GasLow, "", "");
        Assert.Equal([AlertCode.QuorumLost, AlertCode.GasLow, AlertCode.FeesRaised], book.Open.Select(alert => alert.Code));
    }

    [Fact]
    public void Loop_that_fails_five_times_in_a_row_raises_an_alert_until_it_succeeds()
    {
        var watch = new NodeWatch(_time);
        for (var i = 0; i < 4; i++) watch.Failed("OracleService", "nobody answers");
        watch.Succeeded("OracleService");
        for (var i = 0; i < 4; i++) watch.Failed("OracleService", "nobody answers");
        Assert.Empty(watch.Alerts.Open);
        watch.Failed("OracleService", "nobody answers");
        Assert.Equal(("OracleService", "nobody answers"), watch.Alerts.Open.Select(alert => (alert.Subject, alert.Text)).Single());
        watch.Succeeded("OracleService");
        Assert.Empty(watch.Alerts.Open);
        Assert.Equal(9, watch.LoopFailures["OracleService"]);
    }

    [Fact]
    public async Task Check_that_throws_or_hangs_is_a_finding_and_the_others_go_on()
    {
        using var world = OperationsWorld.Create();
        var options = new HealthOptions { CheckTimeout = TimeSpan.FromMilliseconds(100) };
        INodeCheck[] checks = [new OddCheck("throws", _ => throw new InvalidOperationException("no idea")), new OddCheck("hangs", async stop => { await Task.Delay(Timeout.Infinite, stop); return null!; }), new OddCheck("works", _ => Task.FromResult(new CheckResult("fine")))];
        await new WatchService(world.Node, checks, options, NullLogger<WatchService>.Instance).RunOnceAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["hangs", "throws"], world.Node.Watch.Alerts.Open.Select(alert => alert.Subject).Order(StringComparer.Ordinal));
        Assert.All(world.Node.Watch.Alerts.Open, alert => Assert.Equal(AlertCode.CheckFails, alert.Code));
        Assert.Null(world.Node.Watch.Checks.Single(check => check.Name == "works").Worst);
        Assert.True(world.Node.Watch.IsReady);
    }

    [Fact]
    public void Node_is_not_ready_in_the_midst_of_its_first_round()
    {
        var watch = new NodeWatch(_time);
        watch.Expect(["chain", "quorum"]);
        watch.Note("chain", new CheckResult("well"));
        Assert.Equal((false, "the checks have not all run yet"), (HealthView.Of(watch).Ready, HealthView.Of(watch).Summary));
        watch.Note("quorum", new CheckResult("well"));
        Assert.True(HealthView.Of(watch).Ready);
    }

    [Fact]
    public void Health_says_what_is_wrong_and_what_to_do()
    {
        var watch = new NodeWatch(_time);
        Assert.False(HealthView.Of(watch).Ready);
        watch.Note("disk", new CheckResult("1 GB free", Low));
        Assert.Equal((true, "ready, with warnings"), (HealthView.Of(watch).Ready, HealthView.Of(watch).Summary));
        watch.Note("chain", new CheckResult("does not answer", new Finding(AlertCode.ChainUnreachable, "", "http://x/ refuses.")));
        var health = HealthView.Of(watch);
        Assert.Equal((false, "http://x/ refuses."), (health.Ready, health.Summary));
        var chain = health.Checks.Single(check => check.Name == "chain");
        Assert.Equal(("critical", AlertCodes.Describe(AlertCode.ChainUnreachable).Action), (chain.State, chain.Actions.Single()));
    }

    [Theory]
    [InlineData(3L << 30, null)]
    [InlineData(1L << 30, AlertCode.DiskLow)]
    [InlineData(100L << 20, AlertCode.DiskFull)]
    public async Task Disk_that_fills_up_warns_and_then_stops_the_node(long free, AlertCode? expected)
    {
        var result = await new DiskCheck("/", new HealthOptions(), _ => free).RunAsync(TestContext.Current.CancellationToken);
        Assert.Equal(expected, result.Findings.Count == 0 ? null : result.Findings[0].Code);
    }

    [Theory]
    [InlineData(-5, null)]
    [InlineData(-300, AlertCode.ChainStalled)]
    [InlineData(60, AlertCode.ClockBehind)]
    public async Task Chain_that_stands_still_or_runs_ahead_of_the_clock_is_found(int headSeconds, AlertCode? expected)
    {
        var time = DateTimeOffset.FromUnixTimeSeconds(1_900_000_000 + headSeconds).ToUnixTimeSeconds();
        using var world = OperationsWorld.Create(new HeadHandler(time));
        var result = await new ChainCheck(world.Node, new HealthOptions()).RunAsync(TestContext.Current.CancellationToken);
        Assert.Equal(expected, result.Findings.Count == 0 ? null : result.Findings[0].Code);
    }

    private sealed class OddCheck(string name, Func<CancellationToken, Task<CheckResult>> run) : INodeCheck
    {
        public string Name => name;

        public Task<CheckResult> RunAsync(CancellationToken cancellation) => run(cancellation);
    }

    private sealed class HeadHandler(long timestamp) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            using var call = System.Text.Json.JsonDocument.Parse(await request.Content!.ReadAsByteArrayAsync(cancellationToken));
            var hash = "0x" + new string('1', 64);
            var id = call.RootElement.GetProperty("id").GetRawText();
            // The chain of the network's file: an endpoint of another one is asked nothing more.
            var block = call.RootElement.GetProperty("method").GetString() == "eth_chainId" ? $$"""{"jsonrpc":"2.0","id":{{id}},"result":"0x7a69"}""" : $$"""{"jsonrpc":"2.0","id":{{id}},"result":{"number":"0x10","hash":"{{hash}}","parentHash":"{{hash}}","timestamp":"0x{{timestamp:x}}","baseFeePerGas":"0x1","gasLimit":"0x1c9c380","gasUsed":"0x0","logsBloom":"0x{{new string('0', 512)}}"} }""";
            return new HttpResponseMessage(System.Net.HttpStatusCode.OK) { Content = new StringContent(block, System.Text.Encoding.UTF8, "application/json") };
        }
    }
}
