using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Turnpike.Core;
using Turnpike.Evm.Abi;
using Turnpike.Tests;

namespace Turnpike.Evm.Tests.Abi;

/// <summary>The ethers.js vectors: encode gives the bytes, decode gives the values back.</summary>
public sealed class AbiVectorTests
{
    [Fact]
    public void Ethers_1024_values_encode_and_decode_to_the_same_bytes_and_values()
    {
        var cases = SharedData.Json("evm/ethers-abi-1024.json.gz").EnumerateArray().ToArray();
        foreach (var vector in cases)
        {
            var parameters = AbiType.Tuple(AbiType.Parse(vector.GetProperty("type").GetString()!));
            var value = Value(parameters.Components[0], vector.GetProperty("value"));
            var encoded = Hex.Parse(vector.GetProperty("encoded").GetString()!);

            Assert.Equal(encoded, AbiCodec.Encode(parameters, [value]));
            Assert.Equal([value], AbiCodec.Decode(parameters, encoded));
        }
        Assert.Equal(1024, cases.Length);
    }

    [Fact]
    public void Ethers_516_packed_values_have_the_same_hash()
    {
        var cases = SharedData.Json("evm/ethers-packed-keccak-516.json.gz").EnumerateArray().ToArray();
        foreach (var vector in cases)
        {
            var types = vector.GetProperty("types").EnumerateArray().Select(t => AbiType.Parse(t.GetString()!)).ToArray();
            var values = vector.GetProperty("values").EnumerateArray().Select((v, i) => Value(types[i], v)).ToArray();
            Assert.Equal(vector.GetProperty("keccak256").GetString(), Keccak256.Hash(AbiPacked.Encode(types, values)).ToString());
        }
        Assert.Equal(516, cases.Length);
    }

    private static object Value(AbiType type, JsonElement json) => type.Kind switch
    {
        AbiKind.Bool => json.GetBoolean(),
        AbiKind.String => json.GetString()!,
        AbiKind.Address => Address.Parse(json.GetString()!),
        AbiKind.UInt or AbiKind.Int => Integer(json.GetString()!),
        AbiKind.Bytes or AbiKind.FixedBytes => Hex.Parse(json.GetString()!),
        _ => json.EnumerateArray().Select((v, i) => Value(type.Element ?? type.Components[i], v)).ToArray(),
    };

    private static BigInteger Integer(string text)
    {
        var digits = text.TrimStart('-');
        var magnitude = digits.StartsWith("0x", StringComparison.Ordinal)
            ? BigInteger.Parse("0" + digits[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
            : BigInteger.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
        return text[0] == '-' ? -magnitude : magnitude;
    }
}
