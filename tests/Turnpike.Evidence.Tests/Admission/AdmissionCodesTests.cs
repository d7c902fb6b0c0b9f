using Turnpike.Core;

namespace Turnpike.Evidence.Tests.Admission;

public sealed class AdmissionCodesTests
{
    [Fact]
    public void Every_code_is_declared_once_with_name_and_description()
    {
        Assert.Equal(Enum.GetValues<AdmissionCode>().Select(code => (ushort)code).Order(), AdmissionCodes.Module.Codes.Select(code => code.Number));
        Assert.All(Enum.GetValues<AdmissionCode>(), code => Assert.Equal((ushort)code, AdmissionCodes.Describe(code).Number));
    }

    [Fact]
    public void Codes_load_beside_the_generic_verdicts() =>
        Assert.True(new VerdictRegistry(AdmissionCodes.Module).TryGet((ushort)AdmissionCode.HighS, out var code) && code.Name == "high-s");

    [Fact]
    public void Numbers_outside_are_not_known()
    {
        Assert.All(new ushort[] { 0, 99, 123, 199, 200, ushort.MaxValue }, number => Assert.False(AdmissionCodes.IsKnown(number)));
        Assert.Throws<ArgumentOutOfRangeException>(() => AdmissionCodes.Describe((AdmissionCode)123));
    }

    /// <summary>Stored numbers must never change their meaning.</summary>
    [Theory]
    [InlineData(100, "admitted")]
    [InlineData(101, "too-large")]
    [InlineData(102, "malformed-cbor")]
    [InlineData(103, "not-deterministic-cbor")]
    [InlineData(104, "not-cose-sign1")]
    [InlineData(105, "unsupported-alg")]
    [InlineData(106, "bad-header")]
    [InlineData(107, "bad-payload")]
    [InlineData(108, "bad-signature-encoding")]
    [InlineData(109, "high-s")]
    [InlineData(110, "kind-not-taken")]
    [InlineData(111, "from-future")]
    [InlineData(112, "too-old")]
    [InlineData(113, "device-not-registered")]
    [InlineData(114, "device-suspended")]
    [InlineData(115, "wrong-alg")]
    [InlineData(116, "bad-signature")]
    [InlineData(117, "already-stored")]
    [InlineData(118, "rate-limited")]
    [InlineData(119, "quota-exceeded")]
    [InlineData(120, "log-unavailable")]
    public void Number_keeps_its_name(ushort number, string name) => Assert.Equal(name, AdmissionCodes.Describe((AdmissionCode)number).Name);
}
