using System.Globalization;

namespace Turnpike.Simulation;

/// <summary>
/// Monthly burns one month ahead: the simulator's demand (a trend with a shock that fades) in discrete form, ln b' = a + phi ln b + g t, fitted by least squares on the
/// training months only; every test month is forecast from the month before it, with the parameters as they were.
/// </summary>
public static class BurnBacktest
{
    // 1.2816 deviations: P10 and P90 of a normal.
    private const double Decile = 1.2815515655446004;

    /// <summary>HNT burned per month.</summary>
    public static Backtest Helium(string file)
    {
        var rows = File.ReadLines(file).Skip(1).Select(line => line.Split(',')).ToList();
        return Of("hnt-burned", "HNT burned per month, one month ahead", [.. rows.Select(row => row[0][..7])], [.. rows.Select(row => Number(row[1]))], rows.Count - 12,
            "Poor. Burns come in lumps, when a carrier pays, and in the test year they rose tenfold, which nothing in the training months announced. Ours errs less than the baselines in the mean and more in the median, because it is drawn back to a trend; it points the wrong way more often than not, and its band is far too narrow. Do not forecast burns with it: set demand by scenario.");
    }

    /// <summary>GEOD burned per month.</summary>
    public static Backtest Geodnet(string file)
    {
        // The first month is seven tokens of a test.
        var rows = File.ReadLines(file).Skip(2).Select(line => line.Split(',')).ToList();
        return Of("geod-burned", "GEOD burned per month (Solana), one month ahead", [.. rows.Select(row => row[0])], [.. rows.Select(row => Number(row[4]))], rows.Count - 7,
            "Poor, and so are the baselines. Eleven months to learn from and seven to be asked about, of which one has 10 GEOD of burns and one 14,426: no percentage error survives that, hence the median error. The series is of Solana only and of when somebody pressed the button, not of revenue.");
    }

    private static Backtest Of(string id, string title, string[] labels, double[] actual, int from, string reading)
    {
        var logs = actual.Select(value => PortableMath.Log(value)).ToArray();
        var (constant, persistence, trend, deviation) = Fit(logs[..from]);
        var steps = logs[1..from].Zip(logs[..(from - 1)], (now, before) => now - before).ToArray();
        var spread = Math.Sqrt(steps.Average(step => step * step));
        var (ours, low, high) = (new double[actual.Length - from], new double[actual.Length - from], new double[actual.Length - from]);
        var (walk, walkLow, walkHigh) = (new double[ours.Length], new double[ours.Length], new double[ours.Length]);
        for (var i = 0; i < ours.Length; i++)
        {
            var t = from + i;
            var expected = constant + persistence * logs[t - 1] + trend * t;
            (ours[i], low[i], high[i]) = (PortableMath.Exp(expected), PortableMath.Exp(expected - Decile * deviation), PortableMath.Exp(expected + Decile * deviation));
            (walk[i], walkLow[i], walkHigh[i]) = (actual[t - 1], actual[t - 1] * PortableMath.Exp(-Decile * spread), actual[t - 1] * PortableMath.Exp(Decile * spread));
        }
        var last = Enumerable.Repeat(actual[from - 1], ours.Length).ToArray();
        return new Backtest(id, title, "month", labels, actual, from, [new Forecast("Turnpike", ours, low, high), new Forecast("random walk", walk, walkLow, walkHigh), new Forecast("last training value", last)], reading);
    }

    // Ordinary least squares of ln b(t) on 1, ln b(t - 1), t, by the normal equations.
    private static (double Constant, double Persistence, double Trend, double Deviation) Fit(double[] logs)
    {
        var matrix = new double[3, 4];
        for (var t = 1; t < logs.Length; t++)
        {
            double[] row = [1, logs[t - 1], t];
            for (var i = 0; i < 3; i++)
            {
                for (var j = 0; j < 3; j++) matrix[i, j] += row[i] * row[j];
                matrix[i, 3] += row[i] * logs[t];
            }
        }
        var solution = LeastSquares.Solve(matrix);
        var residuals = Enumerable.Range(1, logs.Length - 1).Sum(t => Square(logs[t] - solution[0] - solution[1] * logs[t - 1] - solution[2] * t));
        return (solution[0], solution[1], solution[2], Math.Sqrt(residuals / Math.Max(1, logs.Length - 4)));
    }

    private static double Square(double value) => value * value;

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
