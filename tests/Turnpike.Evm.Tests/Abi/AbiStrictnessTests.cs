using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using Turnpike.Evm.Abi;

namespace Turnpike.Evm.Tests.Abi;

/// <summary>Every encoding that a strict decoder must refuse, each a small change of a good one.</summary>
public sealed class AbiStrictnessTests
{
    private const string Zeros = "0000000000000000000000000000000000000000000000000000000000000000";

    [Theory]
    [InlineData("(bool)", "2")]
    [InlineData("(bool)", "100")]
    [InlineData("(uint8)", "100")]
    [InlineData("(uint64)", "10000000000000000")]
    [InlineData("(uint128)", "100000000000000000000000000000000")]
    [InlineData("(uint248)", "100000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("(int8)", "80")]
    [InlineData("(int8)", "ff")]
    [InlineData("(int64)", "8000000000000000")]
    [InlineData("(address)", "10000000000000000000000000000000000000000")]
    [InlineData("(bytes4)", "1")]
    [InlineData("(bytes31)", "1")]
    public void Decode_dirty_bits_are_refused(string type, string lowDigits) => Refused(type, Words(lowDigits));

    [Theory]
    [InlineData("(bytes)", "20", "1", "1")]
    [InlineData("(string)", "20", "2", "c328000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("(string)", "20", "3", "eda080000000000000000000000000000000000000000000000000000000000")]
    public void Decode_bad_padding_or_text_is_refused(string type, params string[] words) => Refused(type, Words(words));

    [Theory]
    [InlineData("(bytes)", "40")]
    [InlineData("(bytes)", "20", "1")]
    [InlineData("(bytes)", "20", "ffffffff")]
    [InlineData("(bytes)", "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", "0")]
    [InlineData("(bytes)", "7fffffff", "0")]
    [InlineData("(uint256[])", "20", "2", "0")]
    [InlineData("(uint256[])", "20", "8000000000000000000000000000000000000000000000000000000000000000", "0")]
    [InlineData("(uint256)")]
    [InlineData("(uint256,uint256)", "0")]
    public void Decode_beyond_the_data_is_refused(string type, params string[] words) => Refused(type, Words(words));

    [Fact]
    public void Decode_left_over_bytes_are_refused()
    {
        Refused("(uint256)", Words("1", "0"));
        Refused("(uint256)", [.. Words("1"), 0]);
        Refused("()", [0]);
        Assert.Empty(AbiCodec.Decode(AbiType.Parse("()"), []));
    }

    [Fact]
    public void Decode_offset_into_its_own_head_is_refused() => Refused("(bytes,bytes)", Words("0", "40", "0"));

    [Fact]
    public void Decode_one_tail_for_two_values_is_refused() => Refused("(bytes,bytes)", Words("40", "40", "0"));

    [Fact]
    public void Decode_nested_arrays_that_share_one_tail_cost_no_more_than_their_bytes()
    {
        // Ten levels of "each element is the same array of 64": 64^10 values in 21 KB if nobody counts.
        const int Fan = 64, Levels = 10;
        var message = new List<string> { "20" };
        for (var level = 0; level < Levels; level++)
        {
            message.Add(Fan.ToString("x", CultureInfo.InvariantCulture));
            for (var i = 0; i < Fan; i++) message.Add((Fan * 32).ToString("x", CultureInfo.InvariantCulture));
        }
        var type = "(uint256" + string.Concat(Enumerable.Repeat("[]", Levels)) + ")";
        var before = GC.GetAllocatedBytesForCurrentThread();
        var clock = Stopwatch.StartNew();
        Refused(type, Words([.. message]));
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(2), $"took {clock.Elapsed}");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4_000_000);
    }

    [Fact]
    public void Encode_values_outside_their_type_are_the_callers_error()
    {
        (string Type, object Value)[] bad =
        [
            ("uint8", 256), ("uint8", -1), ("uint256", BigInteger.One << 256), ("int8", 128), ("int8", -129), ("int256", BigInteger.One << 255),
            ("bytes4", new byte[3]), ("bytes4", new byte[5]), ("uint8[2]", new object[] { 1 }), ("bool", 1), ("address", "0x00"), ("string", "\ud800"),
            ("(uint8,uint8)", new object[] { 1, 2, 3 }), ("uint8[]", "x"),
        ];
        foreach (var (type, value) in bad)
            Assert.ThrowsAny<ArgumentException>(() => AbiCodec.Encode(AbiType.Tuple(AbiType.Parse(type)), [value]));
    }

    [Theory]
    [InlineData(8)]
    [InlineData(24)]
    [InlineData(64)]
    [InlineData(72)]
    [InlineData(128)]
    [InlineData(136)]
    [InlineData(256)]
    public void Integers_at_the_edges_of_their_width_survive(int bits)
    {
        var top = (BigInteger.One << bits) - 1;
        BigInteger low = -(BigInteger.One << (bits - 1)), high = -low - 1;
        var type = AbiType.Tuple(AbiType.UInt(bits), AbiType.Int(bits), AbiType.Int(bits), AbiType.Int(bits));
        object[] values = [top, low, high, BigInteger.MinusOne];
        Assert.Equal(values, AbiCodec.Decode(type, AbiCodec.Encode(type, values)));
    }

    [Fact]
    public void Typed_and_big_integer_forms_write_and_read_the_same_words()
    {
        long[] samples = [0, 1, -1, 127, -128, long.MaxValue, long.MinValue, 0x0102030405060708];
        foreach (var sample in samples)
        {
            var writer = new AbiWriter([], 96);
            writer.WriteInt(sample, 64);
            writer.WriteInt((Int128)sample, 128);
            writer.WriteInt((BigInteger)sample, 256);
            var words = writer.ToArray();
            Assert.Equal(words[..32], words[32..64]);
            Assert.Equal(words[..32], words[64..]);
            var reader = new AbiReader(words, 96);
            Assert.Equal((sample, (Int128)sample, (BigInteger)sample), (reader.ReadInt64(64), reader.ReadInt128(128), reader.ReadInt256(256)));
        }
    }

    private static void Refused(string type, byte[] data) => Assert.Throws<AbiException>(() => AbiCodec.Decode(AbiType.Parse(type), data));

    private static byte[] Words(params string[] digits) => Convert.FromHexString(string.Concat(digits.Select(d => Zeros[d.Length..] + d)));
}
