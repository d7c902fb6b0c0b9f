using System.Text;
using Turnpike.Core;

namespace Turnpike.Evm;

/// <summary>Messages that people sign in a wallet (EIP-191, version 0x45).</summary>
public static class PersonalMessage
{
    /// <summary>Keccak-256 of 0x19, "Ethereum Signed Message:\n", the length in bytes as decimal digits, and the message.</summary>
    public static Bytes32 Hash(ReadOnlySpan<byte> message)
    {
        var prefix = Encoding.ASCII.GetBytes($"\u0019Ethereum Signed Message:\n{message.Length}");
        return Keccak256.Hash([.. prefix, .. message]);
    }

    /// <summary>The hash of a text's UTF-8 bytes.</summary>
    public static Bytes32 Hash(string text) => Hash(Encoding.UTF8.GetBytes(text));
}
