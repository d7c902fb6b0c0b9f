using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Turnpike.Core;
using Turnpike.Evm.TypedData;
using Turnpike.Tests;

namespace Turnpike.Evm.Tests.TypedData;

public sealed class TypedDataDocumentTests
{
    // The example of EIP-712 itself, with the hashes its test lists.
    private const string Mail = """
        {"types":{"EIP712Domain":[{"name":"name","type":"string"},{"name":"version","type":"string"},{"name":"chainId","type":"uint256"},{"name":"verifyingContract","type":"address"}],
        "Person":[{"name":"name","type":"string"},{"name":"wallet","type":"address"}],
        "Mail":[{"name":"from","type":"Person"},{"name":"to","type":"Person"},{"name":"contents","type":"string"}]},
        "primaryType":"Mail",
        "domain":{"name":"Ether Mail","version":"1","chainId":1,"verifyingContract":"0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC"},
        "message":{"from":{"name":"Cow","wallet":"0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826"},"to":{"name":"Bob","wallet":"0xbBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB"},"contents":"Hello, Bob!"}}
        """;

    [Fact]
    public void Example_of_the_standard_has_its_hashes()
    {
        var document = Parse(Mail);
        Assert.Equal("Mail(Person from,Person to,string contents)Person(string name,address wallet)", document.EncodedType);
        Assert.Equal("0xf2cee375fa42b42143804025fc449deafd50cc031ca257e0b194a650a912090f", document.DomainSeparator.ToString());
        Assert.Equal("0xc52c0ee5d84264471806290a3f2c4cecfc5490626bf912d01f240d7a274b371e", Keccak256.Hash(document.EncodedMessage.Span).ToString());
        Assert.Equal("0xbe609aee343fb3c4b28e1df9e632fca64fcfaede20f02e86244efddf30957bd2", document.Digest.ToString());
        Assert.Equal(("Ether Mail", document.DomainSeparator), (document.Domain.Name, document.Domain.Separator()));
    }

    [Fact]
    public void Ethers_130_documents_have_the_same_encoding_and_digest()
    {
        var cases = SharedData.Json("evm/ethers-eip712-130.json.gz").EnumerateArray().ToArray();
        foreach (var vector in cases)
        {
            var json = new JsonObject
            {
                ["types"] = JsonNode.Parse(vector.GetProperty("types").GetRawText()),
                ["primaryType"] = vector.GetProperty("primaryType").GetString(),
                ["domain"] = JsonNode.Parse(vector.GetProperty("domain").GetRawText()),
                ["message"] = JsonNode.Parse(vector.GetProperty("data").GetRawText()),
            };
            var document = Parse(json.ToJsonString());
            Assert.Equal(vector.GetProperty("encoded").GetString(), Hex.Format(document.EncodedMessage.Span));
            Assert.Equal(vector.GetProperty("digest").GetString(), document.Digest.ToString());
            Assert.Equal(document.DomainSeparator, document.Domain.Separator());
        }
        Assert.Equal(130, cases.Length);
    }

    [Fact]
    public void Domain_alone_can_be_signed()
    {
        var document = Parse("""{"types":{"EIP712Domain":[{"name":"salt","type":"bytes32"}]},"primaryType":"EIP712Domain","domain":{"salt":"0x0000000000000000000000000000000000000000000000000000000000000001"}}""");
        Assert.Equal(Keccak256.Hash([0x19, 0x01, .. document.DomainSeparator.ToArray()]), document.Digest);
        Assert.True(document.EncodedMessage.IsEmpty);
    }

    [Fact]
    public void Types_may_need_each_other_in_circles()
    {
        var document = Parse("""{"types":{"A":[{"name":"b","type":"B[]"}],"B":[{"name":"a","type":"A[2][]"}]},"primaryType":"A","domain":{},"message":{"b":[{"a":[[{"b":[]},{"b":[]}]]}]}}""");
        Assert.Equal("A(B[] b)B(A[2][] a)", document.EncodedType);
    }

