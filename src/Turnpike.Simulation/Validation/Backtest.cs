namespace Turnpike.Simulation;

/// <summary>One forecast against what happened.</summary>
/// <param name="Name">Of the model or baseline.</param>
/// <param name="Values">A value a period of the test; gaps are not-a-number.</param>
/// <param name="Low">Tenth percentile, where the model gives one.</param>
/// <param name="High">Ninetieth.</param>
public sealed record Forecast(string Name, double[] Values, double[]? Low = null, double[]? High = null)
{
    /// <summary>Mean absolute percentage error over periods whose actual value is not zero, as a share.</summary>
    public double Mape(double[] actual)
    {
        var (sum, count) = (0.0, 0);
        for (var i = 0; i < actual.Length; i++)
        {
            if (actual[i] == 0 || double.IsNaN(Values[i])) continue;
            sum += Math.Abs(Values[i] / actual[i] - 1);
            count++;
        }
        return sum / count;
    }

    /// <summary>The median of the absolute percentage errors, which one freak month does not move.</summary>
    public double MedianError(double[] actual)
    {
        var errors = Enumerable.Range(0, actual.Length).Where(i => actual[i] != 0 && !double.IsNaN(Values[i])).Select(i => Math.Abs(Values[i] / actual[i] - 1)).Order().ToArray();
        return errors[errors.Length / 2];
    }

    /// <summary>Pearson's correlation; not a number where either does not vary.</summary>
    public double Correlation(double[] actual)
    {
        var (meanA, meanV) = (actual.Average(), Values.Average());
        var (covariance, varianceA, varianceV) = (0.0, 0.0, 0.0);
        for (var i = 0; i < actual.Length; i++)
        {
            covariance += (actual[i] - meanA) * (Values[i] - meanV);
            varianceA += (actual[i] - meanA) * (actual[i] - meanA);
            varianceV += (Values[i] - meanV) * (Values[i] - meanV);
        }
        return varianceV <= 1e-18 * meanV * meanV ? double.NaN : covariance / Math.Sqrt(varianceA * varianceV);
    }

    /// <summary>Share of periods inside P10 to P90, which should be 80 %; not a number without a band.</summary>
    public double Coverage(double[] actual) =>
        Low is null || High is null ? double.NaN : Enumerable.Range(0, actual.Length).Count(i => actual[i] >= Low[i] && actual[i] <= High[i]) / (double)actual.Length;
}

/// <summary>A back-test: a history divided into what models were fitted on and what they were asked about.</summary>
/// <param name="Id">Short name of its plot.</param>
/// <param name="Title">What is forecast.</param>
/// <param name="Period">Such as "month".</param>
/// <param name="Labels">A label a period of the whole history.</param>
/// <param name="Actual">The whole history.</param>
/// <param name="TestFrom">First period of the test.</param>
/// <param name="Forecasts">Ours first, then baselines; each over the test.</param>
/// <param name="Reading">What the result means, in plain words.</param>
public sealed record Backtest(string Id, string Title, string Period, string[] Labels, double[] Actual, int TestFrom, IReadOnlyList<Forecast> Forecasts, string Reading)
{
    /// <summary>What happened in the test.</summary>
    public double[] Test => Actual[TestFrom..];
}
