using System.Numerics;
using Turnpike.Core;

namespace Turnpike.Evm;

/// <summary>Addresses in the form of a bank account number: XE, two check digits (ISO 7064, mod 97-10), the address in base 36.</summary>
public static class IcapAddress
{
    private const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private const int MinimumLength = 30;

    /// <summary>The ICAP form of an address: 34 or 35 characters.</summary>
    public static string Format(Address address)
    {
        var text = "";
        for (var rest = new BigInteger(address.ToArray(), isUnsigned: true, isBigEndian: true); !rest.IsZero; rest /= Digits.Length)
            text = Digits[(int)(rest % Digits.Length)] + text;
        text = text.PadLeft(MinimumLength, '0');
        return $"XE{98 - Modulo97(text + "XE00"):D2}{text}";
    }

    /// <summary>Each letter counts as two decimal digits, A = 10 to Z = 35.</summary>
    private static int Modulo97(string text)
    {
        var remainder = 0;
        foreach (var letter in text)
        {
            var value = Digits.IndexOf(letter, StringComparison.Ordinal);
            remainder = (remainder * (value < 10 ? 10 : 100) + value) % 97;
        }
        return remainder;
    }
}