    [Theory]
    [InlineData("\"contents\":\"Hello, Bob!\"", "\"content\":\"Hello, Bob!\"")]
    [InlineData("\"contents\":\"Hello, Bob!\"", "\"contents\":\"Hello, Bob!\",\"cc\":\"x\"")]
    [InlineData("\"contents\":\"Hello, Bob!\"", "\"contents\":\"a\",\"contents\":\"b\"")]
    [InlineData("\"contents\":\"Hello, Bob!\"", "\"contents\":null")]
    [InlineData("\"contents\":\"Hello, Bob!\"", "\"contents\":\"\\ud800\"")]
    [InlineData("\"type\":\"Person\"", "\"type\":\"Persona\"")]
    [InlineData("\"type\":\"Person\"", "\"type\":\"Person[]\"")]
    [InlineData("\"type\":\"uint256\"", "\"type\":\"uint\"")]
    [InlineData("\"type\":\"uint256\"", "\"type\":\"uint64\"")]
    [InlineData("\"chainId\":1", "\"chainId\":-1")]
    [InlineData("\"chainId\":1", "\"chainId\":1.0")]
    [InlineData("\"chainId\":1", "\"chainId\":1e3")]
    [InlineData("\"chainId\":1", "\"chainId\":\"0x\"")]
    [InlineData("\"chainId\":1", "\"chainId\":\"0x-1\"")]
    [InlineData("\"chainId\":1", "\"chainId\":\"115792089237316195423570985008687907853269984665640564039457584007913129639936\"")]
    [InlineData("\"chainId\":1,", "")]
    [InlineData("\"chainId\":1,", "\"chainId\":1,\"extra\":1,")]
    [InlineData("826\"", "82\"")]
    [InlineData("\"primaryType\":\"Mail\"", "\"primaryType\":\"Post\"")]
    [InlineData("\"Person\":[", "\"Person(uint256 a)X\":[")]
    [InlineData("{\"name\":\"wallet\",", "{\"name\":\"wallet) Y(uint8 z\",")]
    [InlineData("\"Person\":[", "\"uint8\":[],\"Person\":[")]
    public void Document_changed_in_one_place_is_refused(string before, string after)
    {
        Assert.Contains(before, Mail, StringComparison.Ordinal);
        Assert.Throws<TypedDataException>(() => Parse(Mail.Replace(before, after, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("int8", "128")]
    [InlineData("uint8", "256")]
    [InlineData("bool", "1")]
    [InlineData("bytes4", "\"0x010203\"")]
    [InlineData("bytes", "\"0x0\"")]
    [InlineData("uint8[2]", "[1]")]
    [InlineData("uint8[0]", "[]")]
    [InlineData("uint8[02]", "[1,2]")]
    [InlineData("uint8[]", "{}")]
    [InlineData("(uint8)", "[1]")]
    [InlineData("uint8[][][][][][][][][]", "[]")]
    public void Value_outside_its_type_is_refused(string type, string value) =>
        Assert.Throws<TypedDataException>(() => Parse($$"""{"types":{"T":[{"name":"a","type":"{{type}}"}]},"primaryType":"T","domain":{},"message":{"a":{{value}} } }"""));

    [Fact]
    public void Document_beyond_its_limits_is_refused()
    {
        Assert.Throws<TypedDataException>(() => TypedDataDocument.Parse(new byte[(1 << 20) + 1]));
        var many = string.Join(',', Enumerable.Range(0, 300).Select(i => "\"S" + i + "\":[]"));
        Assert.Throws<TypedDataException>(() => Parse("{\"types\":{" + many + "},\"primaryType\":\"S0\",\"domain\":{},\"message\":{}}"));
    }

    [Fact]
    public void Long_chain_of_types_costs_little()
    {
        var chain = string.Join(',', Enumerable.Range(0, 250).Select(i => "\"S" + i + "\":[{\"name\":\"n\",\"type\":\"S" + (i + 1) % 250 + "[]\"}]"));
        var before = GC.GetAllocatedBytesForCurrentThread();
        var document = Parse("{\"types\":{" + chain + "},\"primaryType\":\"S0\",\"domain\":{},\"message\":{\"n\":[{\"n\":[]}]}}");
        Assert.StartsWith("S0(S1[] n)S1(S2[] n)S10(", document.EncodedType, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8_000_000);
    }

    [Fact]
    public void Damaged_documents_are_refused_with_the_documented_exception_only() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(5_000), Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        var random = new Random(seed);
        var bytes = Encoding.UTF8.GetBytes(Mail);
        for (var flips = random.Next(1, 5); flips > 0; flips--)
            bytes[random.Next(bytes.Length)] = random.Next(3) == 0 ? (byte)random.Next(256) : (byte)"\"{}[]:,0-1ex\\ut"[random.Next(15)];
        var document = bytes.AsMemory(0, random.Next(8) == 0 ? random.Next(bytes.Length) : bytes.Length);
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            Assert.NotEqual(default, TypedDataDocument.Parse(document).Digest);
        }
        catch (TypedDataException)
        {
            // The documented refusal; anything else fails the property.
        }
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }));

    private static TypedDataDocument Parse(string json) => TypedDataDocument.Parse(Encoding.UTF8.GetBytes(json));
}
