using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Turnpike.Core;
using Turnpike.Tests;

namespace Turnpike.Evm.Tests;

public sealed class RlpTests
{
    [Fact]
    public void Encode_and_decode_vectors_agree()
    {
        foreach (var vector in SharedData.Json("evm/ethers-rlp-61.json.gz").EnumerateArray())
        {
            var encoded = Hex.Parse(vector.GetProperty("encoded").GetString());
            var tree = Tree(vector.GetProperty("decoded"));
            Assert.Equal(encoded, Rlp.Encode(tree));
            Assert.True(Rlp.TryDecode(encoded, out var decoded, out var error), $"{vector.GetProperty("name")}: {error}");
            AssertSame(tree, decoded);
        }
    }

    [Fact]
    public void Decode_invalid_vectors_refuses_every_one()
    {
        var count = 0;
        foreach (var vector in SharedData.Json("evm/ethereum-tests-invalidRLP.json").EnumerateObject())
        {
            Assert.False(Rlp.TryDecode(Hex.Parse(vector.Value.GetString()), out _, out var error), vector.Name);
            Assert.NotEqual(RlpError.None, error);
            count++;
        }
        Assert.Equal(17, count);
    }

    [Theory]
    [InlineData("0x", RlpError.Truncated)]
    [InlineData("0x83aabb", RlpError.Truncated)]
    [InlineData("0xc280", RlpError.Truncated)]
    [InlineData("0xb9", RlpError.Truncated)]
    [InlineData("0x8080", RlpError.TrailingBytes)]
    [InlineData("0x817f", RlpError.NonCanonicalByte)]
    [InlineData("0xb837", RlpError.NonCanonicalLength)]
    [InlineData("0xb90000", RlpError.NonCanonicalLength)]
    [InlineData("0xf837", RlpError.NonCanonicalLength)]
    [InlineData("0xbb80000000", RlpError.LengthTooLarge)]
    [InlineData("0xbfffffffffffffffff", RlpError.LengthTooLarge)]
    [InlineData("0xffffffffffffffffff", RlpError.LengthTooLarge)]
    public void Decode_each_defect_has_its_code(string hex, RlpError expected)
    {
        Assert.False(Rlp.TryDecode(Hex.Parse(hex), out var item, out var error));
        Assert.Null(item);
        Assert.Equal(expected, error);
    }

    [Fact]
    public void Decode_beyond_a_limit_is_refused_and_at_it_is_not()
    {
        var limits = new RlpLimits { MaxBytes = 8, MaxDepth = 3, MaxItems = 4 };
        AssertError(RlpError.None, "0xc2c1c0", limits);
        AssertError(RlpError.TooDeep, "0xc3c2c1c0", limits);
        AssertError(RlpError.None, "0xc3010203", limits);
        AssertError(RlpError.TooManyItems, "0xc401020304", limits);
        AssertError(RlpError.None, "0x87ffffffffffffff", limits);
        AssertError(RlpError.InputTooLarge, "0x88ffffffffffffffff", limits);
    }

    [Fact]
    public void Decode_ten_thousand_nested_lists_is_refused_without_deep_recursion()
    {
        var nested = new RlpWriter();
        var starts = Enumerable.Range(0, 10_000).Select(_ => nested.BeginList()).ToArray();
        foreach (var start in starts.Reverse()) nested.EndList(start);
        Assert.False(Rlp.TryDecode(nested.ToArray(), out _, out var error));
        Assert.Equal(RlpError.TooDeep, error);
    }

    [Fact]
    public void Decode_random_or_mutated_bytes_never_throws_and_accepts_only_canonical_ones()
    {
        var random = new Random(20260101);
        for (var round = 0; round < 50_000; round++)
        {
            var bytes = round % 2 == 0 ? RandomBytes(random) : Mutated(random);
            if (Rlp.TryDecode(bytes, out var item, out var error)) Assert.Equal(bytes, Rlp.Encode(item));
            else Assert.NotEqual(RlpError.None, error);
        }
    }

