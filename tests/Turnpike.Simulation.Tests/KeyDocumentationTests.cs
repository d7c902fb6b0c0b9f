using System.Text;

namespace Turnpike.Simulation.Tests;

/// <summary>The table in blueprints/economics/README.md is the schema's own words. TURNPIKE_WRITE_DOCS=1 rewrites it.</summary>
public class KeyDocumentationTests
{
    private const string Begin = "<!-- keys: written from the schema by KeyDocumentationTests with TURNPIKE_WRITE_DOCS=1 -->\n";

    private static readonly string Readme = Path.Combine(Economies.Folder, "README.md");

    [Fact]
    public void Readme_documents_every_key_in_the_words_of_the_schema()
    {
        var text = File.ReadAllText(Readme);
        var begin = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        if (Environment.GetEnvironmentVariable("TURNPIKE_WRITE_DOCS") == "1") File.WriteAllText(Readme, text[..begin] + Table());
        Assert.Equal(Table(), File.ReadAllText(Readme)[begin..]);
    }

    [Fact]
    public void Every_shipped_file_is_in_the_readme()
    {
        var readme = File.ReadAllText(Readme);
        foreach (var file in Directory.GetFiles(Economies.Folder, "*.yaml", SearchOption.AllDirectories)) Assert.Contains($"`{Path.GetFileName(file)}`", readme, StringComparison.Ordinal);
        Assert.All(SimulationSchema.AllKeys(), entry => Assert.Matches("^.{8,}\\.$", entry.Meaning));
    }

    private static string Table()
    {
        var text = new StringBuilder("| key | takes | when absent | meaning |\n|---|---|---|---|\n");
        foreach (var (path, expected, absent, meaning) in SimulationSchema.AllKeys()) text.Append($"| `{path}` | {expected} | {absent} | {meaning} |\n");
        return text.ToString();
    }
}
