using System.Security.Cryptography;
using FsCheck;
using FsCheck.Fluent;
using Turnpike.Core;

namespace Turnpike.Evidence.Tests.Envelope;

public sealed class EnvelopeTests : IDisposable
{
    private readonly P256DeviceKey _key = P256DeviceKey.Generate();
    private readonly EnvelopeVerifier _verifier = new(Samples.Network, 16);

    public void Dispose()
    {
        _key.Dispose();
        _verifier.Dispose();
    }

    [Fact]
    public void Piece_signed_and_decoded_states_the_same_and_verifies()
    {
        var generator =
            from kind in ArbMap.Default.GeneratorFor<ushort>()
            from boot in ArbMap.Default.GeneratorFor<ulong>()
            from sequence in ArbMap.Default.GeneratorFor<ulong>()
            from at in Gen.Choose(0, int.MaxValue)
            from reading in ArbMap.Default.GeneratorFor<int>()
            from commitment in Gen.Choose(0, 1)
            select new EnvelopeContent
            {
                Kind = kind,
                Boot = boot,
                Sequence = sequence,
                UnixMilliseconds = (long)at * 4096,
                PublicBody = Samples.Body(reading),
                PrivateCommitment = commitment == 0 ? null : Keccak256.Hash(BitConverter.GetBytes(reading)),
            };
        var signer = new EnvelopeSigner(_key, Samples.Network);
        Check.QuickThrowOnFailure(Prop.ForAll(generator.ToArbitrary(), content =>
        {
            var envelope = Samples.Decode(signer.Sign(content));
            Assert.Equal(content.PublicBody.ToArray(), envelope.Content.PublicBody.ToArray());
            Assert.Equal(content with { PublicBody = default }, envelope.Content with { PublicBody = default });
            Assert.Equal(_key.Public.Id, envelope.Device);
            Assert.True(_verifier.Verify(envelope, _key.Public));
        }));
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(23UL)]
    [InlineData(24UL)]
    [InlineData(255UL)]
    [InlineData(256UL)]
    [InlineData(65_535UL)]
    [InlineData(65_536UL)]
    [InlineData(4_294_967_295UL)]
    [InlineData(4_294_967_296UL)]
    [InlineData(ulong.MaxValue)]
    public void Number_at_an_encoding_boundary_survives(ulong number)
    {
        var content = Samples.Content() with { Boot = number, Sequence = number, UnixMilliseconds = (long)(number & long.MaxValue), Kind = (ushort)number };
        var envelope = Samples.Decode(new EnvelopeSigner(_key, Samples.Network).Sign(content));
        Assert.Equal(content with { PublicBody = default }, envelope.Content with { PublicBody = default });
    }

    [Fact]
    public void Piece_for_one_network_does_not_verify_on_another()
    {
        var envelope = Samples.Decode(new EnvelopeSigner(_key, Samples.Network).Sign(Samples.Content()));
        using var elsewhere = new EnvelopeVerifier(NetworkId.Of(1, Address.Zero), 16);
        Assert.True(_verifier.Verify(envelope, _key.Public));
        Assert.False(elsewhere.Verify(envelope, _key.Public));
        Assert.NotEqual(envelope.Identity(Samples.Network), envelope.Identity(elsewhere.NetworkId));
    }

    [Fact]
    public void Two_signatures_of_one_content_have_one_identity()
    {
        var signer = new EnvelopeSigner(_key, Samples.Network);
        var first = Samples.Decode(signer.Sign(Samples.Content()));
        var second = Samples.Decode(signer.Sign(Samples.Content()));
        Assert.NotEqual(first.Signature.ToArray(), second.Signature.ToArray());
        Assert.Equal(first.Identity(Samples.Network), second.Identity(Samples.Network));
    }

    [Fact]
    public void Equal_statements_of_two_devices_have_two_identities()
    {
        using var other = P256DeviceKey.Generate();
        var ours = Samples.Decode(new EnvelopeSigner(_key, Samples.Network).Sign(Samples.Content()));
        var theirs = Samples.Decode(new EnvelopeSigner(other, Samples.Network).Sign(Samples.Content()));
        Assert.Equal(ours.Payload.ToArray(), theirs.Payload.ToArray());
        Assert.NotEqual(ours.Identity(Samples.Network), theirs.Identity(Samples.Network));
    }

