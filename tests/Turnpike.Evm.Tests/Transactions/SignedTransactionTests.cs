using System.Numerics;
using Turnpike.Core;

namespace Turnpike.Evm.Tests;

public sealed class SignedTransactionTests
{
    private static readonly Secp256k1PrivateKey Key = Secp256k1PrivateKey.Parse("0x4646464646464646464646464646464646464646464646464646464646464646");
    private static readonly Address Recipient = Address.Parse("0x3535353535353535353535353535353535353535");

    [Fact]
    public void Eip155_example_of_the_standard_agrees()
    {
        var transaction = new LegacyTransaction { ChainId = 1, Nonce = 9, GasPrice = 20_000_000_000, GasLimit = 21_000, To = Recipient, Value = BigInteger.Pow(10, 18) };
        Assert.Equal("0xec098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a764000080018080", Hex.Format(transaction.EncodeForSigning()));
        Assert.Equal("0xdaf5a779ae972f972197303d7b574746c7ef83eadac0f2791ad23db92e4c8e53", transaction.SigningHash().ToString());
        Assert.Equal(
            "0xf86c098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a76400008025a028ef61340bd939bc2195fe537567866003e1a15d3c71ff63e1590620aa636276a067cbe9d8997f761aecb703304b3800ccf555c9f3dc64214b297fb1966a3b6d83",
            Hex.Format(transaction.Sign(Key).Encode()));
    }

