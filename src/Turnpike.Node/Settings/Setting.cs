using System.Globalization;
using System.Reflection;

namespace Turnpike.Node.Settings;

/// <summary>One setting: where it is in <see cref="NodeOptions"/> and how it is written.</summary>
/// <param name="Section">Property of <see cref="NodeOptions"/>.</param>
/// <param name="Property">Property of the section.</param>
public sealed record Setting(PropertyInfo Section, PropertyInfo Property)
{
    /// <summary>Every setting there is, in the order of the classes.</summary>
    public static IReadOnlyList<Setting> All { get; } =
        [.. typeof(NodeOptions).GetProperties().SelectMany(section => section.PropertyType.GetProperties().Select(property => new Setting(section, property)))];

    /// <summary>As in node.json, such as chain.pollInterval.</summary>
    public string Name => $"{JsonName(Section)}.{JsonName(Property)}";

    /// <summary>The environment variable that overrides it, such as TURNPIKE_NODE_CHAIN__POLLINTERVAL.</summary>
    public string Variable => $"{NodeConfiguration.VariablePrefix}{Section.Name.ToUpperInvariant()}__{Property.Name.ToUpperInvariant()}";

    internal static string JsonName(PropertyInfo property) => char.ToLowerInvariant(property.Name[0]) + property.Name[1..];

    /// <summary>Its value in options, as it is written; null where it is not set.</summary>
    public string? Read(NodeOptions options) => Format(Property.GetValue(Section.GetValue(options)));

    /// <summary>Sets it from text; false with the reason when the text is none of its kind.</summary>
    public bool TryWrite(NodeOptions options, string text, out string problem)
    {
        problem = "";
        var target = Section.GetValue(options)!;
        if (TryParse(Property.PropertyType, text, out var value, out var kind))
        {
            Property.SetValue(target, value);
            return true;
        }
        problem = $"{Name} is '{text}'; it takes {kind}.";
        return false;
    }

    private static bool TryParse(Type type, string text, out object? value, out string kind)
    {
        value = null;
        kind = "text";
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        if (plain == typeof(string)) value = text;
        else if (plain == typeof(TimeSpan)) (kind, value) = ("a duration such as 30s, 10m or 2h", Duration.TryParse(text, out var duration) ? duration : null);
        else if (plain == typeof(int)) (kind, value) = ("a whole number", int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null);
        else if (plain == typeof(long)) (kind, value) = ("a whole number", long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null);
        else if (plain == typeof(ulong)) (kind, value) = ("a whole number from 0", ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null);
        else if (plain == typeof(bool)) (kind, value) = ("true or false", bool.TryParse(text, out var flag) ? flag : null);
        else if (plain == typeof(Uri)) (kind, value) = ("a URL", Uri.TryCreate(text, UriKind.Absolute, out var url) ? url : null);
        else if (plain.IsEnum) (kind, value) = ("one of " + string.Join(", ", Enum.GetNames(plain)), Enum.TryParse(plain, text, ignoreCase: true, out var choice) && Enum.IsDefined(plain, choice) ? choice : null);
        else if (plain == typeof(IReadOnlyList<string>)) value = Split(text);
        else if (plain == typeof(IReadOnlyList<Uri>)) (kind, value) = ("URLs with commas between", ParseUrls(text));
        else throw new NotSupportedException($"No setting is a {type}.");
        return value is not null;
    }

    private static string[] Split(string text) => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static Uri[]? ParseUrls(string text)
    {
        var urls = Split(text).Select(part => Uri.TryCreate(part, UriKind.Absolute, out var url) ? url : null).OfType<Uri>().ToArray();
        return urls.Length == Split(text).Length ? urls : null;
    }

    private static string? Format(object? value) => value switch
    {
        null => null,
        TimeSpan duration => Duration.Format(duration),
        bool flag => flag ? "true" : "false",
        IReadOnlyList<string> list => list.Count == 0 ? null : string.Join(", ", list),
        IReadOnlyList<Uri> urls => urls.Count == 0 ? null : string.Join(", ", urls),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };
}