    /// <summary>The key id is in no signed header: only the signed external data keeps a thief from putting his own there.</summary>
    [Fact]
    public void Piece_under_another_key_id_has_another_identity_and_verifies_for_nobody()
    {
        using var thief = P256DeviceKey.Generate();
        var ours = Samples.Decode(new EnvelopeSigner(_key, Samples.Network).Sign(Samples.Content()));
        var stolen = Samples.Decode(EnvelopeCodec.Encode(EnvelopeAlgorithm.Es256, thief.Public.Id, ours.Payload.Span, ours.Signature.Span));
        Assert.NotEqual(ours.Identity(Samples.Network), stolen.Identity(Samples.Network));
        Assert.False(_verifier.Verify(stolen, thief.Public));
        Assert.False(_verifier.Verify(stolen, _key.Public));
    }

    /// <summary>RFC 9052, 4.4, written out: array of four, "Signature1", {1: -7}, 64 bytes of network id and device id, the payload.</summary>
    [Fact]
    public void Identity_is_the_hash_of_the_structure_with_network_and_device_as_external_data()
    {
        var envelope = Samples.Decode(new EnvelopeSigner(_key, Samples.Network).Sign(Samples.Content()));
        Assert.InRange(envelope.Payload.Length, 24, 255);
        byte[] structure =
        [
            0x84, 0x6A, .. "Signature1"u8, 0x43, 0xA1, 0x01, 0x26,
            0x58, 64, .. Samples.Network.ToArray(), .. _key.Public.Id.Value.ToArray(),
            0x58, (byte)envelope.Payload.Length, .. envelope.Payload.Span,
        ];
        Assert.Equal(new Bytes32(SHA256.HashData(structure)), envelope.Identity(Samples.Network));
    }

    [Fact]
    public void Changed_byte_anywhere_is_refused_or_does_not_verify()
    {
        var piece = new EnvelopeSigner(_key, Samples.Network).Sign(Samples.Content());
        for (var i = 0; i < piece.Length * 8; i++)
        {
            var changed = piece.ToArray();
            changed[i / 8] ^= (byte)(1 << i % 8);
            if (EnvelopeCodec.TryDecode(changed, out var envelope, out _)) Assert.False(_verifier.Verify(envelope, _key.Public), $"bit {i}");
        }
    }

    [Fact]
    public void Another_devices_key_does_not_verify()
    {
        using var other = P256DeviceKey.Generate();
        var envelope = Samples.Decode(new EnvelopeSigner(_key, Samples.Network).Sign(Samples.Content()));
        Assert.False(_verifier.Verify(envelope, other.Public));
        Assert.False(_verifier.Verify(envelope with { Device = other.Public.Id }, other.Public));
    }

    [Fact]
    public void Body_that_is_not_deterministic_is_not_signed()
    {
        var content = Samples.Content() with { PublicBody = new byte[] { 0x18, 0x05 } };
        Assert.Throws<ArgumentException>(() => new EnvelopeSigner(_key, Samples.Network).Sign(content));
    }

    [Fact]
    public void Piece_beyond_the_size_limit_is_not_signed()
    {
        var body = new byte[EnvelopeCodec.MaximumBytes];
        body[0] = 0x59;
        body[1] = (byte)((body.Length - 3) >> 8);
        body[2] = (byte)(body.Length - 3);
        Assert.Throws<ArgumentException>(() => new EnvelopeSigner(_key, Samples.Network).Sign(Samples.Content() with { PublicBody = body }));
    }

    [Fact]
    public void Network_id_is_keccak_of_chain_and_registry_words()
    {
        var words = new byte[64];
        (words[30], words[31]) = (0x7A, 0x69);
        Hex.Parse("0x5fbdb2315678afecb367f032d93f642f64180aa3").CopyTo(words, 44);
        Assert.Equal(Keccak256.Hash(words), Samples.Network);
    }
}
