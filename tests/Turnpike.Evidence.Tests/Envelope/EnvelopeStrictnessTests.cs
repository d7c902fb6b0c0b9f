using System.Numerics;
using Turnpike.Core;

namespace Turnpike.Evidence.Tests.Envelope;

/// <summary>One malformed form a row: what is wrong, the bytes' parts in hexadecimal, the code.</summary>
public sealed class EnvelopeStrictnessTests
{
    private const string One = "0000000000000000000000000000000000000000000000000000000000000001";
    private const string Zero = "0000000000000000000000000000000000000000000000000000000000000000";
    private const string Half = "7FFFFFFF800000007FFFFFFFFFFFFFFFDE737D56D38BCF4279DCE5617E3192A8";
    private const string AboveHalf = "7FFFFFFF800000007FFFFFFFFFFFFFFFDE737D56D38BCF4279DCE5617E3192A9";
    private const string Order = "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551";
    private const string Kind = "011864";
    private const string Boot = "0203";
    private const string Sequence = "0303";
    private const string Time = "04190400";
    private const string Body = "0541A0";
    private const string Fields = Kind + Boot + Sequence + Time;

    private static readonly string Header = B("A10126");
    private static readonly string KeyId = "04" + B(One);
    private static readonly string Kid = "A1" + KeyId;
    private static readonly string Payload = B("A5" + Fields + Body);
    private static readonly string Signature = B(One + Half);

