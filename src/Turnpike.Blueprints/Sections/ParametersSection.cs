using System.Globalization;
using Turnpike.Blueprints.Schema;
using Turnpike.Blueprints.Yaml;
using Turnpike.Core.Parameters;

namespace Turnpike.Blueprints;

internal static class ParametersKeys
{
    internal static readonly NamesKey Section = new("parameters", "a group with parameters of the rule pack", "Numbers and words that tune the rule pack, each declared by the pack with its range and default. They are part of the rules' hash on chain.") { Required = false };

    /// <summary>Null when something is wrong or the pack is unknown.</summary>
    internal static ParameterSet? Read(SectionReader root, PackDescription? pack)
    {
        var section = root.Mapping(Section);
        if (pack is null) return null;
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var before = root.Problems.Reported;
        var names = pack.Parameters.Select(parameter => parameter.Name).ToArray();
        foreach (var entry in section?.Entries ?? [])
        {
            var declared = pack.Parameters.FirstOrDefault(parameter => parameter.Name == entry.Key);
            if (declared is null) SectionReader.ReportUnknown(entry, names, root.Problems);
            else if (ReadValue(entry.Value, declared, root.Problems) is { } value) values.Add(declared.Name, value);
        }
        foreach (var declared in pack.Parameters.Where(declared => declared.Default is null && section?[declared.Name] is null))
        {
            YamlNode place = section is null ? root.Node : section;
            root.Problems.Add(BlueprintFault.MissingKey, place.Line, place.Column, $"{Section.Name}.{declared.Name}", $"the pack {pack.Id} needs this parameter", $"add it: {Expected(declared)}");
        }
        return root.Problems.Reported == before ? new ParameterSet(pack, values) : null;
    }

    /// <summary>What a right value of a parameter looks like.</summary>
    internal static string Expected(ParameterDeclaration declared) => declared.Kind switch
    {
        ParameterKind.Integer => ScalarTypes.Integer(declared.Minimum, declared.Maximum).Expected,
        ParameterKind.Duration => DurationOf(declared).Expected,
        _ => declared.Choices.Count > 0 ? $"one of {string.Join(", ", declared.Choices)}" : $"a word of up to {ParameterDeclaration.MaximumTextLength} printable ASCII characters",
    };

    private static string? ReadValue(YamlNode node, ParameterDeclaration declared, ProblemList problems)
    {
        if (declared.Kind == ParameterKind.Integer) return Canonical(SectionReader.ReadScalar(node, ScalarTypes.Integer(declared.Minimum, declared.Maximum), problems));
        if (declared.Kind == ParameterKind.Duration)
        {
            var duration = SectionReader.ReadScalar(node, DurationOf(declared), problems);
            return Canonical(new Field<ulong>((ulong)(duration.Value.Ticks / TimeSpan.TicksPerMillisecond), duration.Given, node));
        }
        var type = new ScalarType<string>(Expected(declared), (string text, out string value) =>
        {
            value = text;
            return declared.Allows(text) ? Reading.Right : Reading.OutOfRange;
        });
        var word = SectionReader.ReadScalar(node, type, problems);
        return word.Given ? word.Value : null;
    }

    private static string? Canonical(Field<ulong> number) => number.Given ? number.Value.ToString(CultureInfo.InvariantCulture) : null;

    private static ScalarType<TimeSpan> DurationOf(ParameterDeclaration declared) =>
        ScalarTypes.Duration(FromMilliseconds(declared.Minimum), FromMilliseconds(declared.Maximum), wholeSeconds: false);

    private static TimeSpan FromMilliseconds(ulong milliseconds) =>
        new(checked((long)Math.Min(milliseconds, 366UL * 86_400_000) * TimeSpan.TicksPerMillisecond));
}
