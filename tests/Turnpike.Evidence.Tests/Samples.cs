using System.Formats.Cbor;
using Turnpike.Core;

namespace Turnpike.Evidence.Tests;

/// <summary>Keys, bodies and pieces that tests share; deterministic where the seed says so.</summary>
internal static class Samples
{
    public static readonly Bytes32 Network = NetworkId.Of(31337, Address.Parse("0x5fbdb2315678afecb367f032d93f642f64180aa3"));

    public const long Now = 1_767_225_600_000;

    public static byte[] Body(int reading = 42)
    {
        var writer = new CborWriter(CborConformanceMode.Canonical);
        writer.WriteStartMap(2);
        writer.WriteInt32(1);
        writer.WriteInt32(reading);
        writer.WriteInt32(2);
        writer.WriteTextString("dBm");
        writer.WriteEndMap();
        return writer.Encode();
    }

    public static EnvelopeContent Content(ulong sequence = 7, long? at = null, ushort kind = 300) => new()
    {
        Kind = kind,
        Boot = 3,
        Sequence = sequence,
        UnixMilliseconds = at ?? Now,
        PublicBody = Body(),
        PrivateCommitment = PrivateCommitment.Of(new byte[PrivateCommitment.SaltBytes], "private"u8),
    };

    public static EvidenceEnvelope Decode(byte[] piece)
    {
        Assert.True(EnvelopeCodec.TryDecode(piece, out var envelope, out var code), code.ToString());
        return envelope;
    }

    /// <summary>A folder of its own, deleted with everything in it.</summary>
    public sealed class Folder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("turnpike-evidence-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
