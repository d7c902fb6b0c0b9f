using System.Security.Cryptography;

namespace Turnpike.Networks.Wireless.Protocol.LoRaWan;

/// <summary>AES-CMAC (RFC 4493), of which LoRaWAN takes the first four bytes. Over two parts, so that a block can stand before the message without a copy of it.</summary>
internal static class AesCmac
{
    private const int Block = AesKey.Length;

    public static void Compute(AesKey key, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, Span<byte> mac)
    {
        using var aes = key.Open();
        Span<byte> state = stackalloc byte[Block];
        Span<byte> block = stackalloc byte[Block];
        Span<byte> subkey = stackalloc byte[Block];
        state.Clear();
        var total = first.Length + second.Length;
        var blocks = Math.Max(1, (total + Block - 1) / Block);
        for (var i = 0; i < blocks - 1; i++)
        {
            Read(first, second, i * Block, block);
            Xor(state, block);
            aes.EncryptEcb(state, state, PaddingMode.None);
        }
        var left = total - (blocks - 1) * Block;
        block.Clear();
        Read(first, second, (blocks - 1) * Block, block[..left]);
        if (left < Block) block[left] = 0x80;
        Subkey(aes, doubled: left < Block, subkey);
        Xor(state, block);
        Xor(state, subkey);
        aes.EncryptEcb(state, mac, PaddingMode.None);
    }

    private static void Read(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, int offset, Span<byte> to)
    {
        for (var i = 0; i < to.Length; i++) to[i] = offset + i < first.Length ? first[offset + i] : second[offset + i - first.Length];
    }

    private static void Subkey(Aes aes, bool doubled, Span<byte> subkey)
    {
        subkey.Clear();
        aes.EncryptEcb(subkey, subkey, PaddingMode.None);
        Double(subkey);
        if (doubled) Double(subkey);
    }

    // Multiplication by x in GF(2^128), RFC 4493 section 2.3.
    private static void Double(Span<byte> value)
    {
        var carry = value[0] >> 7;
        for (var i = 0; i < Block - 1; i++) value[i] = (byte)(value[i] << 1 | value[i + 1] >> 7);
        value[Block - 1] = (byte)(value[Block - 1] << 1 ^ carry * 0x87);
    }

    private static void Xor(Span<byte> state, ReadOnlySpan<byte> block)
    {
        for (var i = 0; i < Block; i++) state[i] ^= block[i];
    }
}
