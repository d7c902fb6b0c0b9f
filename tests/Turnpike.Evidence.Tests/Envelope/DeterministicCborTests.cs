using System.Formats.Cbor;
using FsCheck;
using FsCheck.Fluent;

namespace Turnpike.Evidence.Tests.Envelope;

public sealed class DeterministicCborTests
{
    /// <summary>Encodings from RFC 8949, appendix A, with what the core deterministic rules say of each.</summary>
    [Theory]
    [InlineData("00", CborForm.Deterministic)]
    [InlineData("1817", CborForm.NotDeterministic)]
    [InlineData("1818", CborForm.Deterministic)]
    [InlineData("190064", CborForm.NotDeterministic)]
    [InlineData("1bffffffffffffffff", CborForm.Deterministic)]
    [InlineData("1b00000000ffffffff", CborForm.NotDeterministic)]
    [InlineData("c249010000000000000000", CborForm.Deterministic)]
    [InlineData("3bffffffffffffffff", CborForm.Deterministic)]
    [InlineData("f90000", CborForm.Deterministic)]
    [InlineData("f93c00", CborForm.Deterministic)]
    [InlineData("fb3ff199999999999a", CborForm.Deterministic)]
    [InlineData("fb3ff8000000000000", CborForm.NotDeterministic)]
    [InlineData("fa47c35000", CborForm.Deterministic)]
    [InlineData("fa3f800000", CborForm.NotDeterministic)]
    [InlineData("f97e00", CborForm.Deterministic)]
    [InlineData("f97e01", CborForm.NotDeterministic)]
    [InlineData("fa7fc00000", CborForm.NotDeterministic)]
    [InlineData("fb7ff8000000000000", CborForm.NotDeterministic)]
    [InlineData("fa7f800000", CborForm.NotDeterministic)]
    [InlineData("f4", CborForm.Deterministic)]
    [InlineData("f6", CborForm.Deterministic)]
    [InlineData("f8ff", CborForm.Deterministic)]
    [InlineData("f818", CborForm.Malformed)]
    [InlineData("c11a514b67b0", CborForm.Deterministic)]
    [InlineData("62c3bc", CborForm.Deterministic)]
    [InlineData("62c328", CborForm.Malformed)]
    [InlineData("83010203", CborForm.Deterministic)]
    [InlineData("830102", CborForm.Malformed)]
    [InlineData("a201020304", CborForm.Deterministic)]
    [InlineData("a203040102", CborForm.NotDeterministic)]
    [InlineData("a201020103", CborForm.NotDeterministic)]
    [InlineData("a26161016142820203", CborForm.NotDeterministic)]
    [InlineData("5f42010243030405ff", CborForm.NotDeterministic)]
    [InlineData("9fff", CborForm.NotDeterministic)]
    [InlineData("bfff", CborForm.NotDeterministic)]
    [InlineData("ff", CborForm.Malformed)]
    [InlineData("1c", CborForm.Malformed)]
    [InlineData("1f", CborForm.Malformed)]
    [InlineData("df", CborForm.Malformed)]
    [InlineData("0000", CborForm.Malformed)]
    [InlineData("c0", CborForm.Malformed)]
    public void Encoding_gets_its_form(string hex, object expected) => Assert.Equal(expected, DeterministicCbor.Check(Convert.FromHexString(hex)));

    /// <summary>RFC 8949, 4.2.1, orders the keys 10, 100, -1, "z", "aa", [100], [-1], false bytewise; the older rule put shorter ones first.</summary>
    [Fact]
    public void Keys_are_ordered_bytewise_and_not_by_length()
    {
        Assert.Equal(CborForm.Deterministic, DeterministicCbor.Check(Convert.FromHexString("a80a0018640020" + "00617a0062616100811864008120" + "00f400")));
        Assert.Equal(CborForm.NotDeterministic, DeterministicCbor.Check(Convert.FromHexString("a30a00200018" + "6400")));
    }

    [Fact]
    public void Whatever_is_accepted_is_well_formed_to_the_frameworks_reader()
    {
        var accepted = 0;
        var bytes = Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf().Resize(12);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(20_000), Prop.ForAll(bytes.ToArbitrary(), data =>
        {
            if (DeterministicCbor.Check(data) != CborForm.Deterministic) return;
            accepted++;
            var reader = new CborReader(data, CborConformanceMode.Strict);
            reader.SkipValue();
            Assert.Equal(0, reader.BytesRemaining);
        }));
        Assert.True(accepted > 100, $"only {accepted} of the random inputs were well formed");
    }

    [Fact]
    public void Whatever_the_frameworks_canonical_writer_emits_is_accepted()
    {
        var values = ArbMap.Default.GeneratorFor<(long Number, string Text, byte[] Bytes, double Fraction)>();
        Check.QuickThrowOnFailure(Prop.ForAll(values.ToArbitrary(), value =>
        {
            var writer = new CborWriter(CborConformanceMode.Canonical);
            writer.WriteStartArray(5);
            writer.WriteInt64(value.Number);
            writer.WriteTextString(value.Text is { } text && IsScalarText(text) ? text : "");
            writer.WriteByteString(value.Bytes ?? []);
            writer.WriteDouble(value.Fraction);
            writer.WriteBoolean(true);
            writer.WriteEndArray();
            Assert.Equal(CborForm.Deterministic, DeterministicCbor.Check(writer.Encode()));
        }));
    }

    [Fact]
    public void Sixteen_levels_are_taken_and_seventeen_are_not()
    {
        byte[] Nested(int levels) => [.. Enumerable.Repeat((byte)0x81, levels), 0x00];
        Assert.Equal(CborForm.Deterministic, DeterministicCbor.Check(Nested(DeterministicCbor.MaximumDepth)));
        Assert.Equal(CborForm.Malformed, DeterministicCbor.Check(Nested(DeterministicCbor.MaximumDepth + 1)));
        Assert.Equal(CborForm.Malformed, DeterministicCbor.Check(Nested(1_000_000)));
    }

    private static bool IsScalarText(string text) => !text.Any(char.IsSurrogate);
}
