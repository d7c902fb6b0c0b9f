using System.Numerics;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Turnpike.Core;
using Turnpike.Evm.TypedData;

namespace Turnpike.Evm.Tests.TypedData;

/// <summary>The typed builder, held equal to the JSON form and to the standard's example.</summary>
public sealed class TypedStructTests
{
    private static readonly TypedStructType Person = TypedStructType.Parse("Person(string name,address wallet)");
    private static readonly TypedStructType Mail = TypedStructType.Parse("Mail(Person from,Person to,string contents)Person(string name,address wallet)");
    private static readonly Address Wallet = Address.Parse("0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826");

    [Fact]
    public void Example_of_the_standard_has_its_hashes()
    {
        var cow = Person.Build().String("Cow").Address(Wallet);
        var bob = Person.Build().String("Bob").Address(Address.Parse("0xbBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB"));
        var mail = Mail.Build().Struct(cow).Struct(bob).String("Hello, Bob!");
        var domain = new Eip712Domain { Name = "Ether Mail", Version = "1", ChainId = 1, VerifyingContract = Address.Parse("0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC") };
        Assert.Equal("0xa0cedeb2dc280ba39b857546d74f5549c3a1d7bdc2dd96bf881f76108e23dac2", Mail.TypeHash.ToString());
        Assert.Equal("0xc52c0ee5d84264471806290a3f2c4cecfc5490626bf912d01f240d7a274b371e", mail.Hash().ToString());
        Assert.Equal("0xf2cee375fa42b42143804025fc449deafd50cc031ca257e0b194a650a912090f", domain.Separator().ToString());
        Assert.Equal("0xbe609aee343fb3c4b28e1df9e632fca64fcfaede20f02e86244efddf30957bd2", domain.Digest(mail).ToString());
    }

    [Fact]
    public void Every_kind_of_member_hashes_as_the_json_form_does()
    {
        var type = TypedStructType.Parse("T(uint96 a,uint256 b,int24 c,bool d,bytes32 e,bytes4 f,bytes g,P[2] h,int16[][2] i,string[] j)P(string name)");
        var names = TypedStructType.Parse("P(string name)");
        var built = type.Build().UInt(5).UInt(BigInteger.One << 255).Int(-7).Bool(true).Bytes32(Keccak256.Hash("e"u8)).FixedBytes([1, 2, 3, 4]).Bytes([9, 8])
            .Structs([names.Build().String("x"), names.Build().String("y")])
            .Array([new object[] { 1, -2 }, Array.Empty<object>()]).Array(["k", ""]);
        var json = $$$"""
            {"types":{"T":[{"name":"a","type":"uint96"},{"name":"b","type":"uint256"},{"name":"c","type":"int24"},{"name":"d","type":"bool"},{"name":"e","type":"bytes32"},{"name":"f","type":"bytes4"},
            {"name":"g","type":"bytes"},{"name":"h","type":"P[2]"},{"name":"i","type":"int16[][2]"},{"name":"j","type":"string[]"}],"P":[{"name":"name","type":"string"}]},"primaryType":"T","domain":{"name":"n"},
            "message":{"a":"5","b":"0x8000000000000000000000000000000000000000000000000000000000000000","c":-7,"d":true,"e":"{{{Keccak256.Hash("e"u8)}}}","f":"0x01020304","g":"0x0908",
            "h":[{"name":"x"},{"name":"y"}],"i":[[1,-2],[]],"j":["k",""]}}
            """;
        var document = TypedDataDocument.Parse(Encoding.UTF8.GetBytes(json));
        Assert.Equal(type.EncodedType, document.EncodedType);
        Assert.Equal(document.EncodedMessage.ToArray(), built.Encode());
        Assert.Equal(document.Digest, new Eip712Domain { Name = "n" }.Digest(built));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Mail")]
    [InlineData("Mail(")]
    [InlineData("Mail)(")]
    [InlineData("Mail(string)")]
    [InlineData("Mail(string  a)")]
    [InlineData("Mail(string a, string b)")]
    [InlineData("Mail(uint a)")]
    [InlineData("Mail(string a,string a)")]
    [InlineData("Mail(Person a)")]
    [InlineData("Mail(string a)Person(string a)")]
    [InlineData("Mail(B b,A a)B(string x)A(string x)")]
    [InlineData("Mail(string a)Mail(string a)")]
    [InlineData("Mail(string a)x")]
    [InlineData("uint8(string a)")]
    public void Text_that_no_contract_would_hash_is_refused(string text) => Assert.Throws<TypedDataException>(() => TypedStructType.Parse(text));

    [Fact]
    public void Members_out_of_order_of_wrong_type_or_missing_are_the_callers_error()
    {
        Assert.Throws<InvalidOperationException>(() => Person.Build().Address(Wallet));
        Assert.Throws<InvalidOperationException>(() => Person.Build().String("a").Hash());
        Assert.Throws<InvalidOperationException>(() => Person.Build().String("a").Address(Wallet).Bool(true));
        Assert.Throws<InvalidOperationException>(() => Mail.Build().Struct(TypedStructType.Parse("Person(string name)").Build().String("a")));
        Assert.Throws<InvalidOperationException>(() => Mail.Build().Struct(Person.Build().String("half")));
        Assert.Throws<ArgumentOutOfRangeException>(() => TypedStructType.Parse("U(uint8 a)").Build().UInt(256UL));
        Assert.Throws<ArgumentOutOfRangeException>(() => TypedStructType.Parse("U(uint8 a)").Build().UInt(new BigInteger(-1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => TypedStructType.Parse("U(int8 a)").Build().Int(-129));
        Assert.Throws<ArgumentException>(() => TypedStructType.Parse("U(bytes4 a)").Build().FixedBytes([1]));
        Assert.Throws<ArgumentException>(() => TypedStructType.Parse("U(uint8[2] a)").Build().Array([1]));
    }

    [Fact]
    public void Random_type_texts_are_refused_or_canonical() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(3_000), Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        var random = new Random(seed);
        string[] pieces = ["A", "B", "(", ")", ",", " ", "uint8", "string", "[]", "[2]", "A(uint8 x)", "B(A a)", "(A[] y)", "\u00e9"];
        var text = string.Concat(Enumerable.Range(0, random.Next(0, 8)).Select(_ => pieces[random.Next(pieces.Length)]));
        try
        {
            Assert.Equal(text, TypedStructType.Parse(text).EncodedType);
        }
        catch (TypedDataException)
        {
            // The documented refusal; anything else fails the property.
        }
    }));
}
