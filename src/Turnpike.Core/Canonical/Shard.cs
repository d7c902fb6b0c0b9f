using System.Security.Cryptography;

namespace Turnpike.Core.Canonical;

/// <summary>A named part of an outcome: whole lines of canonical JSON.</summary>
public sealed class Shard
{
    private const int MaxNameLength = 100;

    /// <summary>Names bytes; they are not copied and must not change.</summary>
    /// <exception cref="ArgumentException">The name is not safe as a file name: lowercase letters, digits, '-', '.', '_', beginning with a letter or digit.</exception>
    public Shard(string name, ReadOnlyMemory<byte> bytes)
    {
        RequireName(name);
        Name = name;
        Bytes = bytes;
        Hash = new Bytes32(SHA256.HashData(bytes.Span));
    }

    /// <summary>Its name, and its file's.</summary>
    public string Name { get; }

    /// <summary>Its content.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>SHA-256 of its content.</summary>
    public Bytes32 Hash { get; }

    internal static void RequireName(string name)
    {
        var ok = name.Length is > 0 and <= MaxNameLength && (char.IsAsciiLetterLower(name[0]) || char.IsAsciiDigit(name[0]));
        foreach (var c in name) ok &= char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.' or '_';
        if (!ok) throw new ArgumentException($"'{Hex.Shorten(name)}' is no shard name: lowercase letters, digits, '-', '.', '_', at most {MaxNameLength}.", nameof(name));
    }
}
