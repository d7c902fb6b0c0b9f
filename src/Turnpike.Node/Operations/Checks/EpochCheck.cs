using Turnpike.Node.Settings;

namespace Turnpike.Node.Operations;

/// <summary>Epochs settle when they are due.</summary>
internal sealed class EpochCheck(NodeContext node, HealthOptions options) : INodeCheck
{
    public string Name => "epochs";

    public Task<CheckResult> RunAsync(CancellationToken cancellation)
    {
        var course = EpochCourse.Of(node);
        return Task.FromResult(course.Overdue > (ulong)options.MaxEpochLag
            ? new CheckResult(course.Text, new Finding(AlertCode.EpochLate, "", $"{course.Overdue} epochs are overdue: the last settled one is {course.LastClosed}, the present one {course.Current}."))
            : new CheckResult(course.Text));
    }
}

/// <summary>The price is fresh enough for credits to be sold.</summary>
internal sealed class PriceCheck(NodeContext node) : INodeCheck
{
    private TimeSpan? _maxAge;

    public string Name => "price";

    public async Task<CheckResult> RunAsync(CancellationToken cancellation)
    {
        var maxAge = _maxAge ??= TimeSpan.FromSeconds(await node.Chain.CallAsync(node.Deployment.Credits, new Ledger.Contracts.Credits.MaxPriceAgeCall(), Evm.Rpc.BlockReference.Latest, cancellation));
        var price = node.History.Read(state => state.LastPrice);
        var age = TimeSpan.FromMilliseconds(Math.Max(0, node.Now - (long)price.Timestamp * 1000));
        var text = $"${price.Average}, {Duration.Format(TimeSpan.FromSeconds(Math.Floor(age.TotalSeconds)))} old";
        return age > maxAge ? new CheckResult(text, new Finding(AlertCode.PriceStale, "", $"The price is {age.TotalSeconds:0} s old; credits accept {maxAge.TotalSeconds:0} s.")) : new CheckResult(text);
    }
}
