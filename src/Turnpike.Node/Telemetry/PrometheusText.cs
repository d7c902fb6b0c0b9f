using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Turnpike.Node.Telemetry;

/// <summary>
/// The node's own metrics as text for Prometheus (exposition format 0.0.4): dots become underscores, counters end in _total, histograms give buckets, sum and count.
/// It listens from its creation on. A metric keeps at most <see cref="MaxSeries"/> label sets; further ones are dropped, so that no stranger's input can fill the memory.
/// </summary>
internal sealed class PrometheusText : IDisposable
{
    private const int MaxSeries = 1000;
    private static readonly double[] Bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1000];

    private readonly Lock _lock = new();
    private readonly MeterListener _listener = new();
    private readonly SortedDictionary<string, Family> _families = new(StringComparer.Ordinal);

    public PrometheusText(IMeterFactory factory)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, factory)) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, labels, _) => Note(instrument, value, labels));
        _listener.SetMeasurementEventCallback<int>((instrument, value, labels, _) => Note(instrument, value, labels));
        _listener.SetMeasurementEventCallback<double>((instrument, value, labels, _) => Note(instrument, value, labels));
        _listener.Start();
    }

    /// <summary>Everything as it is now.</summary>
    public string Render()
    {
        lock (_lock)
        {
            // What is observed has no past: a series that is no longer told is gone.
            foreach (var family in _families.Values.Where(family => family.Instrument.IsObservable)) family.Series.Clear();
            _listener.RecordObservableInstruments();
            var text = new StringBuilder();
            foreach (var (name, family) in _families) family.Write(text, name);
            return text.ToString();
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        lock (_lock)
        {
            var name = NameOf(instrument);
            if (!_families.TryGetValue(name, out var family)) _families[name] = family = new Family(instrument);
            var key = LabelsOf(labels);
            if (!family.Series.TryGetValue(key, out var series))
            {
                if (family.Series.Count >= MaxSeries) return;
                family.Series[key] = series = new Series();
            }
            series.Note(value, family.Kind);
        }
    }

    private static string NameOf(Instrument instrument)
    {
        var name = instrument.Name.Replace('.', '_');
        var unit = instrument.Unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
        if (unit.Length > 0 && !name.EndsWith(unit, StringComparison.Ordinal)) name += unit;
        return KindOf(instrument) == Kind.Counter ? name + "_total" : name;
    }

    private static Kind KindOf(Instrument instrument)
    {
        var type = instrument.GetType().Name;
        return type.StartsWith("Histogram", StringComparison.Ordinal) ? Kind.Histogram : type.StartsWith("Counter", StringComparison.Ordinal) ? Kind.Counter : type.StartsWith("ObservableCounter", StringComparison.Ordinal) ? Kind.Counter : Kind.Gauge;
    }

    private static string LabelsOf(ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in labels)
            text.Append(text.Length == 0 ? "" : ",").Append(name.Replace('.', '_')).Append("=\"").Append(Convert.ToString(value, CultureInfo.InvariantCulture)!.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)).Append('"');
        return text.ToString();
    }

    private enum Kind
    {
        Counter,
        Gauge,
        Histogram,
    }

    private sealed class Series
    {
        public double Value { get; private set; }

        public long Count { get; private set; }

        public long[]? Buckets { get; private set; }

        public void Note(double value, Kind kind)
        {
            Count++;
            if (kind != Kind.Histogram)
            {
                Value = kind == Kind.Gauge ? value : Value + value;
                return;
            }
            Value += value;
            Buckets ??= new long[Bounds.Length];
            for (var i = 0; i < Bounds.Length; i++)
                if (value <= Bounds[i]) Buckets[i]++;
        }
    }

    private sealed class Family(Instrument instrument)
    {
        public Instrument Instrument { get; } = instrument;

        public Kind Kind { get; } = KindOf(instrument);

        public SortedDictionary<string, Series> Series { get; } = new(StringComparer.Ordinal);

        public void Write(StringBuilder text, string name)
        {
            if (Series.Count == 0) return;
            text.Append("# HELP ").Append(name).Append(' ').Append(Instrument.Description).Append('\n');
            text.Append("# TYPE ").Append(name).Append(' ').Append(Kind.ToString().ToLowerInvariant()).Append('\n');
            foreach (var (labels, series) in Series) Write(text, name, labels, series);
        }

        private static void Write(StringBuilder text, string name, string labels, Series series)
        {
            if (series.Buckets is not { } buckets)
            {
                Line(text, name, labels, series.Value);
                return;
            }
            var more = labels.Length == 0 ? "" : labels + ",";
            for (var i = 0; i < buckets.Length; i++) Line(text, name + "_bucket", string.Create(CultureInfo.InvariantCulture, $"{more}le=\"{Bounds[i]}\""), buckets[i]);
            Line(text, name + "_bucket", more + "le=\"+Inf\"", series.Count);
            Line(text, name + "_sum", labels, series.Value);
            Line(text, name + "_count", labels, series.Count);
        }

        private static void Line(StringBuilder text, string name, string labels, double value) =>
            text.Append(name).Append(labels.Length == 0 ? "" : "{" + labels + "}").Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
    }
}
