using System.Diagnostics;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Turnpike.Tests;

namespace Turnpike.Blueprints.Tests;

public class ReaderFuzzTests
{
    private static readonly byte[] Seed = Encoding.UTF8.GetBytes(Sample.Yaml);

    // Fragments that mean something to YAML or to the schema: bytes alone rarely get past the scanner.
    private static readonly string[] Fragments =
    [
        "\n", ": ", "- ", "? ", "[", "]", "{", "}", "&a ", "*a", "!!int ", "| \n", "> \n", "\"", "'", "#", "---\n", "...\n", "%YAML 1.2\n", "<<: ", "\t", "  ", "\0", "\u0085", "\uFEFF", "\uD7FF",
        "local:\n", "network:\n", "epoch:\n", "pools:\n", "accounts:\n", "parameters:\n", "null", "~", "generated", "0x", "99999999999999999999999999999999999999999", "1e400", "-0", "100%", "NaN", "24h",
    ];

    private static readonly Gen<byte[]> Mutated =
        from count in Gen.Choose(1, 12)
        from edits in Gen.Choose(0, int.MaxValue).ListOf(count * 3)
        select Mutate([.. edits]);

    [Fact]
    public void Mutated_blueprint_gives_problems_or_a_network_and_never_throws() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(3_000), Prop.ForAll(Mutated.ToArbitrary(), bytes => IsAnswered(bytes)));

    [Fact]
    public void Random_bytes_give_problems_and_never_throw() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(3_000).WithEndSize(400), Prop.ForAll<byte[]>(bytes => IsAnswered(bytes)));

    [Fact]
    public void Every_truncation_of_a_shipped_blueprint_is_answered()
    {
        var bytes = File.ReadAllBytes(Path.Combine(SharedData.RepositoryRoot, "blueprints", "helium-iot.yaml"));
        for (var length = 0; length < bytes.Length; length += 7) Assert.True(IsAnswered(bytes[..length]));
    }

    private static bool IsAnswered(byte[] bytes)
    {
        var clock = Stopwatch.StartNew();
        var reading = BlueprintReader.Parse(bytes, Sample.File, [Sample.Pack]);
        var whole = reading.Problems.Count == 0;
        if (whole)
        {
            // What is accepted is complete: every part that the launcher reads can be read.
            Assert.Equal(1_000_000, reading.Blueprint!.Pools.Sum(pool => pool.SharePpm));
            Assert.NotEmpty(reading.Local!.Emission.Steps);
            Assert.NotEmpty(reading.Local.WithAccounts(reading.Local.GeneratedAccounts.ToDictionary(name => name, _ => Core.Address.Parse("0x00000000000000000000000000000000000000ff"))).CanonicalParameters());
        }
        return whole == (reading.Blueprint is not null) && whole == (reading.Local is not null)
            && reading.Problems.Count <= ProblemList.Maximum && clock.Elapsed < TimeSpan.FromSeconds(10);
    }

    /// <summary>Each triple of numbers is one edit: what to do, where, with what.</summary>
    private static byte[] Mutate(IReadOnlyList<int> edits)
    {
        var bytes = new List<byte>(Seed);
        for (var index = 0; index + 2 < edits.Count; index += 3)
        {
            var at = edits[index + 1] % bytes.Count;
            switch (edits[index] % 5)
            {
                case 0: bytes[at] = (byte)edits[index + 2]; break;
                case 1: bytes.RemoveRange(at, Math.Min(edits[index + 2] % 40, bytes.Count - at - 1)); break;
                case 2: bytes.InsertRange(at, Encoding.UTF8.GetBytes(Fragments[edits[index + 2] % Fragments.Length])); break;
                case 3: bytes.InsertRange(at, bytes.GetRange(edits[index + 2] % bytes.Count, Math.Min(60, bytes.Count - (edits[index + 2] % bytes.Count)))); break;
                default: (bytes[at], bytes[edits[index + 2] % bytes.Count]) = (bytes[edits[index + 2] % bytes.Count], bytes[at]); break;
            }
        }
        return [.. bytes];
    }
}
