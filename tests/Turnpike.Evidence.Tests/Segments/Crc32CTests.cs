using FsCheck;
using FsCheck.Fluent;

namespace Turnpike.Evidence.Tests.Segments;

public sealed class Crc32CTests
{
    /// <summary>Published check values: RFC 3720, appendix B.4, and the catalogue's "123456789".</summary>
    [Theory]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000", 0x8A9136AA)]
    [InlineData("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF", 0x62A8AB43)]
    [InlineData("000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F", 0x46DD794E)]
    [InlineData("313233343536373839", 0xE3069283)]
    [InlineData("", 0)]
    public void Checksum_is_the_published_one(string hex, uint expected) => Assert.Equal(expected, Crc32C.Compute(Convert.FromHexString(hex)));

    [Fact]
    public void Hardware_and_scalar_agree_on_any_bytes_in_any_pieces()
    {
        Check.QuickThrowOnFailure(Prop.ForAll(ArbMap.Default.ArbFor<(byte[] Data, byte Cut)>(), input =>
        {
            var data = input.Data ?? [];
            var cut = data.Length == 0 ? 0 : input.Cut % data.Length;
            var whole = Crc32C.AppendScalar(Crc32C.Start, data);
            return whole == Crc32C.Append(Crc32C.Start, data) && whole == Crc32C.Append(Crc32C.Append(Crc32C.Start, data.AsSpan(0, cut)), data.AsSpan(cut));
        }));
    }
}
