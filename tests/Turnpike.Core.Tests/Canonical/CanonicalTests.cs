using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Turnpike.Core.Canonical;
using Turnpike.Core.Merkle;

namespace Turnpike.Core.Tests.Canonical;

public class CanonicalTests
{
    private static readonly Gen<string> Texts = Gen.OneOf(
        Gen.Choose(0x20, 0x7e).Select(c => (char)c).ArrayOf().Select(chars => new string(chars)),
        Gen.Elements("", "\"", "\\", "/", "\u007f", "\n", "\0", "é", "\ud83d\ude00", "\uffff", "\u2028").ArrayOf().Select(string.Concat));

    [Fact]
    public void Line_has_the_documented_bytes()
    {
        var writer = new CanonicalWriter("outcome", 10_000);
        writer.BeginLine()
            .Field("type", "device")
            .Field("device", new DeviceId(new Bytes32(new byte[32])))
            .Field("owner", Address.Parse("0xABCDEF0000000000000000000000000000000001"))
            .Field("units", UInt128.MaxValue)
            .Field("delta", -5L)
            .Field("amount", new Amount(7))
            .Field("body", new byte[] { 0xAB, 0x01 })
            .Field("text", "a\"b\\c/d\n\u007fé\ud83d\ude00");
        writer.BeginArray("verdicts").BeginObject().Field("code", 200UL).EndObject().Item("x").BeginArray().EndArray().EndArray();
        writer.BeginObject("empty").EndObject().EndLine();

        var shard = Assert.Single(writer.Complete().Shards);
        Assert.Equal("outcome-000000.jsonl", shard.Name);
        Assert.Equal(
            """{"type":"device","device":"0x0000000000000000000000000000000000000000000000000000000000000000","owner":"0xabcdef0000000000000000000000000000000001","units":"340282366920938463463374607431768211455","delta":"-5","amount":"7","body":"0xab01","text":"a\"b\\c/d\u000a\u007f\u00e9\ud83d\ude00","verdicts":[{"code":"200"},"x",[]],"empty":{}}""" + "\n",
            Encoding.ASCII.GetString(shard.Bytes.Span));
    }

