using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Turnpike.Core;
using Turnpike.Tests;

namespace Turnpike.Evm.Tests;

/// <summary>ethers.js's transactions: 512 field sets in five kinds, unsigned and signed, each signed by RFC 6979.</summary>
public sealed class TransactionVectorTests
{
    private const string File = "evm/ethers-transactions-512.json.gz";

    [Theory]
    [InlineData("Legacy")]
    [InlineData("Eip155")]
    [InlineData("Berlin")]
    [InlineData("London")]
    [InlineData("Cancun")]
    public void Encode_and_sign_vectors_give_their_bytes(string kind)
    {
        var seen = 0;
        foreach (var vector in SharedData.Json(File).EnumerateArray())
        {
            if (Text(vector, "signed" + kind) is not { Length: > 0 } signedText) continue;
            var transaction = Build(kind, vector.GetProperty("transaction"));
            using var key = Secp256k1PrivateKey.Parse(Text(vector, "privateKey"));
            var signed = transaction.Sign(key);
            Assert.Equal(Text(vector, "unsigned" + kind), Hex.Format(transaction.EncodeForSigning()));
            Assert.Equal(signedText, Hex.Format(signed.Encode()));
            Assert.Equal(Text(vector.GetProperty("signature" + kind), "r"), signed.Signature.R.ToString());
            Assert.Equal(Text(vector.GetProperty("signature" + kind), "s"), signed.Signature.S.ToString());
            seen++;
        }
        Assert.True(seen >= 128, $"only {seen} vectors of kind {kind}");
    }

    [Theory]
    [InlineData("Legacy")]
    [InlineData("Eip155")]
    [InlineData("Berlin")]
    [InlineData("London")]
    [InlineData("Cancun")]
    public void Decode_vectors_gives_their_fields_and_sender(string kind)
    {
        foreach (var vector in SharedData.Json(File).EnumerateArray())
        {
            if (Text(vector, "signed" + kind) is not { Length: > 0 } signedText) continue;
            using var key = Secp256k1PrivateKey.Parse(Text(vector, "privateKey"));
            Assert.True(SignedTransaction.TryDecode(Hex.Parse(signedText), out var signed, out var refusal), refusal.ToString());
            Assert.Equal(Build(kind, vector.GetProperty("transaction")), signed.Transaction);
            Assert.True(signed.TryRecoverSender(out var sender));
            Assert.Equal(key.Address, sender);
            Assert.Equal(signedText, Hex.Format(signed.Encode()));
            Assert.Equal(Keccak256.Hash(Hex.Parse(signedText)), signed.Hash());
        }
    }

    private static Transaction Build(string kind, JsonElement fields)
    {
        var nonce = (ulong)Number(fields, "nonce");
        var gasLimit = (ulong)Number(fields, "gasLimit");
        var gasPrice = Number(fields, "gasPrice");
        var maxFee = Number(fields, "maxFeePerGas");
        var priority = Number(fields, "maxPriorityFeePerGas");
        var chainId = (ulong)Number(fields, "chainId");
        var value = Number(fields, "value");
        Address? to = Text(fields, "to") is { } toText ? Address.Parse(toText) : null;
        ReadOnlyMemory<byte> data = Text(fields, "data") is { } dataText ? Hex.Parse(dataText) : [];
        var access = AccessList(fields);
        return kind switch
        {
            "Legacy" => new LegacyTransaction { Nonce = nonce, GasLimit = gasLimit, GasPrice = gasPrice, To = to, Value = value, Data = data },
            "Eip155" => new LegacyTransaction { ChainId = chainId, Nonce = nonce, GasLimit = gasLimit, GasPrice = gasPrice, To = to, Value = value, Data = data },
            "Berlin" => new AccessListTransaction { ChainId = chainId, Nonce = nonce, GasLimit = gasLimit, GasPrice = gasPrice, To = to, Value = value, Data = data, AccessList = access },
            "London" => new DynamicFeeTransaction { ChainId = chainId, Nonce = nonce, GasLimit = gasLimit, MaxFeePerGas = maxFee, MaxPriorityFeePerGas = priority, To = to, Value = value, Data = data, AccessList = access },
            _ => new BlobTransaction
            {
                ChainId = chainId,
                Nonce = nonce,
                GasLimit = gasLimit,
                MaxFeePerGas = maxFee,
                MaxPriorityFeePerGas = priority,
                To = to ?? default,
                Value = value,
                Data = data,
                AccessList = access,
                MaxFeePerBlobGas = Number(fields, "maxFeePerBlobGas"),
                BlobVersionedHashes = [.. fields.GetProperty("blobVersionedHashes").EnumerateArray().Select(hash => Bytes32.Parse(hash.GetString()))],
            },
        };
    }

    private static AccessListEntry[] AccessList(JsonElement fields) =>
        fields.TryGetProperty("accessList", out var list)
            ? [.. list.EnumerateArray().Select(entry => new AccessListEntry(
                Address.Parse(Text(entry, "address")),
                [.. entry.GetProperty("storageKeys").EnumerateArray().Select(key => Bytes32.Parse(key.GetString()))]))]
            : [];

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static BigInteger Number(JsonElement fields, string name)
    {
        if (!fields.TryGetProperty(name, out var value)) return 0;
        return value.ValueKind == JsonValueKind.Number
            ? value.GetUInt64()
            : BigInteger.Parse("0" + value.GetString()![2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }
}
