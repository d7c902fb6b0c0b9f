using System.Globalization;
using System.Text;

namespace Turnpike.Simulation;

/// <summary>All bands as one table: a line a metric and record.</summary>
public static class CsvReport
{
    /// <summary>Columns: metric, week, runs with a value, p5, p25, p50, p75, p95, minimum, maximum.</summary>
    public static string Write(MonteCarloResult result)
    {
        var text = new StringBuilder("metric,week,runs,p5,p25,p50,p75,p95,min,max\n");
        for (var i = 0; i < result.Bands.Length; i++)
        {
            var name = i < Metrics.Count ? ((Metric)i).ToString() : "Attack: " + result.Economy.Attackers[i - Metrics.Count].Name.Replace('"', '\'');
            for (var sample = 0; sample < result.Samples; sample++)
            {
                var sketch = result.Bands[i][sample];
                text.Append(CultureInfo.InvariantCulture, $"\"{name}\",{result.WeekOf(sample)},{sketch.Count}");
                foreach (var share in new[] { 0.05, 0.25, 0.5, 0.75, 0.95 }) text.Append(',').Append(Readable.Text(sketch.Quantile(share)));
                text.Append(',').Append(sketch.Count == 0 ? "" : Readable.Text(sketch.Minimum)).Append(',').Append(sketch.Count == 0 ? "" : Readable.Text(sketch.Maximum)).Append('\n');
            }
        }
        return text.ToString();
    }
}
