using System.Security.Cryptography;
using Turnpike.Core;

namespace Turnpike.Evidence.Tests.Envelope;

/// <summary>Facts from the COSE working group's Sign1 examples (sign1-tests): the structure to be signed, the P-256 key "11" and its signatures.</summary>
public sealed class CoseVectorTests
{
    private const string PrivateKey = "57C92077664146E876760C9520D054AA93C3AFB04E306705DB6090308507B4D3";
    private const string PublicX = "BAC5B11CAD8F99F9C72B05CF4B9E26D244DC189F745228255A219A86D6A09EFF";
    private const string PublicY = "20138BF82DC1B6D562BE0FA54AB7804A3A64B6D72CCFED6B6FB6ED28BBFC117E";
    private const string Content = "This is the content.";

    [Theory]
    [InlineData("A10126", "", "846A5369676E61747572653143A101264054546869732069732074686520636F6E74656E742E")]
    [InlineData("A10126", "11AA22BB33CC44DD55006699", "846A5369676E61747572653143A101264C11AA22BB33CC44DD5500669954546869732069732074686520636F6E74656E742E")]
    [InlineData("", "", "846A5369676E617475726531404054546869732069732074686520636F6E74656E742E")]
    public void Sig_structure_is_the_working_groups(string header, string externalAad, string expected)
    {
        var (protectedHeader, aad, payload) = (Convert.FromHexString(header), Convert.FromHexString(externalAad), System.Text.Encoding.ASCII.GetBytes(Content));
        var written = new byte[SigStructure.Length(protectedHeader, aad, payload)];
        SigStructure.Write(written, protectedHeader, aad, payload);
        Assert.Equal(expected, Convert.ToHexString(written));
        Assert.Equal(new Bytes32(SHA256.HashData(written)), SigStructure.Hash(protectedHeader, aad, payload));
    }

    [Theory]
    [InlineData("A10126", "11AA22BB33CC44DD55006699", Content, "EAE868ECC176883766C5DC5BA5B8DCA25DAB3C2E56A551CE5705B793914348E155388B10C4F1B59A6733EAB416870A945111A4B2FBDBEF33A77234B1DEFF2F9B", true)]
    [InlineData("", "", Content, "EAE868ECC176883766C5DC5BA5B8DCA25DAB3C2E56A551CE5705B793914348E11A02E5F0344BF2D4EE5C7FD75A68A9F5E0B3CC1F1FC1409C189566586FF9D610", true)]
    [InlineData("A10126", "", "This is the content/", "EAE868ECC176883766C5DC5BA5B8DCA25DAB3C2E56A551CE5705B793914348E19F43D6C6BA654472DA301B645B293C9BA939295B97C4BDB847782BFF384C5794", false)]
    public void Signature_of_the_working_group_gets_its_verdict(string header, string externalAad, string payload, string signature, bool valid)
    {
        var digest = SigStructure.Hash(Convert.FromHexString(header), Convert.FromHexString(externalAad), System.Text.Encoding.ASCII.GetBytes(payload)).ToArray();
        var key = DeviceKey.Create(EnvelopeAlgorithm.Es256, Bytes32.Parse("0x" + PublicX), Bytes32.Parse("0x" + PublicY));
        var cache = new VerifyingKeyCache(16);
        var bytes = Convert.FromHexString(signature);
        Assert.Equal(valid, cache.Verify(key, digest, bytes));
        // The other half of the order verifies just as well, which is why an envelope's must be low.
        EcdsaSignature.Normalise(bytes, EnvelopeAlgorithm.Es256);
        Assert.Equal(AdmissionCode.Admitted, EcdsaSignature.Check(bytes, EnvelopeAlgorithm.Es256));
        Assert.Equal(valid, cache.Verify(key, digest, bytes));
    }

    [Fact]
    public void Key_of_the_working_group_yields_its_public_point()
    {
        using var key = P256DeviceKey.FromPrivateKey(Convert.FromHexString(PrivateKey));
        Assert.Equal("0x" + PublicX.ToLowerInvariant(), key.Public.X.ToString());
        Assert.Equal("0x" + PublicY.ToLowerInvariant(), key.Public.Y.ToString());
    }
}
