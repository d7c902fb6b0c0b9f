namespace Turnpike.Node.Tests.Oracles;

/// <summary>Four oracles, one of which may be faulty, on a real chain.</summary>
public sealed class FourOraclesTests
{
    [Fact]
    public async Task Epoch_with_reports_is_settled_and_pays()
    {
        await using var network = await OracleNetwork.StartAsync(new OracleNetworkOptions());
        await network.BeginAsync(1);
        Assert.Equal(4, await network.ReportAsync());
        Assert.True((await network.SettledAsync(1)).Report.Mint > 0);
    }
}
