namespace Turnpike.Core.Tests.Architecture;

/// <summary>A member that an instruction names: declaring type, name, generic arguments of the call, types of its signature.</summary>
internal sealed record Member(string Type, string Name, IReadOnlyList<string> GenericArguments, IReadOnlyList<string> Parameters)
{
    public bool Takes(string type) => Parameters.Any(parameter => parameter.StartsWith(type, StringComparison.Ordinal));

    public override string ToString() => $"{Type}.{Name}({string.Join(",", Parameters)})";
}

/// <summary>DESIGN section 10 as predicates: no clock, no chance, no culture, no outside world, no binary floats.</summary>
internal static class PurityRules
{
    private static readonly HashSet<string> Formattable = new(StringComparer.Ordinal)
    {
        "System.SByte", "System.Byte", "System.Int16", "System.UInt16", "System.Int32", "System.UInt32", "System.Int64", "System.UInt64", "System.IntPtr", "System.UIntPtr",
        "System.Int128", "System.UInt128", "System.Numerics.BigInteger", "System.Decimal", "System.DateTime", "System.DateTimeOffset", "System.TimeSpan", "System.DateOnly", "System.TimeOnly",
    };

    // Every member of these is forbidden: they read the machine or the moment.
    private static readonly string[] ForbiddenTypes =
    [
        "System.Random", "System.Environment", "System.Diagnostics.Stopwatch", "System.TimeProvider", "System.TimeZoneInfo", "System.Console", "System.Diagnostics.Process",
        "System.Security.Cryptography.RandomNumberGenerator", "System.IO.", "System.Net.", "System.Threading.Thread", "System.Threading.Timer", "System.AppContext", "System.OperatingSystem",
    ];

    private static readonly HashSet<string> ForbiddenMembers = new(StringComparer.Ordinal)
    {
        "System.DateTime.get_Now", "System.DateTime.get_UtcNow", "System.DateTime.get_Today", "System.DateTimeOffset.get_Now", "System.DateTimeOffset.get_UtcNow",
        "System.Guid.NewGuid", "System.Guid.CreateVersion7", "System.Globalization.CultureInfo.get_CurrentCulture", "System.Globalization.CultureInfo.get_CurrentUICulture",
        "System.StringComparer.get_CurrentCulture", "System.StringComparer.get_CurrentCultureIgnoreCase",
    };

    // Defined to the bit by IEEE 754, or not arithmetic at all.
    private static readonly HashSet<string> ExactMembers = new(StringComparer.Ordinal)
    {
        "System.Math.Sqrt", "System.Math.Abs", "System.Math.Floor", "System.Math.Max", "System.Math.Min", "System.Double.IsFinite", "System.Double.Equals", "System.Double.GetHashCode",
    };

    private static readonly string[] MachineArithmetic = ["System.Math", "System.MathF", "System.Double", "System.Single", "System.Half", "System.Convert", "System.Numerics.", "System.Runtime.Intrinsics."];

    private static readonly HashSet<string> ComparingText = new(StringComparer.Ordinal)
    {
        "Compare", "CompareTo", "StartsWith", "EndsWith", "IndexOf", "LastIndexOf", "ToUpper", "ToLower",
    };

    public static bool IsBinaryFloat(string type) =>
        type.Contains("System.Double", StringComparison.Ordinal) || type.Contains("System.Single", StringComparison.Ordinal) || type.Contains("System.Half", StringComparison.Ordinal);

    public static bool IsBinaryFloatInstruction(string code) => code.Contains(".r4", StringComparison.Ordinal) || code.Contains(".r8", StringComparison.Ordinal) || code == "conv.r.un";

    /// <summary>What is wrong with using the member, or null. <paramref name="constrained"/> is the type of a constrained call.</summary>
    public static string? Fault(Member member, string? constrained)
    {
        var full = member.Type + "." + member.Name;
        if (member.Parameters.Concat(member.GenericArguments).Append(member.Type).Any(IsBinaryFloat)) return "binary float: " + member;
        // Iterators ask for it to know whether they are enumerated by their maker; it never reaches a result.
        if (full == "System.Environment.get_CurrentManagedThreadId") return null;
        if (ForbiddenMembers.Contains(full) || ForbiddenTypes.Any(type => IsOrIsIn(member.Type, type))) return "outside world: " + member;
        if (member.Type == "System.DateTimeOffset" && member.Name is "ToLocalTime" or "get_LocalDateTime") return "outside world: " + member;
        return IsCultural(member, constrained) ? $"culture: {member} of {constrained ?? member.Type}" : null;
    }

