using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using Turnpike.Core;
using Turnpike.Evm.Abi;

namespace Turnpike.Evm.Tests.Abi;

/// <summary>Random types, values and damage: round trips are exact, and damage gives an <see cref="AbiException"/> or a value that encodes to the same bytes.</summary>
public sealed class AbiFuzzTests
{
    private static readonly Config Runs = Config.QuickThrowOnFailure.WithMaxTest(3_000);

    [Fact]
    public void Random_values_survive_encode_and_decode() => Check.One(Runs, Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        var random = new Random(seed);
        var type = AbiType.Tuple([.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => RandomType(random, 3))]);
        var values = (object[])RandomValue(random, type);
        Assert.Equal(values, AbiCodec.Decode(AbiType.Parse(type.ToString()), AbiCodec.Encode(type, values)));
    }));

    [Fact]
    public void Damaged_encodings_are_refused_or_read_in_bounds() => Check.One(Runs, Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        var random = new Random(seed);
        var type = AbiType.Tuple([.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => RandomType(random, 3))]);
        var data = AbiCodec.Encode(type, (object[])RandomValue(random, type));
        for (var i = 0; i < 8; i++) Survive(type, Damage(random, data));
    }));

    [Fact]
    public void Random_bytes_under_random_types_are_refused_or_read_in_bounds() => Check.One(Runs, Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        var random = new Random(seed);
        var data = new byte[32 * random.Next(0, 12) + (random.Next(8) == 0 ? random.Next(32) : 0)];
        for (var i = 31; i < data.Length; i += 32) data[i] = (byte)(random.Next(8) * 32 + random.Next(2));
        Survive(AbiType.Tuple(RandomType(random, 4)), data);
    }));

    [Fact]
    public void Random_texts_are_types_or_refused() => Check.One(Runs, Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        var random = new Random(seed);
        string[] pieces = ["uint", "int", "bytes", "256", "8", "0", "(", ")", ",", "[", "]", "[]", "string", "bool", "address", " ", "indexed", "x", "\u00e9", "99999999999"];
        var text = string.Concat(Enumerable.Range(0, random.Next(0, 14)).Select(_ => pieces[random.Next(pieces.Length)]));
        Only<AbiException>(() => Assert.Equal(AbiType.Parse(text).ToString(), AbiType.Parse(AbiType.Parse(text).ToString()).ToString()));
        Only<AbiException>(() => AbiEvent.Parse("E(" + text));
    }));

    [Fact]
    public void Random_json_is_an_abi_or_refused() => Check.One(Runs, Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        const string Good = """[{"type":"function","name":"f","inputs":[{"name":"a","type":"tuple[2][]","components":[{"name":"b","type":"uint8"}]}],"outputs":[]},{"type":"event","name":"E","inputs":[{"name":"x","type":"string","indexed":true}],"anonymous":false}]""";
        var random = new Random(seed);
        var text = Good.ToCharArray();
        for (var i = random.Next(1, 6); i > 0; i--) text[random.Next(text.Length)] = "\"{}[]:,0atf\\\ud800"[random.Next(13)];
        Only<AbiException>(() => ContractAbi.Parse(new string(text, 0, random.Next(4) == 0 ? random.Next(text.Length) : text.Length)));
    }));

    // A lenient layout (gaps, order of tails) may read differently placed bytes; the values must then still have a canonical encoding no longer than the input.
    private static void Survive(AbiType type, byte[] data)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        Only<AbiException>(() =>
        {
            var values = AbiCodec.Decode(type, data);
            Assert.Equal(data.Length, AbiCodec.Encode(type, values).Length);
        });
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000 + (data.Length * 40L));
    }

    private static void Only<T>(Action action)
        where T : Exception
    {
        try
        {
            action();
        }
        catch (T)
        {
            // The documented refusal; anything else fails the property.
        }
    }

    private static byte[] Damage(Random random, byte[] good)
    {
        var data = good.ToArray();
        if (random.Next(6) == 0) return data[..random.Next(data.Length)];
        if (random.Next(6) == 0) return [.. data, .. new byte[random.Next(1, 65)]];
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            var word = random.Next(data.Length / 32) * 32;
            if (random.Next(2) == 0) data[word + random.Next(32)] = (byte)random.Next(256);
            else data[word + 31] = (byte)(32 * random.Next(8));
        }
        return data;
    }

    private static AbiType RandomType(Random random, int depth) => random.Next(depth > 0 ? 10 : 7) switch
    {
        0 => AbiType.UInt(8 * random.Next(1, 33)),
        1 => AbiType.Int(8 * random.Next(1, 33)),
        2 => AbiType.Address,
        3 => AbiType.Bool,
        4 => AbiType.FixedBytes(random.Next(1, 33)),
        5 => AbiType.Bytes,
        6 => AbiType.String,
        7 => AbiType.Array(RandomType(random, depth - 1)),
        8 => AbiType.FixedArray(RandomType(random, depth - 1), random.Next(1, 4)),
        _ => AbiType.Tuple([.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => RandomType(random, depth - 1))]),
    };

    private static object RandomValue(Random random, AbiType type) => type.Kind switch
    {
        AbiKind.UInt => new BigInteger(RandomBytes(random, random.Next(0, (type.Size / 8) + 1)), isUnsigned: true),
        AbiKind.Int => new BigInteger(RandomBytes(random, random.Next(0, (type.Size / 8) + 1))),
        AbiKind.Address => new Address(RandomBytes(random, 20)),
        AbiKind.Bool => random.Next(2) == 1,
        AbiKind.FixedBytes => RandomBytes(random, type.Size),
        AbiKind.Bytes => RandomBytes(random, random.Next(0, 80)),
        AbiKind.String => string.Concat(Enumerable.Repeat("a\u00e9\U0001f680", random.Next(0, 9))),
        AbiKind.Array => Enumerable.Range(0, random.Next(0, 4)).Select(_ => RandomValue(random, type.Element!)).ToArray(),
        _ => Enumerable.Range(0, type.Size).Select(i => RandomValue(random, type.Element ?? type.Components[i])).ToArray(),
    };

    private static byte[] RandomBytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
