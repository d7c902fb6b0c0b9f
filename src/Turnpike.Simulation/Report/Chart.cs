using System.Globalization;
using System.Text;

namespace Turnpike.Simulation;

/// <summary>A line with, if it has one, a band around it.</summary>
/// <param name="Name">In the legend.</param>
/// <param name="Colour">A CSS colour or variable.</param>
/// <param name="Middle">One value a point; gaps are not-a-number.</param>
/// <param name="Outer">Low and high of the wide band.</param>
/// <param name="Inner">Low and high of the narrow band.</param>
/// <param name="Dashed">For what is only compared with.</param>
internal sealed record ChartLine(string Name, string Colour, double[] Middle, (double[] Low, double[] High)? Outer = null, (double[] Low, double[] High)? Inner = null, bool Dashed = false);

/// <summary>
/// A chart as one SVG element: lines and fans over a common axis, logarithmic when values span more than a hundredfold. Colours are the page's variables, so a page decides on
/// light and dark; without a page the fallbacks are readable on white.
/// </summary>
internal static class Chart
{
    /// <summary>Measures that the page's script needs too.</summary>
    internal const double Width = 440, Height = 240, Left = 54, Right = 12;

    private const double Top = 20, Bottom = 30;

    public static string Render(string title, string unit, double[] x, string xTitle, IReadOnlyList<ChartLine> lines, Func<double, string>? labelOf = null)
    {
        var values = lines.SelectMany(line => line.Middle.Concat(line.Outer is { } outer ? outer.Low.Concat(outer.High) : [])).Where(double.IsFinite).ToList();
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"<svg class=\"chart\" viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{Escape(title)}\" font-family=\"system-ui,sans-serif\" font-size=\"12\">");
        if (values.Count == 0) return text.Append(CultureInfo.InvariantCulture, $"<text x=\"{Width / 2}\" y=\"{Height / 2}\" text-anchor=\"middle\" fill=\"var(--quiet,#667)\">no values</text></svg>").ToString();
        var axis = Axis.Of(values.Min(), values.Max());
        // An axis that begins close to nothing begins at nothing, and is ticked at whole numbers where they are few.
        var (first, last) = (x[0] < 0.1 * x[^1] ? 0 : x[0], Math.Max(x[^1], x[0] + 1e-9));
        var parts = last == Math.Floor(last) && last is >= 2 and <= 8 && first == 0 ? (int)last : 4;
        double X(double value) => Left + (value - first) / (last - first) * (Width - Left - Right);
        double Y(double value) => Top + (1 - axis.Share(value)) * (Height - Top - Bottom);

