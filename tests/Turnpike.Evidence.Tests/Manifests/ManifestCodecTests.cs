using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Turnpike.Core;

namespace Turnpike.Evidence.Tests.Manifests;

public sealed class ManifestCodecTests
{
    private static readonly Manifest Sample = new()
    {
        NetworkId = Samples.Network,
        Gateway = Address.Parse("0x70997970c51812dc3a010c7d01b50e0d17dc79c8"),
        Epoch = new EpochNumber(12),
        Previous = Keccak256.Hash("previous"u8),
        Segments = [Segment(0, 1), Segment(0, 2), Segment(1, 1)],
    };

    [Fact]
    public void Manifest_survives_its_canonical_bytes()
    {
        Check.QuickThrowOnFailure(Prop.ForAll(ArbMap.Default.ArbFor<(uint[] Partitions, ulong Epoch, byte Seed)>(), input =>
        {
            var segments = (input.Partitions ?? []).Distinct().Order().SelectMany(partition => new[] { Segment(partition, 1), Segment(partition, ulong.MaxValue) }).ToArray();
            var manifest = Sample with { Epoch = new EpochNumber(Math.Max(1, input.Epoch)), Segments = segments, Previous = Keccak256.Hash([input.Seed]) };
            var bytes = ManifestCodec.Encode(manifest);
            Assert.True(ManifestCodec.TryParse(bytes, out var parsed, out var problem), problem);
            Assert.Equal(manifest with { Segments = parsed.Segments }, parsed);
            Assert.Equal(manifest.Segments, parsed.Segments);
            Assert.Equal(manifest.Hash(), parsed.Hash());
        }));
    }

    [Fact]
    public void Canonical_bytes_are_one_ascii_line_in_fixed_order()
    {
        var text = Encoding.ASCII.GetString(ManifestCodec.Encode(Sample with { Segments = [Segment(0, 1)] }));
        var expected = $"{{\"format\":\"turnpike-manifest-1\",\"networkId\":\"{Samples.Network}\",\"gateway\":\"0x70997970c51812dc3a010c7d01b50e0d17dc79c8\",\"epoch\":\"12\","
            + $"\"previous\":\"{Keccak256.Hash("previous"u8)}\",\"bytes\":\"1000\",\"segments\":[{{\"partition\":\"0\",\"number\":\"1\",\"sha256\":\"{Segment(0, 1).Sha256}\",\"count\":\"3\","
            + $"\"merkleRoot\":\"{Segment(0, 1).MerkleRoot}\",\"bytes\":\"1000\",\"firstReceivedAt\":\"5\",\"lastReceivedAt\":\"9\"}}]}}\n";
        Assert.Equal(expected, text);
    }

    [Fact]
    public void Byte_count_is_the_sum_of_the_segments() => Assert.Equal(3_000UL, Sample.ByteCount);

    public static TheoryData<string, string> Changes => new()
    {
        { "{\"format\"", " {\"format\"" },
        { "}\n", "}" },
        { "}\n", "}\n\n" },
        { "}\n", "} {}\n" },
        { "\"epoch\":\"12\"", "\"epoch\":12" },
        { "\"epoch\":\"12\"", "\"epoch\":\"012\"" },
        { "\"epoch\":\"12\"", "\"epoch\":\"0\"" },
        { "\"epoch\":\"12\"", "\"epoch\":\"-1\"" },
        { "\"epoch\":\"12\"", "\"epoch\":\"18446744073709551616\"" },
        { "\"epoch\":\"12\"", "\"epoch\":\"1\\u0032\"" },
        { "\"epoch\":\"12\"", "\"epoch\":\"\\ud800\"" },
        { "\"epoch\":\"12\"", "\"epoch\":\"12\",\"epoch\":\"12\"" },
        { "\"epoch\":\"12\",", "" },
        { "\"bytes\":\"3000\"", "\"bytes\":\"3001\"" },
        { "turnpike-manifest-1", "turnpike-manifest-2" },
        { "0x70997970c5", "0x70997970C5" },
        { "0x70997970c5", "70997970c5" },
        { "\"segments\":[", "\"segments\":[[]," },
        { "\"segments\":[", "\"segments\":[null," },
        { "\"number\":\"2\"", "\"number\":\"1\"" },
        { "\"number\":\"2\"", "\"number\":\"0\"" },
        { "\"count\":\"3\"", "\"count\":\"0\"" },
        { "\"count\":\"3\"", "\"count\":\"44\"" },
        { "\"count\":\"3\"", "\"count\":\"2147483648\"" },
        { "\"firstReceivedAt\":\"5\"", "\"firstReceivedAt\":\"10\"" },
        { "\"previous\"", "\"extra\":\"1\",\"previous\"" },
        { "\"previous\"", "\"Previous\"" },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void Any_departure_from_the_canonical_form_is_refused(string from, string to)
    {
        var text = Encoding.ASCII.GetString(ManifestCodec.Encode(Sample));
        var at = text.IndexOf(from, StringComparison.Ordinal);
        Assert.True(at >= 0, "the sample holds the text to be changed");
        var changed = text[..at] + to + text[(at + from.Length)..];
        Assert.False(ManifestCodec.TryParse(Encoding.ASCII.GetBytes(changed), out _, out var problem));
        Assert.NotEmpty(problem);
    }

    [Fact]
    public void Oversized_manifest_is_refused_unread() =>
        Assert.False(ManifestCodec.TryParse(new byte[ManifestCodec.MaximumBytes + 1], out _, out _));

    [Fact]
    public void Random_and_mutated_manifests_never_throw_and_never_parse_to_other_bytes()
    {
        var good = ManifestCodec.Encode(Sample);
        var random = new Random(20260101);
        for (var i = 0; i < 20_000; i++)
        {
            var data = good.ToArray();
            for (var changes = random.Next(1, 4); changes > 0; changes--) data[random.Next(data.Length)] = random.Next(3) == 0 ? (byte)random.Next(256) : (byte)"{}[]\",:0123456789abcdefx\\"[random.Next(25)];
            if (random.Next(4) == 0) data = data[..random.Next(data.Length)];
            if (ManifestCodec.TryParse(data, out var parsed, out _)) Assert.Equal(data, ManifestCodec.Encode(parsed));
        }
        Assert.False(ManifestCodec.TryParse(Encoding.ASCII.GetBytes(new string('[', 100_000)), out _, out _));
    }

    private static SegmentSummary Segment(uint partition, ulong number) => new()
    {
        Partition = partition,
        Number = number,
        Sha256 = Keccak256.Hash(Encoding.ASCII.GetBytes($"{partition}/{number}")),
        Count = 3,
        MerkleRoot = Keccak256.Hash(BitConverter.GetBytes(partition * number)),
        Bytes = 1_000,
        FirstReceivedAt = 5,
        LastReceivedAt = 9,
    };
}