    // A name that ends with a dot is a namespace.
    private static bool IsOrIsIn(string type, string forbidden) =>
        forbidden.EndsWith('.') ? type.StartsWith(forbidden, StringComparison.Ordinal) : type == forbidden || type.StartsWith(forbidden + "/", StringComparison.Ordinal);

    /// <summary>What is wrong with using the member in code that may hold doubles, or null.</summary>
    public static string? PhysicsFault(Member member, string? constrained)
    {
        var full = member.Type + "." + member.Name;
        if (ExactMembers.Contains(full)) return null;
        if (MachineArithmetic.Any(type => IsOrIsIn(member.Type, type)) || member.Parameters.Append(member.Type).Any(IsShortFloat)) return "machine's own: " + member;
        // Doubles may be kept in tuples, spans and records; what is done with them is judged above.
        return Fault(member with { Type = WithoutDoubles(member.Type), Parameters = [.. member.Parameters.Select(WithoutDoubles)], GenericArguments = [.. member.GenericArguments.Select(WithoutDoubles)] }, constrained);
    }

    /// <summary>Arithmetic of less than double precision: processors differ in how much more they keep.</summary>
    public static bool IsShortFloatInstruction(string code) => code.Contains(".r4", StringComparison.Ordinal);

    public static bool IsShortFloat(string type) => type.Contains("System.Single", StringComparison.Ordinal) || type.Contains("System.Half", StringComparison.Ordinal);

    private static string WithoutDoubles(string type) => type.Replace("System.Double", "System.Int64", StringComparison.Ordinal);

    private static bool IsCultural(Member member, string? constrained)
    {
        // Structs of another assembly are asked for their text by a constrained call of Object.ToString.
        if (Formattable.Contains(constrained ?? member.Type))
            return member.Name is "ToString" or "Parse" or "TryParse" or "TryFormat" or "ParseExact" or "TryParseExact" && !member.Takes("System.IFormatProvider");
        return member.Type switch
        {
            "System.String" => IsCulturalText(member),
            "System.Text.StringBuilder" => member.Name.StartsWith("Append", StringComparison.Ordinal) && (member.Name == "AppendFormat" || member.Parameters.Skip(1).Any(Formattable.Contains))
                && !member.Takes("System.IFormatProvider"),
            "System.Runtime.CompilerServices.DefaultInterpolatedStringHandler" => member.GenericArguments.Any(type => type is "System.Decimal" or "System.DateTime" or "System.DateTimeOffset"),
            "System.Convert" => member.Name == "ToString" && !member.Takes("System.IFormatProvider"),
            _ => SortsTextByCulture(member),
        };
    }

    private static bool IsCulturalText(Member member)
    {
        if (member.Name == "Format") return !member.Takes("System.IFormatProvider");
        if (!ComparingText.Contains(member.Name) || member.Takes("System.StringComparison") || member.Takes("System.Globalization.CultureInfo")) return false;
        // Searching for a single character is ordinal.
        return member.Name is "ToUpper" or "ToLower" || member.Parameters.Skip(1).Any(parameter => parameter is "System.String" or "System.Object");
    }

    // The default order of strings is the culture's: sorting them needs a named comparer.
    private static bool SortsTextByCulture(Member member)
    {
        const string OfText = "<System.String";
        if (member.Type == "System.Collections.Generic.Comparer`1<System.String>") return member.Name == "get_Default";
        var compares = member.Takes("System.Collections.Generic.IComparer`1") || member.Takes("System.Comparison`1");
        return member.Type switch
        {
            "System.Array" => member.Name is "Sort" or "BinarySearch" && !compares && member.GenericArguments.FirstOrDefault() == "System.String",
            "System.Linq.Enumerable" => !compares && (member.Name is "Order" or "OrderDescending" or "Min" or "Max" && member.GenericArguments.FirstOrDefault() == "System.String"
                || member.Name is "OrderBy" or "OrderByDescending" or "ThenBy" or "ThenByDescending" && member.GenericArguments.LastOrDefault() == "System.String"),
            _ when member.Type.StartsWith("System.Collections.Generic.List`1" + OfText, StringComparison.Ordinal) => member.Name is "Sort" or "BinarySearch" && !compares,
            _ when member.Type.StartsWith("System.Collections.Generic.Sorted", StringComparison.Ordinal) && member.Type.Contains(OfText, StringComparison.Ordinal) => member.Name == ".ctor" && !compares,
            _ => false,
        };
    }
}
