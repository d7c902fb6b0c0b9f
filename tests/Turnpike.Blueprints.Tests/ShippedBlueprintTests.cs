using Turnpike.Networks.Wireless.Rules.Usage2026;
using Turnpike.Tests;

namespace Turnpike.Blueprints.Tests;

public class ShippedBlueprintTests
{
    private static readonly string Folder = Path.Combine(SharedData.RepositoryRoot, "blueprints");

    public static TheoryData<string> Files => [.. Directory.GetFiles(Folder, "*.yaml").Select(path => Path.GetFileName(path))];

    [Theory, MemberData(nameof(Files))]
    public void Shipped_blueprint_is_right_and_named_like_its_file(string file)
    {
        var reading = BlueprintReader.Read(Path.Combine(Folder, file), [Usage2026Description.Pack]);

        Assert.Empty(reading.Problems);
        Assert.Equal(Path.GetFileNameWithoutExtension(file), reading.Blueprint!.Network.Name);
    }
}
