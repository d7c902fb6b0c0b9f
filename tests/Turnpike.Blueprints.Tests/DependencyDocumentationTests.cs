using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Turnpike.Tests;

namespace Turnpike.Blueprints.Tests;

public partial class DependencyDocumentationTests
{
    private static readonly string Root = SharedData.RepositoryRoot;
    private static readonly string Page = File.ReadAllText(Path.Combine(Root, "docs", "dependencies.md"));

    [Fact]
    public void Every_nuget_package_has_its_line_and_no_line_is_stale()
    {
        var packages = XDocument.Load(Path.Combine(Root, "Directory.Packages.props")).Descendants("PackageVersion").Select(package => package.Attribute("Include")!.Value);

        Assert.Equal(packages.Order(StringComparer.OrdinalIgnoreCase), Listed("## NuGet").Order(StringComparer.OrdinalIgnoreCase));
    }

    [Fact]
    public void Every_npm_package_has_its_line()
    {
        var listed = Listed("## npm").ToHashSet(StringComparer.Ordinal);

        Assert.NotEmpty(listed);
        Assert.Subset(listed, NpmPackages().ToHashSet(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_line_says_why_licence_and_exit() =>
        Assert.All(Lines().Where(cells => cells.Length == 4), cells => Assert.All(cells, cell => Assert.NotEmpty(cell)));

    private static IEnumerable<string> NpmPackages()
    {
        foreach (var file in Directory.EnumerateFiles(Root, "package.json", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, MaxRecursionDepth = 3 }))
        {
            if (Path.GetRelativePath(Root, file).Split('/', '\\').Any(folder => folder is "node_modules" or "artifacts")) continue;
            using var manifest = JsonDocument.Parse(File.ReadAllBytes(file));
            foreach (var kind in new[] { "dependencies", "devDependencies", "optionalDependencies" })
                if (manifest.RootElement.TryGetProperty(kind, out var group))
                    foreach (var package in group.EnumerateObject()) yield return package.Name;
        }
    }

    private static IEnumerable<string> Listed(string heading) => Lines(Page.Split(heading + "\n")[1].Split("\n## ")[0]).Select(cells => cells[0]);

    private static IEnumerable<string[]> Lines(string? section = null) =>
        (section ?? Page).Split('\n').Where(line => Row().IsMatch(line)).Select(line => line.Trim('|').Split('|').Select(cell => cell.Trim()).ToArray());

    [GeneratedRegex(@"^\| (?!package|part)[^-\s]")]
    private static partial Regex Row();
}
