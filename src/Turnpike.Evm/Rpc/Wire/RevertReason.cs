using System.Buffers.Binary;
using System.Text;
using Turnpike.Core;

namespace Turnpike.Evm.Rpc;

/// <summary>Names an error that a contract declares, e.g. "NotOwner(0x…)"; null for a selector it does not know. Must not throw on any bytes.</summary>
public delegate string? CustomErrorDecoder(ReadOnlySpan<byte> revertData);

/// <summary>Which form a revert has.</summary>
public enum RevertKind
{
    /// <summary>No data: <c>revert()</c>, a failed require without text, or an out-of-gas call.</summary>
    Empty,

    /// <summary>Error(string): <c>require(..., "text")</c>.</summary>
    Error,

    /// <summary>Panic(uint256): the compiler's own checks.</summary>
    Panic,

    /// <summary>An error that the contract declares and the decoder knows.</summary>
    Custom,

    /// <summary>Data of a form that nobody here knows.</summary>
    Unknown,
}

/// <summary>What a contract said when it reverted.</summary>
/// <param name="Kind">Which form.</param>
/// <param name="Text">For people.</param>
/// <param name="Data">The bytes as returned.</param>
public sealed record RevertReason(RevertKind Kind, string Text, ReadOnlyMemory<byte> Data)
{
    // Selectors of Error(string) and Panic(uint256), Solidity documentation, "Error handling".
    private const uint ErrorSelector = 0x08c379a0;
    private const uint PanicSelector = 0x4e487b71;
    private const int Word = 32;

    /// <summary>Reads revert data; never fails: what it cannot read it shows as hexadecimal.</summary>
    public static RevertReason Decode(ReadOnlyMemory<byte> data, CustomErrorDecoder? customErrors = null)
    {
        var bytes = data.Span;
        if (bytes.IsEmpty) return new RevertReason(RevertKind.Empty, "reverted without a reason", data);
        if (bytes.Length >= 4)
        {
            var selector = BinaryPrimitives.ReadUInt32BigEndian(bytes);
            if (selector == ErrorSelector && TryReadString(bytes[4..], out var text)) return new RevertReason(RevertKind.Error, text, data);
            if (selector == PanicSelector && TryReadSmall(bytes[4..], out var code)) return new RevertReason(RevertKind.Panic, $"panic 0x{code:x2}: {PanicName(code)}", data);
            if (customErrors?.Invoke(bytes) is { } name) return new RevertReason(RevertKind.Custom, name, data);
        }
        return new RevertReason(RevertKind.Unknown, "unknown error " + Hex.Format(bytes[..Math.Min(bytes.Length, 68)]), data);
    }

    /// <inheritdoc/>
    public override string ToString() => Text;

    private static bool TryReadString(ReadOnlySpan<byte> body, out string text)
    {
        text = "";
        if (!TryReadSmall(body, out var offset) || offset != Word || !TryReadSmall(body[Word..], out var length)) return false;
        if (length > body.Length - 2 * Word) return false;
        text = Printable(Encoding.UTF8.GetString(body.Slice(2 * Word, length)));
        return true;
    }

    private static bool TryReadSmall(ReadOnlySpan<byte> body, out int value)
    {
        value = 0;
        if (body.Length < Word || body[..28].ContainsAnyExcept((byte)0)) return false;
        value = BinaryPrimitives.ReadInt32BigEndian(body[28..]);
        return value >= 0;
    }

    // The text goes to logs and terminals; a contract must not be able to write escape sequences there.
    internal static string Printable(string text) => string.Create(text.Length, text, static (target, source) =>
    {
        for (var i = 0; i < source.Length; i++) target[i] = char.IsControl(source[i]) ? '\uFFFD' : source[i];
    });

    private static string PanicName(int code) => code switch
    {
        0x01 => "assertion failed",
        0x11 => "arithmetic overflow or underflow",
        0x12 => "division or modulo by zero",
        0x21 => "conversion to an enum value that does not exist",
        0x22 => "storage byte array wrongly encoded",
        0x31 => "pop on an empty array",
        0x32 => "array index out of bounds",
        0x41 => "too much memory allocated",
        0x51 => "call of an uninitialised function variable",
        _ => "unnamed",
    };
}