    [Fact]
    public void Line_written_read_and_written_again_has_the_same_bytes() => Property.Holds(
        from names in Gen.Choose(0, 12)
        from texts in Texts.ListOf(names)
        from nested in Texts.ArrayOf()
        select (texts, nested),
        x =>
        {
            var writer = new CanonicalWriter("s", 1_000_000);
            writer.BeginLine();
            for (var i = 0; i < x.texts.Count; i++) writer.Field("p" + i, x.texts[i]);
            writer.BeginArray("nested");
            foreach (var text in x.nested) writer.BeginObject().Field("t", text).EndObject().Item(text);
            writer.EndArray().EndLine();
            var shard = writer.Complete().Shards[0];

            var value = Assert.Single(CanonicalReader.ReadLines(shard.Bytes));
            for (var i = 0; i < x.texts.Count; i++) Assert.Equal(x.texts[i], value["p" + i].Text);
            Assert.Equal(shard.Bytes.ToArray(), Rewrite(value));
        });

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("\"x\"")]
    [InlineData("{}x")]
    [InlineData("{} ")]
    [InlineData(" {}")]
    [InlineData("{")]
    [InlineData("{\"a\"}")]
    [InlineData("{\"a\":}")]
    [InlineData("{\"a\":\"b\"")]
    [InlineData("{\"a\":\"b\",}")]
    [InlineData("{,\"a\":\"b\"}")]
    [InlineData("{\"a\": \"b\"}")]
    [InlineData("{\"a\":1}")]
    [InlineData("{\"a\":true}")]
    [InlineData("{\"a\":null}")]
    [InlineData("{\"a\":\"1\",\"a\":\"2\"}")]
    [InlineData("{\"a b\":\"1\"}")]
    [InlineData("{\"\":\"1\"}")]
    [InlineData("{\"\\u00e9\":\"1\"}")]
    [InlineData("{\"a\":\"\\n\"}")]
    [InlineData("{\"a\":\"\\/\"}")]
    [InlineData("{\"a\":\"\\u0041\"}")]
    [InlineData("{\"a\":\"\\u00E9\"}")]
    [InlineData("{\"a\":\"\\u00e\"}")]
    [InlineData("{\"a\":\"\\ud83d\"}")]
    [InlineData("{\"a\":\"\\ude00\\ud83d\"}")]
    [InlineData("{\"a\":\"\\")]
    [InlineData("{\"a\":\"\t\"}")]
    [InlineData("{\"a\":\"é\"}")]
    [InlineData("{\"a\":[\"b\",]}")]
    [InlineData("{\"a\":[\"b\" \"c\"]}")]
    [InlineData("{\"a\":[[[[[[[[[]]]]]]]]]}")]
    public void Line_in_any_other_form_is_refused(string line) => Assert.Throws<FormatException>(() => CanonicalReader.ReadLine(Encoding.UTF8.GetBytes(line)));

    [Fact]
    public void Eight_levels_are_read_and_nine_are_refused()
    {
        Assert.Single(CanonicalReader.ReadLine("""{"a":[[[[[[[]]]]]]]}"""u8).Members);
        Assert.Throws<FormatException>(() => CanonicalReader.ReadLine("""{"a":[[[[[[[[]]]]]]]]}"""u8));
    }

    [Fact]
    public void Whatever_the_reader_accepts_the_writer_writes_the_same() => Property.Holds(
        from line in Gen.Elements(
            """{"a":"1","b":["x",{"c":"\u000a\\"}]}""", """{"type":"device","units":"12","deep":[[["\ud83d\ude00"]]]}""", """{"x":{},"y":[],"z":""}""")
        from edits in (from at in Gen.Choose(0, 80) from b in Gen.Choose(0, 255) from kind in Gen.Choose(0, 2) select (at, (byte)b, kind)).ArrayOf(3)
        select Edit(Encoding.ASCII.GetBytes(line), edits),
        bytes =>
        {
            CanonicalValue value;
            try
            {
                value = CanonicalReader.ReadLine(bytes);
            }
            catch (FormatException)
            {
                return;
            }
            Assert.Equal([.. bytes, (byte)'\n'], Rewrite(value));
        },
        cases: 20_000);

    [Fact]
    public void Object_of_many_properties_is_read_in_linear_time()
    {
        var line = "{" + string.Join(',', Enumerable.Range(0, 300_000).Select(i => $"\"p{i}\":\"\"")) + "}";
        Assert.Equal(300_000, CanonicalReader.ReadLine(Encoding.ASCII.GetBytes(line)).Members.Count);
    }

    [Fact]
    public void Typed_reading_refuses_other_spellings_of_the_same_value()
    {
        var value = CanonicalReader.ReadLine("""{"n":"01","s":"-0","big":"340282366920938463463374607431768211456","h":"0xAB","u":"18446744073709551616","o":{}}"""u8);
        Assert.Throws<FormatException>(() => value["n"].Integer);
        Assert.Throws<FormatException>(() => value["s"].Int64);
        Assert.Throws<FormatException>(() => value["big"].Integer);
        Assert.Throws<FormatException>(() => value["h"].Bytes);
        Assert.Throws<FormatException>(() => value["u"].UInt64);
        Assert.Throws<FormatException>(() => value["o"].Text);
        Assert.Throws<FormatException>(() => value["n"].Items);
        Assert.Throws<FormatException>(() => value["missing"]);
        Assert.Throws<FormatException>(() => value.With("n", "s"));
        Assert.Throws<FormatException>(() => value.With("s", "n", "big", "h", "u", "o"));
        Assert.Same(value, value.With("n", "s", "big", "h", "u", "o"));
    }

    [Fact]
    public void Typed_reading_gives_what_was_written()
    {
        var device = new DeviceId(Keccak256.Hash([1]));
        var account = Address.Parse("0x00000000000000000000000000000000000000ff");
        var writer = new CanonicalWriter("s", 1_000);
        writer.BeginLine().Field("d", device).Field("a", account).Field("n", long.MinValue).Field("u", ulong.MaxValue).Field("b", new byte[] { 1, 2 }).Field("m", new Amount(5)).EndLine();
        var line = Assert.Single(CanonicalReader.ReadLines(writer.Complete().Shards[0].Bytes));
        Assert.Equal(device, line["d"].DeviceId);
        Assert.Equal(account, line["a"].Address);
        Assert.Equal(long.MinValue, line["n"].Int64);
        Assert.Equal(ulong.MaxValue, line["u"].UInt64);
        Assert.Equal([1, 2], line["b"].Bytes);
        Assert.Equal(new Amount(5), line["m"].Amount);
    }

    [Fact]
    public void Shards_split_at_lines_and_never_exceed_their_limit() => Property.Holds(
        from lengths in Gen.Choose(0, 60).ArrayOf()
        from limit in Gen.Choose(80, 300)
        select (lengths, limit),
        x =>
        {
            var writer = new CanonicalWriter("s", x.limit);
            foreach (var length in x.lengths) writer.BeginLine().Field("t", new string('x', length)).EndLine();
            var set = writer.Complete();
            Assert.All(set.Shards, shard => Assert.InRange(shard.Bytes.Length, 1, x.limit));
            Assert.Equal(x.lengths, set.Shards.SelectMany(shard => CanonicalReader.ReadLines(shard.Bytes)).Select(line => line["t"].Text.Length));
            // Greedy: no two neighbours would have fitted one shard.
            for (var i = 1; i < set.Shards.Count; i++)
                Assert.True(set.Shards[i - 1].Bytes.Length + set.Shards[i].Bytes.Span.IndexOf((byte)'\n') + 1 > x.limit);
        });

    [Fact]
    public void Shard_without_a_final_line_feed_is_refused() => Assert.Throws<FormatException>(() => CanonicalReader.ReadLines("{}"u8.ToArray()).ToList());

    [Fact]
    public void Writer_misused_throws()
    {
        Assert.Throws<InvalidOperationException>(() => new CanonicalWriter("s", 10).BeginLine().Field("a", "b").Field("a", "c"));
        Assert.Throws<InvalidOperationException>(() => new CanonicalWriter("s", 10).Field("a", "b"));
        Assert.Throws<InvalidOperationException>(() => new CanonicalWriter("s", 10).BeginLine().BeginLine());
        Assert.Throws<InvalidOperationException>(() => new CanonicalWriter("s", 10).BeginLine().BeginArray("a").Field("b", "c"));
        Assert.Throws<InvalidOperationException>(() => new CanonicalWriter("s", 10).BeginLine().Item("a"));
        Assert.Throws<InvalidOperationException>(() => new CanonicalWriter("s", 10).BeginLine().EndObject());
        Assert.Throws<InvalidOperationException>(() => new CanonicalWriter("s", 10).BeginLine().BeginArray("a").EndObject());
        Assert.Throws<InvalidOperationException>(() => new CanonicalWriter("s", 10).BeginLine().BeginArray("a").EndLine());
        Assert.Throws<InvalidOperationException>(() => new CanonicalWriter("s", 10).BeginLine().Field("a", "123456").EndLine());
        Assert.Throws<InvalidOperationException>(() => new CanonicalWriter("s", 10).BeginLine().Complete());
        Assert.Throws<ArgumentException>(() => new CanonicalWriter("s", 10).BeginLine().Field("a b", "c"));
        Assert.Throws<ArgumentException>(() => new CanonicalWriter("s", 10).BeginLine().Field("a", "\ud83d"));
        Assert.Throws<ArgumentException>(() => new CanonicalWriter("../s", 10));
        var deep = new CanonicalWriter("s", 10).BeginLine().BeginArray("a");
        for (var i = 2; i < 8; i++) deep.BeginArray();
        Assert.Throws<InvalidOperationException>(() => deep.BeginArray());
    }

    [Fact]
    public void Root_is_that_of_named_shard_hashes_sorted_by_name()
    {
        var a = new Shard("a", "1\n"u8.ToArray());
        var b = new Shard("b", "2\n"u8.ToArray());
        byte[] Leaf(Shard shard) => [.. Encoding.UTF8.GetBytes(shard.Name), 0, .. System.Security.Cryptography.SHA256.HashData(shard.Bytes.Span)];
        var set = new ShardSet([b, a]);
        Assert.Equal(TransparencyTree.NodeHash(TransparencyTree.LeafHash(Leaf(a)), TransparencyTree.LeafHash(Leaf(b))), set.Root);
        Assert.True(TransparencyTree.Verify(set.Root, ShardSet.LeafHash("b", b.Hash), 1, 2, set.Proof(1)));
        Assert.Equal(TransparencyTree.EmptyRoot, new ShardSet([]).Root);
        Assert.Throws<ArgumentException>(() => new ShardSet([a, b, new Shard("a", default)]));
        Assert.Throws<ArgumentException>(() => ShardSet.RootOf([("b", b.Hash), ("a", a.Hash)]));
    }

    private static byte[] Rewrite(CanonicalValue line)
    {
        var writer = new CanonicalWriter("s", 1_000_000);
        writer.BeginLine();
        WriteMembers(writer, line);
        writer.EndLine();
        return writer.Complete().Shards[0].Bytes.ToArray();
    }

    private static void WriteMembers(CanonicalWriter writer, CanonicalValue value)
    {
        foreach (var (name, member) in value.Members)
        {
            if (member.IsText) writer.Field(name, member.Text);
            else if (member.IsObject) WriteObject(writer.BeginObject(name), member);
            else WriteItems(writer.BeginArray(name), member);
        }
    }

    private static void WriteObject(CanonicalWriter writer, CanonicalValue value)
    {
        WriteMembers(writer, value);
        writer.EndObject();
    }

    private static void WriteItems(CanonicalWriter writer, CanonicalValue array)
    {
        foreach (var item in array.Items)
        {
            if (item.IsText) writer.Item(item.Text);
            else if (item.IsObject) WriteObject(writer.BeginObject(), item);
            else WriteItems(writer.BeginArray(), item);
        }
        writer.EndArray();
    }

    private static byte[] Edit(byte[] line, (int At, byte Byte, int Kind)[] edits)
    {
        var bytes = line.ToList();
        foreach (var (at, b, kind) in edits)
        {
            var index = at % bytes.Count;
            if (kind == 0) bytes[index] = b;
            else if (kind == 1) bytes.Insert(index, bytes[b % bytes.Count]);
            else if (bytes.Count > 1) bytes.RemoveAt(index);
        }
        return [.. bytes];
    }
}
