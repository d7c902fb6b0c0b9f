using System.Globalization;

namespace Turnpike.Simulation;

/// <summary>A sentence that a founder should read first.</summary>
/// <param name="Text">The sentence.</param>
/// <param name="Mood">good, mixed or bad.</param>
public sealed record Finding(string Text, string Mood);

/// <summary>What the numbers say in words, by fixed thresholds that stand here.</summary>
public static class Findings
{
    /// <summary>The findings of a result.</summary>
    public static IReadOnlyList<Finding> Of(MonteCarloResult result)
    {
        var findings = new List<Finding>();
        double End(Metric metric, double share = 0.5) => result.Bands[(int)metric][^1].Quantile(share);
        double Start(Metric metric) => result.Bands[(int)metric][0].Quantile(0.5);

        var (before, after) = (Start(Metric.Operators), End(Metric.Operators));
        var change = before > 0 ? after / before - 1 : double.NaN;
        if (!double.IsNaN(change))
            findings.Add(new Finding(string.Create(CultureInfo.InvariantCulture, $"Devices go from {Readable.Number(before)} to {Readable.Number(after)} in the middle future ({change * 100:+0;-0}%); in the worst twentieth to {Readable.Number(End(Metric.Operators, 0.05))}."), change < -0.5 ? "bad" : change < -0.1 ? "mixed" : "good"));
        if (End(Metric.Subsidy) is var subsidy && !double.IsNaN(subsidy))
            findings.Add(new Finding(subsidy < 1 ? "Customers cover all that contributors earn." : string.Create(CultureInfo.InvariantCulture, $"Of each dollar that contributors earn, customers pay {100 - subsidy:0} cents and new tokens {subsidy:0}."), subsidy > 80 ? "bad" : subsidy > 40 ? "mixed" : "good"));
        if (End(Metric.PaybackP50) is var payback && !double.IsNaN(payback))
            findings.Add(new Finding(payback >= Metrics.NeverPaysBack * 0.9 ? "New hardware never pays for itself in the middle future: nobody who reckons joins." : string.Create(CultureInfo.InvariantCulture, $"New hardware pays for itself in {payback / 52:0.0} years in the middle future."), payback > 260 ? "bad" : payback > 130 ? "mixed" : "good"));
        if (End(Metric.BurnToMint) is var burn && !double.IsNaN(burn))
            findings.Add(new Finding(burn >= 100 ? "More is burned than minted: the supply shrinks." : string.Create(CultureInfo.InvariantCulture, $"Of each 100 tokens minted, {burn:0.#} are burned."), burn >= 100 ? "good" : burn < 20 ? "bad" : "mixed"));
        for (var i = 0; i < result.Economy.Attackers.Count; i++)
        {
            var sketch = result.Bands[Metrics.Count + i][^1];
            if (sketch.ShareAboveZero > 0.5) findings.Add(new Finding($"The attack '{result.Economy.Attackers[i].Name}' pays: {Readable.Dollars(sketch.Quantile(0.5))} in the middle future. Change the rules before somebody does it.", "bad"));
        }
        return findings;
    }
}
