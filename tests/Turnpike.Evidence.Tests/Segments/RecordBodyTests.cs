using FsCheck;
using FsCheck.Fluent;
using Turnpike.Core;

namespace Turnpike.Evidence.Tests.Segments;

public sealed class RecordBodyTests
{
    [Fact]
    public void Refusal_survives_and_nothing_else_decodes()
    {
        foreach (var code in Enum.GetValues<AdmissionCode>())
        {
            var refusal = new RefusalBody(code, Keccak256.Hash(BitConverter.GetBytes((int)code)));
            var decodes = RefusalBody.TryDecode(refusal.Encode(), out var decoded);
            Assert.Equal(code != AdmissionCode.Admitted, decodes);
            if (decodes) Assert.Equal(refusal, decoded);
        }
        Assert.False(RefusalBody.TryDecode(new byte[RefusalBody.Length], out _));
        Assert.False(RefusalBody.TryDecode(new byte[RefusalBody.Length + 1], out _));
    }

    [Fact]
    public void Counters_survive_in_one_form_only()
    {
        var codes = Enum.GetValues<AdmissionCode>();
        Check.QuickThrowOnFailure(Prop.ForAll(ArbMap.Default.ArbFor<ushort[]>(), counts =>
        {
            var given = (counts ?? []).Take(codes.Length).Select((count, i) => (Code: codes[i], Count: (ulong)count)).ToDictionary(pair => pair.Code, pair => pair.Count);
            var body = CountersBody.Encode(given);
            Assert.True(CountersBody.TryDecode(body, out var decoded));
            Assert.Equal(given.Where(pair => pair.Value > 0).OrderBy(pair => pair.Key), decoded);
            Assert.Equal(body, CountersBody.Encode(decoded));
        }));
    }

    [Theory]
    [InlineData("6500")]
    [InlineData("65000000000000000000")]
    [InlineData("00000100000000000000")]
    [InlineData("6600010000000000000065000100000000000000")]
    [InlineData("6500010000000000000065000100000000000000")]
    public void Malformed_counters_do_not_decode(string hex) => Assert.False(CountersBody.TryDecode(Convert.FromHexString(hex), out _));
}