        foreach (var tick in axis.Ticks)
        {
            text.Append(CultureInfo.InvariantCulture, $"<line x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{Y(tick):0.#}\" y2=\"{Y(tick):0.#}\" stroke=\"var(--grid,#e3e6ea)\"/>");
            text.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left - 8}\" y=\"{Y(tick) + 4:0.#}\" text-anchor=\"end\" fill=\"var(--quiet,#667)\">{Readable.Number(tick)}</text>");
        }
        for (var i = 0; i <= parts; i++)
        {
            var value = first + (last - first) * i / parts;
            var anchor = i == 0 ? "start" : i == parts ? "end" : "middle";
            text.Append(CultureInfo.InvariantCulture, $"<text x=\"{X(value):0.#}\" y=\"{Height - 12}\" text-anchor=\"{anchor}\" fill=\"var(--quiet,#667)\">{(labelOf is null ? Readable.Number(Math.Round(value)) : labelOf(value))}{(i == parts ? " " + Escape(xTitle) : "")}</text>");
        }
        if (unit.Length > 0) text.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left}\" y=\"{Top - 8}\" fill=\"var(--quiet,#667)\" font-size=\"11\">{Escape(unit)}{(axis.IsLogarithmic ? ", log" : "")}</text>");
        foreach (var line in lines)
        {
            if (line.Outer is { } outer) Band(text, x, outer, X, Y, line.Colour, 0.16);
            if (line.Inner is { } inner) Band(text, x, inner, X, Y, line.Colour, 0.26);
        }
        foreach (var line in lines)
            text.Append(CultureInfo.InvariantCulture, $"<path d=\"{PathOf(x, line.Middle, X, Y)}\" fill=\"none\" stroke=\"{line.Colour}\" stroke-width=\"2\" stroke-linejoin=\"round\"{(line.Dashed ? " stroke-dasharray=\"5 4\"" : "")}/>");
        return text.Append("</svg>").ToString();
    }

    /// <summary>Bars from the left, longest first.</summary>
    public static string Bars(string title, IReadOnlyList<(string Name, double Value, string Label)> bars)
    {
        const double Row = 26, NameWidth = 128, LabelWidth = 70;
        var most = Math.Max(bars.Max(bar => bar.Value), 1e-9);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"<svg class=\"chart\" viewBox=\"0 0 {Width} {bars.Count * Row + 8}\" role=\"img\" aria-label=\"{Escape(title)}\" font-family=\"system-ui,sans-serif\" font-size=\"12\">");
        for (var i = 0; i < bars.Count; i++)
        {
            var y = 4 + i * Row;
            text.Append(CultureInfo.InvariantCulture, $"<text x=\"{NameWidth - 8}\" y=\"{y + 17}\" text-anchor=\"end\" fill=\"var(--text,#223)\">{Escape(bars[i].Name)}</text>");
            text.Append(CultureInfo.InvariantCulture, $"<rect x=\"{NameWidth}\" y=\"{y + 4}\" width=\"{Math.Max(1, bars[i].Value / most * (Width - NameWidth - LabelWidth)):0.#}\" height=\"{Row - 9}\" rx=\"3\" fill=\"var(--a,#2563c9)\"/>");
            text.Append(CultureInfo.InvariantCulture, $"<text x=\"{NameWidth + bars[i].Value / most * (Width - NameWidth - LabelWidth) + 8:0.#}\" y=\"{y + 17}\" fill=\"var(--quiet,#667)\">{Escape(bars[i].Label)}</text>");
        }
        return text.Append("</svg>").ToString();
    }

    public static string Escape(string text) => System.Net.WebUtility.HtmlEncode(text);

    private static void Band(StringBuilder text, double[] x, (double[] Low, double[] High) band, Func<double, double> toX, Func<double, double> toY, string colour, double opacity)
    {
        var points = Enumerable.Range(0, x.Length).Where(i => double.IsFinite(band.Low[i]) && double.IsFinite(band.High[i])).ToList();
        if (points.Count < 2) return;
        var path = new StringBuilder("M");
        foreach (var i in points) path.Append(CultureInfo.InvariantCulture, $"{toX(x[i]):0.#} {toY(band.High[i]):0.#}L");
        foreach (var i in Enumerable.Reverse(points)) path.Append(CultureInfo.InvariantCulture, $"{toX(x[i]):0.#} {toY(band.Low[i]):0.#}L");
        path.Length--;
        text.Append(CultureInfo.InvariantCulture, $"<path d=\"{path}Z\" fill=\"{colour}\" fill-opacity=\"{opacity}\"/>");
    }

    private static string PathOf(double[] x, double[] values, Func<double, double> toX, Func<double, double> toY)
    {
        var (path, isDrawing) = (new StringBuilder(), false);
        for (var i = 0; i < x.Length; i++)
        {
            if (!double.IsFinite(values[i]))
            {
                isDrawing = false;
                continue;
            }
            path.Append(CultureInfo.InvariantCulture, $"{(isDrawing ? "L" : "M")}{toX(x[i]):0.#} {toY(values[i]):0.#}");
            isDrawing = true;
        }
        return path.ToString();
    }

    private sealed record Axis(double Low, double High, bool IsLogarithmic, IReadOnlyList<double> Ticks)
    {
        public static Axis Of(double low, double high)
        {
            if (low > 0 && high / low > 100) return Logarithmic(low, high);
            if (low > 0 && low < high * 0.6) low = 0;
            if (low == 0 && high == 0) high = 1;
            if (high <= low) (low, high) = (low - Math.Max(1e-9, Math.Abs(low) * 0.05), high + Math.Max(1e-9, Math.Abs(high) * 0.05));
            var step = NiceStep((high - low) / 4);
            var first = Math.Floor(low / step) * step;
            var last = Math.Ceiling(high / step) * step;
            return new Axis(first, last, false, [.. Enumerable.Range(0, (int)Math.Round((last - first) / step) + 1).Select(i => first + i * step)]);
        }

        public double Share(double value) => IsLogarithmic ? (Math.Log10(Math.Max(value, Low)) - Math.Log10(Low)) / (Math.Log10(High) - Math.Log10(Low)) : (value - Low) / (High - Low);

        private static Axis Logarithmic(double low, double high)
        {
            var (first, last) = ((int)Math.Floor(Math.Log10(low)), (int)Math.Ceiling(Math.Log10(high)));
            var step = Math.Max(1, (last - first + 4) / 5);
            var ticks = new List<double>();
            for (var power = first; power <= last; power += step) ticks.Add(Math.Pow(10, power));
            return new Axis(Math.Pow(10, first), Math.Pow(10, last), true, ticks);
        }

        private static double NiceStep(double raw)
        {
            var power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
            return power * (raw / power) switch { <= 1 => 1, <= 2 => 2, <= 2.5 => 2.5, <= 5 => 5, _ => 10 };
        }
    }
}
