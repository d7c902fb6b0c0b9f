using Turnpike.Core;
using Turnpike.Node.Oracle;

namespace Turnpike.Node.Tests.Oracles;

public sealed class SignOnceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("turnpike-once-").FullName;
    private static readonly Address Gateway = new(Enumerable.Repeat((byte)5, 20).ToArray());

    [Fact]
    public void Second_report_for_the_same_four_is_refused_and_the_same_again_is_not()
    {
        using (var once = new SignOnce(_folder))
        {
            Assert.True(once.TryBind(Word(1), 3, 0, Word(2), Word(9)));
            Assert.True(once.TryBind(Word(1), 3, 0, Word(2), Word(9)));
            Assert.False(once.TryBind(Word(1), 3, 0, Word(2), Word(8)));
            Assert.True(once.TryBind(Word(1), 3, 1, Word(2), Word(8)));
            Assert.True(once.TryBind(Word(1), 4, 0, Word(2), Word(8)));
            Assert.True(once.TryBind(Word(4), 3, 0, Word(2), Word(8)));
            Assert.True(once.TryBind(Word(1), 3, 0, Word(5), Word(8)));
        }
        using var again = new SignOnce(_folder);
        Assert.False(again.TryBind(Word(1), 3, 0, Word(2), Word(8)));
        Assert.True(again.TryBind(Word(1), 3, 0, Word(2), Word(9)));
    }

    [Fact]
    public void Crash_between_writing_and_renaming_binds_nothing()
    {
        using (var once = new SignOnce(_folder)) Assert.True(once.TryBind(Word(1), 3, 0, Word(2), Word(9)));
        var bound = Directory.EnumerateFiles(_folder, "*.signed").Single();
        File.WriteAllText(bound + ".new", Word(8).ToString()[..20]);
        File.Delete(bound);
        using var again = new SignOnce(_folder);
        Assert.True(again.TryBind(Word(1), 3, 0, Word(2), Word(7)));
        Assert.False(again.TryBind(Word(1), 3, 0, Word(2), Word(8)));
    }

    [Fact]
    public void Second_holder_of_the_folder_is_refused_until_the_first_lets_go()
    {
        var once = new SignOnce(_folder);
        var refused = Assert.Throws<IOException>(() => new SignOnce(_folder));
        Assert.Contains("Another process signs", refused.Message, StringComparison.Ordinal);
        once.Dispose();
        new SignOnce(_folder).Dispose();
    }

    [Fact]
    public void Many_threads_bind_one_report_only()
    {
        using var once = new SignOnce(_folder);
        var bound = Enumerable.Range(0, 64).AsParallel().WithDegreeOfParallelism(8).Count(i => once.TryBind(Word(1), 3, 0, Word(2), Word((byte)(i % 16))));
        Assert.Equal(4, bound);
    }

    [Fact]
    public void Second_manifest_of_a_gateway_and_epoch_is_refused_and_old_ones_are_forgotten()
    {
        using var once = new SignOnce(_folder);
        Assert.True(once.TryBindManifest(new EpochNumber(3), Gateway, Word(1)));
        Assert.True(once.TryBindManifest(new EpochNumber(3), Gateway, Word(1)));
        Assert.False(once.TryBindManifest(new EpochNumber(3), Gateway, Word(2)));
        Assert.True(once.TryBindManifest(new EpochNumber(4), Gateway, Word(2)));
        Assert.True(once.TryBindManifest(new EpochNumber(9), Gateway, Word(3)));
        Assert.Single(Directory.EnumerateFiles(Path.Combine(_folder, "manifests")));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static Bytes32 Word(byte value) => new(Enumerable.Repeat(value, 32).ToArray());
}
