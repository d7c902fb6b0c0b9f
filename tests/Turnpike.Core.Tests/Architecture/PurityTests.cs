namespace Turnpike.Core.Tests.Architecture;

public class PurityTests
{
    // Where binary floats may enter, as input only. A type is added here by name, with a review.
    private static readonly string[] FloatDoors = ["Turnpike.Core.Fixed"];

    private static readonly string[] BaseLibrary =
    [
        "System.Runtime", "System.Collections", "System.Linq", "System.Memory", "System.Numerics.Vectors", "System.Runtime.Numerics", "System.Runtime.InteropServices",
        "System.Runtime.Intrinsics", "System.Security.Cryptography", "System.Text.Encoding.Extensions", "System.Collections.Immutable",
        // Trees hash on several threads, each writing places of its own: the bytes do not depend on how many there are (a test builds with one and with several).
        "System.Threading.Tasks.Parallel",
    ];

    // Geometry on the sphere needs real numbers. IEEE 754 defines + - * / and the square root to the last bit, and .NET neither contracts nor reorders them, so what is made of these
    // alone is the same on every processor; rules see the cells and integers that come out. Everything else that makes or takes a double stays forbidden here too.
    private const string Physics = "Turnpike.Core.Geography.Physics.";

    [Fact]
    public void Core_is_pure() => Assert.Empty(Faults("Turnpike.Core", type => !FloatDoors.Contains(type) && !type.StartsWith(Physics, StringComparison.Ordinal)));