    public static TheoryData<string, string, AdmissionCode> Forms => new()
    {
        { "the plain good form", "D284" + Header + Kid + Payload + Signature, AdmissionCode.Admitted },
        { "good with commitment", WithPayload("A6" + Fields + Body + "06" + B(One)), AdmissionCode.Admitted },
        { "nothing", "", AdmissionCode.MalformedCbor },
        { "no tag", "84" + Header + Kid + Payload + Signature, AdmissionCode.NotCoseSign1 },
        { "tag 98", "D86284" + Header + Kid + Payload + Signature, AdmissionCode.NotCoseSign1 },
        { "tag 18 twice", "D2D284" + Header + Kid + Payload + Signature, AdmissionCode.NotCoseSign1 },
        { "tag 18 in a needless byte", "D90012" + "84" + Header + Kid + Payload + Signature, AdmissionCode.NotDeterministicCbor },
        { "three parts", "D283" + Header + Kid + Payload, AdmissionCode.NotCoseSign1 },
        { "five parts", "D285" + Header + Kid + Payload + Signature + "00", AdmissionCode.NotCoseSign1 },
        { "indefinite array", "D29F" + Header + Kid + Payload + Signature + "FF", AdmissionCode.NotDeterministicCbor },
        { "trailing byte", "D284" + Header + Kid + Payload + Signature + "00", AdmissionCode.MalformedCbor },
        { "cut short", "D284" + Header + Kid + Payload + "5840" + One, AdmissionCode.MalformedCbor },
        { "protected header a map, not bytes", WithHeaders("A10126", Kid), AdmissionCode.NotCoseSign1 },
        { "protected header no bytes", WithHeaders("40", Kid), AdmissionCode.MalformedCbor },
        { "protected header an array", WithHeaders(B("810C"), Kid), AdmissionCode.BadHeader },
        { "protected header an empty map", WithHeaders(B("A0"), Kid), AdmissionCode.BadHeader },
        { "protected header with crit", WithHeaders(B("A201260281182A"), Kid), AdmissionCode.BadHeader },
        { "protected header's label wrong", WithHeaders(B("A10226"), Kid), AdmissionCode.BadHeader },
        { "protected header not shortest", WithHeaders(B("A1013806"), Kid), AdmissionCode.NotDeterministicCbor },
        { "alg ES384", WithHeaders(B("A1013822"), Kid), AdmissionCode.UnsupportedAlgorithm },
        { "alg EdDSA", WithHeaders(B("A10127"), Kid), AdmissionCode.UnsupportedAlgorithm },
        { "alg as text", WithHeaders(B("A101654553323536"), Kid), AdmissionCode.UnsupportedAlgorithm },
        { "alg a number beyond 32 bits", WithHeaders(B("A1013B00000001FFFFFFF8"), Kid), AdmissionCode.UnsupportedAlgorithm },
        { "no kid", WithHeaders(Header, "A0"), AdmissionCode.BadHeader },
        { "kid of 31 bytes", WithHeaders(Header, "A104" + B(One[2..])), AdmissionCode.BadHeader },
        { "kid of 33 bytes", WithHeaders(Header, "A104" + B(One + "00")), AdmissionCode.BadHeader },
        { "kid a number", WithHeaders(Header, "A10418FF"), AdmissionCode.BadHeader },
        { "kid and more", WithHeaders(Header, "A2" + KeyId + "0500"), AdmissionCode.BadHeader },
        { "kid twice", WithHeaders(Header, "A2" + KeyId + KeyId), AdmissionCode.NotDeterministicCbor },
        { "unprotected header an array", WithHeaders(Header, "80"), AdmissionCode.NotCoseSign1 },
        { "payload detached (null)", "D284" + Header + Kid + "F6" + Signature, AdmissionCode.NotCoseSign1 },
        { "payload not CBOR", WithPayload("FF"), AdmissionCode.MalformedCbor },
        { "payload an array", WithPayload("80"), AdmissionCode.BadPayload },
        { "payload without body", WithPayload("A4" + Fields), AdmissionCode.BadPayload },
        { "payload with field 7", WithPayload("A6" + Fields + Body + "0700"), AdmissionCode.BadPayload },
        { "payload's keys unsorted", WithPayload("A5" + Boot + Kind + Sequence + Time + Body), AdmissionCode.NotDeterministicCbor },
        { "payload's key twice", WithPayload("A5" + Kind + Boot + Boot + Time + Body), AdmissionCode.NotDeterministicCbor },
        { "kind beyond 16 bits", WithPayload("A5" + "011A00010000" + Boot + Sequence + Time + Body), AdmissionCode.BadPayload },
        { "kind negative", WithPayload("A5" + "0120" + Boot + Sequence + Time + Body), AdmissionCode.BadPayload },
        { "boot a text", WithPayload("A5" + Kind + "026161" + Sequence + Time + Body), AdmissionCode.BadPayload },
        { "sequence a float", WithPayload("A5" + Kind + Boot + "03F93C00" + Time + Body), AdmissionCode.BadPayload },
        { "time negative", WithPayload("A5" + Kind + Boot + Sequence + "0420" + Body), AdmissionCode.BadPayload },
        { "time beyond 63 bits", WithPayload("A5" + Kind + Boot + Sequence + "041B8000000000000000" + Body), AdmissionCode.BadPayload },
        { "body not bytes", WithPayload("A5" + Fields + "05A0"), AdmissionCode.BadPayload },
        { "body empty", WithPayload("A5" + Fields + "0540"), AdmissionCode.MalformedCbor },
        { "body not deterministic", WithPayload("A5" + Fields + "05" + B("1805")), AdmissionCode.NotDeterministicCbor },
        { "body of a million-entry map", WithPayload("A5" + Fields + "05" + B("BA000F4240")), AdmissionCode.MalformedCbor },
        { "body seventeen arrays deep", WithPayload("A5" + Fields + "05" + B("8181818181818181818181818181818181" + "80")), AdmissionCode.MalformedCbor },
        { "commitment of 31 bytes", WithPayload("A6" + Fields + Body + "06" + B(One[2..])), AdmissionCode.BadPayload },
        { "signature of 63 bytes", WithSignature(B(One + Half[2..])), AdmissionCode.BadSignatureEncoding },
        { "signature in DER", WithSignature(B("3006020101020101")), AdmissionCode.BadSignatureEncoding },
        { "signature a text", WithSignature("60"), AdmissionCode.NotCoseSign1 },
        { "r zero", WithSignature(B(Zero + Half)), AdmissionCode.BadSignatureEncoding },
        { "s zero", WithSignature(B(One + Zero)), AdmissionCode.BadSignatureEncoding },
        { "r the order", WithSignature(B(Order + Half)), AdmissionCode.BadSignatureEncoding },
        { "s the order", WithSignature(B(One + Order)), AdmissionCode.BadSignatureEncoding },
        { "s one above half", WithSignature(B(One + AboveHalf)), AdmissionCode.HighS },
        { "a million-entry map", "BA000F4240", AdmissionCode.MalformedCbor },
        { "an array of 2^64 - 1", "D29BFFFFFFFFFFFFFFFF", AdmissionCode.MalformedCbor },
        { "bytes of 2^63", "5B8000000000000000", AdmissionCode.MalformedCbor },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public void Form_gets_its_code(string form, string hex, AdmissionCode expected)
    {
        Assert.NotEmpty(form);
        var decoded = EnvelopeCodec.TryDecode(Convert.FromHexString(hex), out _, out var code);
        Assert.Equal(expected, code);
        Assert.Equal(expected == AdmissionCode.Admitted, decoded);
    }

    [Fact]
    public void Piece_of_more_than_the_limit_is_too_large_before_any_decoding()
    {
        Assert.False(EnvelopeCodec.TryDecode(new byte[EnvelopeCodec.MaximumBytes + 1], out _, out var code));
        Assert.Equal(AdmissionCode.TooLarge, code);
    }

    [Theory]
    [InlineData(EnvelopeAlgorithm.Es256, "115792089210356248762697446949407573529996955224135760342422259061068512044369")]
    [InlineData(EnvelopeAlgorithm.Es256K, "115792089237316195423570985008687907852837564279074904382605163141518161494337")]
    public void Signature_halves_meet_at_half_the_order(EnvelopeAlgorithm algorithm, string order)
    {
        var n = BigInteger.Parse(order, System.Globalization.CultureInfo.InvariantCulture);
        var (low, high) = (Pair(BigInteger.One, n / 2), Pair(BigInteger.One, n / 2 + 1));
        Assert.Equal(AdmissionCode.Admitted, EcdsaSignature.Check(low, algorithm));
        Assert.Equal(AdmissionCode.HighS, EcdsaSignature.Check(high, algorithm));
        Assert.Equal(AdmissionCode.BadSignatureEncoding, EcdsaSignature.Check(Pair(n, BigInteger.One), algorithm));
        Assert.Equal(AdmissionCode.Admitted, EcdsaSignature.Check(Pair(n - 1, BigInteger.One), algorithm));
        EcdsaSignature.Normalise(high, algorithm);
        Assert.Equal(Pair(BigInteger.One, n - (n / 2 + 1)), high);
        EcdsaSignature.Normalise(high, algorithm);
        Assert.Equal(low, high);
    }

    private static string WithHeaders(string header, string unprotected) => "D284" + header + unprotected + Payload + Signature;

    private static string WithPayload(string payload) => "D284" + Header + Kid + B(payload) + Signature;

    private static string WithSignature(string signature) => "D284" + Header + Kid + Payload + signature;

    /// <summary>A byte string with its shortest head.</summary>
    private static string B(string content)
    {
        var length = content.Length / 2;
        return (length < 24 ? $"{0x40 + length:X2}" : length < 256 ? $"58{length:X2}" : $"59{length:X4}") + content;
    }

    private static byte[] Pair(BigInteger r, BigInteger s) => [.. Word(r), .. Word(s)];

    private static byte[] Word(BigInteger value)
    {
        var bytes = value.ToByteArray(isUnsigned: true, isBigEndian: true);
        return [.. new byte[Bytes32.Length - bytes.Length], .. bytes];
    }
}
