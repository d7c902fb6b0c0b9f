using System.Buffers.Binary;
using System.Security.Cryptography;
using Turnpike.Core;
using Turnpike.Evidence;

namespace Turnpike.Agent.Spool;

/// <summary>
/// A spool's random name and how many times it was opened. Both are durable before a sequence of the run is used: a power cut may take frames that were sent already, and their
/// sequences must not name others.
/// </summary>
/// <param name="Id">Random; another when the spool was lost.</param>
/// <param name="Run">From 1.</param>
internal readonly record struct SpoolIdentity(Bytes32 Id, uint Run)
{
    private const string FileName = "identity";
    private const int Bytes = Bytes32.Length + sizeof(uint) + sizeof(uint);
    private const int RunShift = 40;
    private const uint MaxRun = 1 << 24;

    /// <summary>The sequence before the first of this run: runs have their own ranges of 2^40.</summary>
    public ulong Base => (ulong)Run << RunShift;

    /// <summary>Begins the next run in a folder.</summary>
    public static SpoolIdentity Next(string folder)
    {
        var path = Path.Combine(folder, FileName);
        var next = TryRead(path, out var last) && last.Run < MaxRun - 1 ? last with { Run = last.Run + 1 } : new SpoolIdentity(new Bytes32(RandomNumberGenerator.GetBytes(Bytes32.Length)), 1);
        var bytes = new byte[Bytes];
        next.Id.CopyTo(bytes);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(Bytes32.Length), next.Run);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(Bytes - sizeof(uint)), Crc32C.Compute(bytes.AsSpan(0, Bytes - sizeof(uint))));
        DurableFile.WriteAtomically(path, bytes);
        return next;
    }

    private static bool TryRead(string path, out SpoolIdentity identity)
    {
        identity = default;
        if (!File.Exists(path) || File.ReadAllBytes(path) is not { Length: Bytes } bytes) return false;
        if (BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(Bytes - sizeof(uint))) != Crc32C.Compute(bytes.AsSpan(0, Bytes - sizeof(uint)))) return false;
        identity = new SpoolIdentity(new Bytes32(bytes.AsSpan(0, Bytes32.Length)), BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(Bytes32.Length)));
        return true;
    }
}
