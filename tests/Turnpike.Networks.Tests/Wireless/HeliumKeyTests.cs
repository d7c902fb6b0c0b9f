using System.Numerics;
using System.Security.Cryptography;
using FsCheck.Fluent;
using Turnpike.Networks.Wireless.Protocol;
using Any = Turnpike.Core.Tests.Any;
using Property = Turnpike.Core.Tests.Property;

namespace Turnpike.Networks.Tests.Wireless;

/// <summary>Ids of real hotspots, as the public field-tester trace names them; their bytes were computed independently.</summary>
public sealed class HeliumKeyTests
{
    private const string Alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    private const string P256 = "112wXCcSmzXxzKv1etycBqSE3TMXeihRaEKW1q9oRQX5dKNMv8kz";
    private const string Ed25519 = "14SNVmQEZHLi2nf7c9rnq8U8SrBGNcJkyLP4Rem4kKRcnEXTNUT";

    [Theory]
    [InlineData(P256, HeliumKeyType.P256, "00ff7df39abf0eed554b81dcf3cd73b3e4c340be75a8a9f086b25f1b3417bb11c3")]
    [InlineData(Ed25519, HeliumKeyType.Ed25519, "01c4b20491b880a01df924b7c514ac8740171edba5cbfdd5cb84ffdc84bcdac218")]
    [InlineData("111KEcyjmMxhvUK85fP3dTCNLvfzNqmjVaTVMejhQQyEdSHVbU2", HeliumKeyType.P256, "0000b6c0235804294d7feb26118f630eb0291711db845252c05510c9068d4fc886")]
    [InlineData("11YYVPbfe1mzAiy1wtdL1WzthFZGAAd48Q5PrVJEu67twsfpFw", HeliumKeyType.P256, "00013c1ffded6c755e947e7526034b2a41cc9b9bc513225dc0de1ba6c3f0c0256c")]
    public void Id_of_a_real_hotspot_is_read(string text, HeliumKeyType type, string key)
    {
        Assert.True(HeliumKey.TryParse(text, out var read, out var readType));
        Assert.Equal((key, type), (Convert.ToHexStringLower(read), readType));
        Assert.Equal(text, HeliumKey.Format(read));
    }

    [Fact]
    public void Id_with_any_character_changed_is_refused()
    {
        foreach (var text in new[] { P256, Ed25519 })
            for (var i = 0; i < text.Length; i++)
                foreach (var other in Alphabet.Where(other => other != text[i]))
                    Assert.False(HeliumKey.TryParse(text[..i] + other + text[(i + 1)..], out _, out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("1" + P256)]
    [InlineData(P256 + " ")]
    [InlineData("0" + P256)]
    [InlineData("11111111111111111111111111111111111111")]
    [InlineData("11111111111111111111111111111111111111111111111111111111111111111111")]
    [InlineData("112wXCcSmzXxzKv1etycBqSE3TMXeihRaEKW1q9oRQX5dKNMv8k\u00fc")]
    public void Text_of_another_form_is_refused(string text)
    {
        Assert.False(HeliumKey.TryParse(text, out var key, out _));
        Assert.Empty(key);
    }

    [Fact]
    public void Other_version_key_type_or_length_with_a_right_checksum_is_refused()
    {
        var key = new byte[HeliumKey.Length];
        Assert.True(HeliumKey.TryParse(Write(0, key), out _, out _));
        Assert.False(HeliumKey.TryParse(Write(1, key), out _, out _));
        Assert.False(HeliumKey.TryParse(Write(0, key[1..]), out _, out _));
        Assert.False(HeliumKey.TryParse(Write(0, [.. key, 0]), out _, out _));
        for (byte type = 2; type < 16; type++)
        {
            key[0] = type;
            Assert.False(HeliumKey.TryParse(Write(0, key), out _, out _));
        }
    }

    [Fact]
    public void Any_key_written_is_read_and_no_other_text_gives_it() => Property.Holds(
        from bytes in Any.Byte.ArrayOf(HeliumKey.Length)
        from type in Gen.Choose(0, 1)
        from network in Gen.Choose(0, 1)
        select (byte[])[(byte)(network << 4 | type), .. bytes[1..]],
        key =>
        {
            Assert.True(HeliumKey.TryParse(Write(0, key), out var read, out _));
            Assert.Equal(key, read);
            Assert.Equal(Write(0, key), HeliumKey.Format(key));
        });

    [Fact]
    public void Random_text_is_refused_without_an_exception() => Property.Holds(
        Gen.Choose(0, char.MaxValue).Select(c => (char)c).ArrayOf().Select(text => new string(text)),
        text => Assert.False(HeliumKey.TryParse(text, out _, out _)));

    private static string Write(byte version, byte[] key)
    {
        byte[] body = [version, .. key];
        byte[] all = [.. body, .. SHA256.HashData(SHA256.HashData(body))[..4]];
        var number = new BigInteger(all, isUnsigned: true, isBigEndian: true);
        var digits = new Stack<char>();
        for (; !number.IsZero; number /= 58) digits.Push(Alphabet[(int)(number % 58)]);
        return new string('1', all.TakeWhile(b => b == 0).Count()) + string.Concat(digits);
    }
}
