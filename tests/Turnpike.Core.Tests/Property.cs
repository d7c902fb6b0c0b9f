using FsCheck;
using FsCheck.Fluent;

namespace Turnpike.Core.Tests;

/// <summary>One line a property: the generator, then what must hold for everything it makes.</summary>
internal static class Property
{
    public static void Holds<T>(Gen<T> values, Action<T> law, int cases = 1000) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(cases).WithQuietOnSuccess(true), Prop.ForAll(values.ToArbitrary(), law));
}

/// <summary>Generators whose values are spread over magnitudes, not only over the top of a range, and meet the edges often.</summary>
internal static class Any
{
    public static Gen<byte> Byte { get; } = Gen.Choose(0, 255).Select(i => (byte)i);

    /// <summary>Every bit length from 0 to 128 is equally likely; powers of two and their neighbours are frequent.</summary>
    public static Gen<UInt128> UInt128 { get; } = Bits(128);

    public static Gen<UInt128> Bits(int most) => Gen.Frequency(
        (6, from bits in Gen.Choose(0, most)
            from bytes in Byte.ArrayOf(16)
            select bits == 0 ? System.UInt128.Zero : (new UInt128(BitConverter.ToUInt64(bytes, 0), BitConverter.ToUInt64(bytes, 8)) >> (128 - bits)) | (System.UInt128.One << (bits - 1))),
        (1, from bits in Gen.Choose(0, most - 1)
            from step in Gen.Choose(0, 1)
            select (System.UInt128.One << bits) - (UInt128)step),
        (1, Gen.Choose(0, 3).Select(i => (System.UInt128.MaxValue >> (128 - most)) - (UInt128)i)));

    public static Gen<Bytes32> Bytes32 { get; } = Byte.ArrayOf(32).Select(bytes => new Bytes32(bytes));

    public static Gen<Address> Address { get; } = Byte.ArrayOf(20).Select(bytes => new Address(bytes));
}