    public static TheoryData<string> Kinds => ["Legacy", "Eip155", "AccessList", "DynamicFee", "Blob", "SetCode"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_kind_survives_encode_and_decode(string kind)
    {
        var signed = Example(kind).Sign(Key);
        Assert.True(SignedTransaction.TryDecode(signed.Encode(), out var decoded, out var refusal), refusal.ToString());
        Assert.Equal(signed, decoded);
        Assert.Equal(signed.Transaction.GetHashCode(), decoded.Transaction.GetHashCode());
        Assert.Equal(Example(kind).GetType(), decoded.Transaction.GetType());
        Assert.True(decoded.TryRecoverSender(out var sender));
        Assert.Equal(Key.Address, sender);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Decode_mutated_bytes_never_throws_and_accepts_only_canonical_ones(string kind)
    {
        var original = Example(kind).Sign(Key).Encode();
        var random = new Random(2718);
        for (var round = 0; round < 10_000; round++)
        {
            var bytes = original.ToArray();
            for (var i = random.Next(3); i >= 0; i--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (random.Next(6) == 0) bytes = bytes[..random.Next(bytes.Length)];
            if (SignedTransaction.TryDecode(bytes, out var decoded, out var refusal)) Assert.Equal(bytes, decoded.Encode());
            else Assert.NotEqual(TransactionError.None, refusal.Code);
        }
    }

    [Fact]
    public void Decode_random_bytes_is_refused_with_a_code()
    {
        var random = new Random(155);
        for (var round = 0; round < 50_000; round++)
        {
            var bytes = new byte[random.Next(1, 40)];
            random.NextBytes(bytes);
            if (round % 2 == 0) bytes[0] = (byte)random.Next(1, 5);
            Assert.False(SignedTransaction.TryDecode(bytes, out _, out var refusal));
            Assert.NotEqual(TransactionError.None, refusal.Code);
        }
    }

    [Fact]
    public void Decode_each_defect_has_its_code()
    {
        var good = Example("DynamicFee").Sign(Key);
        AssertRefused(TransactionError.Empty, []);
        AssertRefused(TransactionError.TooLarge, good.Encode(), maxBytes: 50);
        AssertRefused(TransactionError.UnknownType, [0x05, .. good.Encode()[1..]]);
        AssertRefused(TransactionError.UnknownType, [0x00, .. good.Encode()[1..]]);
        AssertRefused(TransactionError.Malformed, [.. good.Encode(), 0]);
        AssertRefused(TransactionError.Malformed, good.Encode()[..^1]);
        AssertRefused(TransactionError.Malformed, good.Transaction.EncodeForSigning());
        AssertRefused(TransactionError.SignatureOutOfRange, new SignedTransaction(good.Transaction, good.Signature with { R = Bytes32.Zero }).Encode());
        AssertRefused(TransactionError.SignatureOutOfRange, new SignedTransaction(good.Transaction, good.Signature with { S = Reference.Bytes(Reference.N) }).Encode());
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(26, false)]
    [InlineData(27, true)]
    [InlineData(28, true)]
    [InlineData(29, false)]
    [InlineData(34, false)]
    [InlineData(36, false)]
    [InlineData(37, true)]
    [InlineData(38, true)]
    public void Decode_legacy_v_is_27_28_or_that_of_a_chain(int v, bool accepted)
    {
        var (r, s) = (Reference.Bytes(1), Reference.Bytes(2));
        Assert.Equal(accepted, SignedTransaction.TryDecode(LegacyWithV(v, r, s), out var decoded, out var refusal));
        Assert.Equal(accepted ? TransactionError.None : TransactionError.InvalidV, refusal.Code);
        if (accepted) Assert.Equal(v >= 37 ? 1UL : null, ((LegacyTransaction)decoded!.Transaction).ChainId);
    }

    [Fact]
    public void Decode_legacy_v_reaches_the_largest_chain_id_and_no_further()
    {
        var largest = 35 + 2 * new BigInteger(ulong.MaxValue);
        Assert.True(SignedTransaction.TryDecode(LegacyWithV(largest + 1, Reference.Bytes(1), Reference.Bytes(2)), out var decoded, out _));
        Assert.Equal(ulong.MaxValue, ((LegacyTransaction)decoded.Transaction).ChainId);
        Assert.False(SignedTransaction.TryDecode(LegacyWithV(largest + 2, Reference.Bytes(1), Reference.Bytes(2)), out _, out _));
    }

    [Fact]
    public void Decode_refuses_an_unsigned_eip155_form_that_looks_signed()
    {
        var unsigned = new LegacyTransaction { ChainId = 27, Nonce = 0, GasPrice = 0, GasLimit = 0 }.EncodeForSigning();
        AssertRefused(TransactionError.SignatureOutOfRange, unsigned);
    }

    [Fact]
    public void Sender_of_a_high_s_is_refused()
    {
        var signed = Example("DynamicFee").Sign(Key);
        var highS = Reference.Bytes(Reference.N - new BigInteger(signed.Signature.S.ToArray(), isUnsigned: true, isBigEndian: true));
        var malleated = new SignedTransaction(signed.Transaction, signed.Signature with { S = highS, RecoveryId = (byte)(signed.Signature.RecoveryId ^ 1) });
        Assert.True(SignedTransaction.TryDecode(malleated.Encode(), out var decoded, out _));
        Assert.False(decoded.TryRecoverSender(out _));
    }

    [Fact]
    public void Numbers_beyond_256_bits_or_below_zero_cannot_enter_a_transaction()
    {
        var example = (DynamicFeeTransaction)Example("DynamicFee");
        Assert.Throws<ArgumentOutOfRangeException>(() => example with { Value = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => example with { MaxFeePerGas = BigInteger.One << 256 });
        Assert.Equal((BigInteger.One << 256) - 1, (example with { Value = (BigInteger.One << 256) - 1 }).Value);
        Assert.Throws<ArgumentOutOfRangeException>(() => new LegacyTransaction { ChainId = 0, Nonce = 0, GasLimit = 0, GasPrice = 0 });
        Assert.Throws<ArgumentException>(() => new SignedTransaction(example, new Secp256k1Signature(default, default, 2)));
    }

    [Fact]
    public void Equality_is_that_of_the_signing_bytes()
    {
        Assert.Equal(Example("DynamicFee"), Example("DynamicFee"));
        Assert.NotEqual(Example("DynamicFee"), (DynamicFeeTransaction)Example("DynamicFee") with { Nonce = 8 });
        Assert.NotEqual(Example("DynamicFee"), Example("AccessList"));
    }

    [Fact]
    public void Authorization_recovers_who_consented_and_refuses_a_changed_one()
    {
        var authorization = Authorization.Sign(1, Recipient, 5, Key);
        Assert.True(authorization.TryRecoverAuthority(out var authority));
        Assert.Equal(Key.Address, authority);
        Assert.True((authorization with { Nonce = 6 }).TryRecoverAuthority(out authority));
        Assert.NotEqual(Key.Address, authority);
        Assert.False((authorization with { YParity = 2 }).TryRecoverAuthority(out _));
        Assert.False((authorization with { S = Reference.Bytes(Reference.N - 1) }).TryRecoverAuthority(out _));
    }

    [Fact]
    public async Task SignAsync_refuses_a_signer_that_signs_as_somebody_else()
    {
        using var other = Secp256k1PrivateKey.Generate();
        var transaction = Example("DynamicFee");
        var signed = await transaction.SignAsync(new LocalDigestSigner(Key), TestContext.Current.CancellationToken);
        Assert.Equal(transaction.Sign(Key), signed);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await transaction.SignAsync(new ImpostorSigner(Key.Address, other), TestContext.Current.CancellationToken));
    }

    private sealed class ImpostorSigner(Address claimed, Secp256k1PrivateKey key) : IDigestSigner
    {
        public Address Address => claimed;

        public ValueTask<Secp256k1Signature> SignAsync(Bytes32 digest, CancellationToken cancellationToken) => ValueTask.FromResult(Secp256k1.Sign(digest, key));
    }

    private static void AssertRefused(TransactionError expected, byte[] bytes, int maxBytes = SignedTransaction.DefaultMaxBytes)
    {
        Assert.False(SignedTransaction.TryDecode(bytes, out var signed, out var refusal, maxBytes));
        Assert.Null(signed);
        Assert.Equal(expected, refusal.Code);
    }

    private static byte[] LegacyWithV(BigInteger v, Bytes32 r, Bytes32 s)
    {
        var writer = new RlpWriter();
        var list = writer.BeginList();
        for (var i = 0; i < 6; i++) writer.WriteUInt64(0);
        writer.WriteUInt256(v);
        writer.WriteUInt256(r);
        writer.WriteUInt256(s);
        writer.EndList(list);
        return writer.ToArray();
    }

    private static Transaction Example(string kind)
    {
        byte[] data = [1, 2, 3];
        AccessListEntry[] access = [new(Recipient, [Reference.Bytes(1), Reference.Bytes(2)]), new(Key.Address, [])];
        return kind switch
        {
            "Legacy" => new LegacyTransaction { Nonce = 7, GasLimit = 21_000, GasPrice = 5, Value = 9, Data = data },
            "Eip155" => new LegacyTransaction { ChainId = 31337, Nonce = 7, GasLimit = 21_000, GasPrice = 5, To = Recipient, Value = 9, Data = data },
            "AccessList" => new AccessListTransaction { ChainId = 31337, Nonce = 7, GasLimit = 21_000, GasPrice = 5, To = Recipient, Value = 9, Data = data, AccessList = access },
            "DynamicFee" => new DynamicFeeTransaction { ChainId = 31337, Nonce = 7, GasLimit = 21_000, MaxFeePerGas = 5, MaxPriorityFeePerGas = 2, To = Recipient, Value = 9, Data = data, AccessList = access },
            "Blob" => new BlobTransaction { ChainId = 31337, Nonce = 7, GasLimit = 21_000, MaxFeePerGas = 5, MaxPriorityFeePerGas = 2, To = Recipient, Data = data, AccessList = access, MaxFeePerBlobGas = 3, BlobVersionedHashes = [Reference.Bytes(BigInteger.One << 248)] },
            _ => new SetCodeTransaction { ChainId = 31337, Nonce = 7, GasLimit = 21_000, MaxFeePerGas = 5, MaxPriorityFeePerGas = 2, To = Recipient, Data = data, AccessList = access, Authorizations = [Authorization.Sign(31337, Recipient, 0, Key), Authorization.Sign(0, Recipient, ulong.MaxValue, Key)] },
        };
    }
}