    [Fact]
    public void Physics_of_Core_is_made_of_operations_that_every_processor_rounds_alike()
    {
        using var scan = new PurityScan(Path.Combine(AppContext.BaseDirectory, "Turnpike.Core.dll"));
        Assert.Empty(scan.PhysicsFaults(type => type.StartsWith(Physics, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("PlatformSine", "machine's own: System.Math.Sin")]
    [InlineData("PlatformPower", "machine's own: System.Math.Pow")]
    [InlineData("Fused", "machine's own: System.Math.FusedMultiplyAdd")]
    [InlineData("Estimated", "machine's own: System.Double.MultiplyAddEstimate")]
    [InlineData("Single", "machine's own: conv.r4")]
    [InlineData("Vectors", "machine's own: System.Runtime.Intrinsics.Vector128")]
    [InlineData("Clock", "outside world: System.DateTime.get_UtcNow")]
    [InlineData("TextOfDouble", "machine's own: System.Double.ToString")]
    public void Physics_that_depends_on_the_machine_is_reported(string member, string fault)
    {
        using var scan = new PurityScan(typeof(MachinePhysics).Assembly.Location);
        Assert.Contains(scan.PhysicsFaults(type => type == typeof(MachinePhysics).FullName), found => found.Contains("." + member + ": " + fault, StringComparison.Ordinal));
    }

    [Fact]
    public void Physics_of_basic_operations_is_not_reported()
    {
        using var scan = new PurityScan(typeof(BasicPhysics).Assembly.Location);
        Assert.Empty(scan.PhysicsFaults(type => type == typeof(BasicPhysics).FullName));
    }

    [Fact]
    public void Economics_is_pure() => Assert.Empty(Faults("Turnpike.Economics", _ => true));

    [Fact]
    public void Core_refers_to_the_base_library_only() => Assert.Empty(References("Turnpike.Core").Except(BaseLibrary));

    [Fact]
    public void Economics_refers_to_the_base_library_and_Core_only() => Assert.Empty(References("Turnpike.Economics").Except([.. BaseLibrary, "Turnpike.Core"]));

    [Fact]
    public void Door_for_floats_is_a_fault_where_it_is_not_excused() =>
        Assert.Contains(Faults("Turnpike.Core", type => type == "Turnpike.Core.Fixed"), fault => fault.StartsWith("Turnpike.Core.Fixed.TryScale: binary float: signature", StringComparison.Ordinal));

    [Theory]
    [InlineData("Literal", "binary float: ldc.r8")]
    [InlineData("Converted", "binary float: conv.r8")]
    [InlineData("Local", "binary float: local variable")]
    [InlineData("Signature", "binary float: signature")]
    [InlineData("Halved", "binary float: signature")]
    [InlineData("InGeneric", "binary float: System.Collections.Generic.List`1<System.Double>")]
    [InlineData("Field", "binary float: field")]
    [InlineData("ThroughMath", "binary float: System.Math.Sqrt")]
    [InlineData("Clock", "outside world: System.DateTime.get_UtcNow")]
    [InlineData("OffsetClock", "outside world: System.DateTimeOffset.get_Now")]
    [InlineData("Watch", "outside world: System.Diagnostics.Stopwatch.GetTimestamp")]
    [InlineData("Ticks", "outside world: System.Environment.get_TickCount64")]
    [InlineData("Chance", "outside world: System.Random.get_Shared")]
    [InlineData("CryptographicChance", "outside world: System.Security.Cryptography.RandomNumberGenerator.GetBytes")]
    [InlineData("NewGuid", "outside world: System.Guid.NewGuid")]
    [InlineData("File", "outside world: System.IO.File.Exists")]
    [InlineData("CurrentCulture", "outside world: System.Globalization.CultureInfo.get_CurrentCulture")]
    [InlineData("IntegerToText", "culture: System.Int32.ToString")]
    [InlineData("WideToText", "culture: System.Object.ToString(System.String) of System.UInt128")]
    [InlineData("DecimalFromText", "culture: System.Decimal.Parse")]
    [InlineData("CompareText", "culture: System.String.Compare")]
    [InlineData("CompareToText", "culture: System.String.CompareTo")]
    [InlineData("StartsWithText", "culture: System.String.StartsWith")]
    [InlineData("UpperText", "culture: System.String.ToUpper")]
    [InlineData("FormatText", "culture: System.String.Format")]
    [InlineData("Interpolated", "culture: System.Runtime.CompilerServices.DefaultInterpolatedStringHandler.AppendFormatted")]
    [InlineData("SortedText", "culture: System.Array.Sort")]
    [InlineData("OrderedText", "culture: System.Linq.Enumerable.Order")]
    [InlineData("OrderedByText", "culture: System.Linq.Enumerable.OrderBy")]
    [InlineData("ListSorted", "culture: System.Collections.Generic.List`1<System.String>.Sort")]
    [InlineData("SortedSetOfText", "culture: System.Collections.Generic.SortedSet`1<System.String>..ctor")]
    [InlineData("InLambda", "outside world: System.DateTime.get_UtcNow")]
    public void Impure_member_is_reported(string member, string fault)
    {
        using var scan = new PurityScan(typeof(Impure).Assembly.Location);
        var faults = scan.Faults(type => type.StartsWith(typeof(Impure).FullName!, StringComparison.Ordinal));
        Assert.Contains(faults, found => found.Contains("." + member + ": " + fault, StringComparison.Ordinal) || found.Contains("<" + member + ">b__", StringComparison.Ordinal) && found.Contains(fault, StringComparison.Ordinal));
    }

    [Fact]
    public void Pure_members_are_not_reported()
    {
        using var scan = new PurityScan(typeof(Pure).Assembly.Location);
        Assert.Empty(scan.Faults(type => type.StartsWith(typeof(Pure).FullName!, StringComparison.Ordinal)));
    }

    private static IReadOnlyList<string> Faults(string assembly, Func<string, bool> types)
    {
        using var scan = new PurityScan(Path.Combine(AppContext.BaseDirectory, assembly + ".dll"));
        return scan.Faults(types);
    }

    private static string[] References(string assembly)
    {
        using var scan = new PurityScan(Path.Combine(AppContext.BaseDirectory, assembly + ".dll"));
        return [.. scan.References];
    }
}
