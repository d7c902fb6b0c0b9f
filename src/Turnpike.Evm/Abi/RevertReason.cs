using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using Turnpike.Core;

namespace Turnpike.Evm.Abi;

/// <summary>How a contract said why it reverted.</summary>
public enum RevertKind
{
    /// <summary>No data: a bare revert, out of gas or an invalid opcode.</summary>
    Empty,

    /// <summary>Error(string): require or revert with a text.</summary>
    Message,

    /// <summary>Panic(uint256): the compiler's own checks.</summary>
    Panic,

    /// <summary>One of the given custom errors.</summary>
    Custom,

    /// <summary>None of these.</summary>
    Unknown,
}

/// <summary>Revert data, explained.</summary>
/// <param name="Kind">How it was said.</param>
/// <param name="Text">For people. A contract chooses it: treat as untrusted.</param>
/// <param name="Error">The custom error, when one matched.</param>
/// <param name="Arguments">The error's values, in order.</param>
/// <param name="Data">The bytes themselves.</param>
public sealed record RevertReason(RevertKind Kind, string Text, AbiError? Error, IReadOnlyList<object> Arguments, ReadOnlyMemory<byte> Data)
{
    private const int MaxShownBytes = 64;
    private static readonly AbiError Message = AbiError.Parse("Error(string message)");
    private static readonly AbiError Panic = AbiError.Parse("Panic(uint256 code)");

    /// <summary>Explains revert data with the built-in errors and <paramref name="known"/>; never throws for any data.</summary>
    public static RevertReason Decode(ReadOnlyMemory<byte> data, IEnumerable<AbiError>? known = null)
    {
        if (data.IsEmpty) return new(RevertKind.Empty, "The contract gave no reason.", null, [], data);
        if (TryDecode(Message, data.Span) is { } message) return new(RevertKind.Message, (string)message[0], Message, message, data);
        if (TryDecode(Panic, data.Span) is { } panic) return new(RevertKind.Panic, PanicText((BigInteger)panic[0]), Panic, panic, data);
        foreach (var error in known ?? [])
            if (TryDecode(error, data.Span) is { } values) return new(RevertKind.Custom, Show(error, values), error, values, data);
        return new(RevertKind.Unknown, "Unknown error " + ShowBytes(data.Span), null, [], data);
    }

    private static object[]? TryDecode(AbiError error, ReadOnlySpan<byte> data)
    {
        if (data.Length < 4 || BinaryPrimitives.ReadUInt32BigEndian(data) != error.Selector) return null;
        try
        {
            return error.Decode(data);
        }
        catch (AbiException)
        {
            // Contracts can revert with any bytes, even a known selector and nonsense; the caller then sees them as unknown.
            return null;
        }
    }

    // Codes: Solidity documentation, "Panic via assert and Error via require".
    private static string PanicText(BigInteger code) => code > 0xff ? $"Panic {code}: unknown code" : $"Panic 0x{(int)code:x2}: " + (int)code switch
    {
        0x00 => "generic compiler panic",
        0x01 => "assertion failed",
        0x11 => "arithmetic overflow or underflow",
        0x12 => "division by zero",
        0x21 => "conversion to an enum out of range",
        0x22 => "badly encoded storage byte array",
        0x31 => "pop of an empty array",
        0x32 => "array index out of bounds",
        0x41 => "too much memory",
        0x51 => "call of an uninitialised internal function",
        _ => "unknown code",
    };

    private static string Show(AbiError error, object[] values) =>
        error.Name + "(" + string.Join(", ", error.Inputs.Select((p, i) => (p.Name.Length > 0 ? p.Name + ": " : "") + Show(values[i]))) + ")";

    private static string Show(object value) => value switch
    {
        byte[] bytes => ShowBytes(bytes),
        object[] list => "[" + string.Join(", ", list.Take(8).Select(Show)) + (list.Length > 8 ? ", ..." : "") + "]",
        bool flag => flag ? "true" : "false",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    private static string ShowBytes(ReadOnlySpan<byte> bytes) =>
        bytes.Length <= MaxShownBytes ? Hex.Format(bytes) : string.Create(CultureInfo.InvariantCulture, $"{Hex.Format(bytes[..MaxShownBytes])}... ({bytes.Length} bytes)");
}