    [Fact]
    public void Decode_what_was_encoded_gives_the_tree_back() =>
        Prop.ForAll(Trees().ToArbitrary(), tree =>
        {
            var bytes = Rlp.Encode(tree);
            Assert.True(Rlp.TryDecode(bytes, out var decoded, out _));
            AssertSame(tree, decoded);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Reader_numbers_refuse_leading_zeros_and_excess_size()
    {
        AssertReaderError(RlpError.LeadingZero, "0x820001", (ref RlpReader reader) => reader.ReadUInt64());
        AssertReaderError(RlpError.LeadingZero, "0x00", (ref RlpReader reader) => reader.ReadUInt256());
        AssertReaderError(RlpError.WrongSize, "0x89010000000000000000", (ref RlpReader reader) => reader.ReadUInt64());
        AssertReaderError(RlpError.WrongSize, "0xa1010000000000000000000000000000000000000000000000000000000000000000", (ref RlpReader reader) => reader.ReadUInt256());
        AssertReaderError(RlpError.WrongSize, "0x80", (ref RlpReader reader) => reader.ReadAddress());
        AssertReaderError(RlpError.UnexpectedKind, "0xc0", (ref RlpReader reader) => reader.ReadUInt64());
        AssertReaderError(RlpError.UnexpectedKind, "0x80", (ref RlpReader reader) => reader.Leave(reader.ReadList()));
        AssertReaderError(RlpError.TrailingBytes, "0xc101", (ref RlpReader reader) => reader.Leave(reader.ReadList()));
        AssertReaderError(RlpError.None, "0x88ffffffffffffffff", (ref RlpReader reader) => Assert.Equal(ulong.MaxValue, reader.ReadUInt64()));
        AssertReaderError(RlpError.None, "0x80", (ref RlpReader reader) => Assert.Equal(0, reader.ReadUInt256()));
    }

    private delegate void ReadAction(ref RlpReader reader);

    private static void AssertReaderError(RlpError expected, string hex, ReadAction read)
    {
        var reader = new RlpReader(Hex.Parse(hex));
        read(ref reader);
        reader.End();
        Assert.Equal(expected, reader.Error);
    }

    private static void AssertError(RlpError expected, string hex, RlpLimits limits)
    {
        Assert.Equal(expected == RlpError.None, Rlp.TryDecode(Hex.Parse(hex), limits, out _, out var error));
        Assert.Equal(expected, error);
    }

    private static byte[] RandomBytes(Random random)
    {
        var bytes = new byte[random.Next(24)];
        random.NextBytes(bytes);
        if (bytes.Length > 0 && random.Next(2) == 0) bytes[0] = (byte)(0xB0 + random.Next(0x50));
        return bytes;
    }

    private static byte[] Mutated(Random random)
    {
        var bytes = Rlp.Encode(RandomTree(random, 3));
        bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
        return random.Next(8) == 0 ? bytes[..random.Next(bytes.Length)] : bytes;
    }

    private static Gen<RlpItem> Trees() => Gen.Choose(int.MinValue, int.MaxValue).Select(seed => RandomTree(new Random(seed), 4));

    private static RlpItem RandomTree(Random random, int depth)
    {
        if (depth > 0 && random.Next(2) == 0) return RlpItem.List([.. Enumerable.Range(0, random.Next(6)).Select(_ => RandomTree(random, depth - 1))]);
        var bytes = new byte[random.Next(4) == 0 ? random.Next(300) : random.Next(4)];
        random.NextBytes(bytes);
        return RlpItem.Of(bytes);
    }

    private static RlpItem Tree(JsonElement element) => element.ValueKind == JsonValueKind.Array
        ? RlpItem.List([.. element.EnumerateArray().Select(Tree)])
        : RlpItem.Of(Hex.Parse(element.GetString()));

    private static void AssertSame(RlpItem expected, RlpItem actual)
    {
        Assert.Equal(expected.IsList, actual.IsList);
        Assert.Equal(expected.Bytes.ToArray(), actual.Bytes.ToArray());
        Assert.Equal(expected.Items.Count, actual.Items.Count);
        foreach (var (left, right) in expected.Items.Zip(actual.Items)) AssertSame(left, right);
    }
}
