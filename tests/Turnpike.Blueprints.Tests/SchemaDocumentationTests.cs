using System.Text;
using Turnpike.Blueprints.Schema;
using Turnpike.Core.Parameters;
using Turnpike.Networks.Wireless.Rules.Usage2026;
using Turnpike.Tests;

namespace Turnpike.Blueprints.Tests;

/// <summary>The tables in blueprints/README.md are the schema's own words. TURNPIKE_WRITE_DOCS=1 rewrites them.</summary>
public class SchemaDocumentationTests
{
    private const string Begin = "<!-- keys: written from the schema by SchemaDocumentationTests with TURNPIKE_WRITE_DOCS=1 -->\n";
    private const string End = "<!-- end of keys -->\n";

    private static readonly string Readme = Path.Combine(SharedData.RepositoryRoot, "blueprints", "README.md");

    [Fact]
    public void Readme_documents_every_key_in_the_words_of_the_schema()
    {
        var text = File.ReadAllText(Readme);
        var (begin, end) = (text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, text.IndexOf(End, StringComparison.Ordinal));
        if (Environment.GetEnvironmentVariable("TURNPIKE_WRITE_DOCS") == "1") File.WriteAllText(Readme, text[..begin] + Tables() + text[end..]);

        Assert.Equal(Tables(), File.ReadAllText(Readme)[begin..].Split(End)[0]);
    }

    [Fact]
    public void Every_key_has_a_meaning_that_is_a_sentence() =>
        Assert.All(BlueprintSchema.AllKeys(), entry => Assert.Matches("^.{10,}\\.$", entry.Key.Meaning));

    [Fact]
    public void Every_default_is_a_right_value_of_its_own_type()
    {
        var keys = BlueprintSchema.AllKeys().Select(entry => entry.Key).ToList();

        Assert.Contains(keys, key => key is ScalarKey<string> { Default: not null });
        Assert.All(keys.OfType<ScalarKey<string>>().Where(key => key.Default is not null), key => Assert.Equal(Reading.Right, key.Type.Parse(key.Default!, out _)));
        Assert.All(keys.OfType<ScalarKey<DateTimeOffset?>>().Where(key => key.Default is not null), key => Assert.Equal(Reading.Right, key.Type.Parse(key.Default!, out _)));
        Assert.All(Usage2026Description.Pack.Parameters, declared => Assert.True(declared.Default is null || declared.Allows(declared.Default)));
    }

    private static string Tables()
    {
        var text = new StringBuilder("| key | takes | when absent | meaning |\n|---|---|---|---|\n");
        foreach (var (path, key) in BlueprintSchema.AllKeys()) Row(text, path, key.Expected, key.WhenAbsent, key.Meaning);
        foreach (var pack in new[] { Usage2026Description.Pack })
        {
            text.Append($"\nParameters of the pack `{pack.Id}` (module `{pack.Module}`; pool shapes {string.Join(", ", pack.Shapes.Append(PoolSection.AccountShape).Select(shape => $"`{shape}`"))}):\n\n");
            text.Append("| parameter | takes | when absent | meaning |\n|---|---|---|---|\n");
            foreach (var declared in pack.Parameters) Row(text, declared.Name, ParametersKeys.Expected(declared), WhenAbsent(declared), declared.Meaning);
        }
        return text.ToString();
    }

    private static string WhenAbsent(ParameterDeclaration declared) => declared.Default is null
        ? "required"
        : $"`{(declared.Kind == ParameterKind.Duration ? Notation.Duration(TimeSpan.FromMilliseconds(long.Parse(declared.Default, null))) : declared.Default)}`";

    private static void Row(StringBuilder text, string path, string takes, string absent, string meaning) =>
        text.Append($"| `{path}` | {takes} | {absent} | {meaning} |\n");
}
