using System.Buffers.Binary;
using Turnpike.Networks.Wireless.Protocol.LoRaWan;

namespace Turnpike.Networks.Wireless.Protocol.Gwmp;

/// <summary>Third byte of a Semtech UDP packet.</summary>
public enum GwmpType : byte
{
    /// <summary>Frames and statistics from the gateway.</summary>
    PushData = 0,

    /// <summary>Their acknowledgement.</summary>
    PushAck = 1,

    /// <summary>The gateway is here and can be sent to.</summary>
    PullData = 2,

    /// <summary>A frame to send.</summary>
    PullResp = 3,

    /// <summary>Acknowledgement of <see cref="PullData"/>.</summary>
    PullAck = 4,

    /// <summary>What became of a frame to send; version 2 only.</summary>
    TxAck = 5,
}

/// <summary>Why bytes are no Semtech UDP packet that a server takes.</summary>
public enum GwmpProblem
{
    /// <summary>They are one.</summary>
    None = 0,

    /// <summary>Fewer than the header's bytes.</summary>
    TooShort = 1,

    /// <summary>More than <see cref="GwmpPacket.MaxBytes"/>.</summary>
    TooLong = 2,

    /// <summary>Neither version 1 nor 2.</summary>
    UnknownVersion = 3,

    /// <summary>A type that a gateway does not send.</summary>
    UnknownType = 4,

    /// <summary>The JSON part is not what the type prescribes.</summary>
    BadJson = 5,
}

/// <summary>
/// A packet of the Semtech UDP protocol (GWMP), versions 1 and 2, as packet forwarders send it: version, token, type, gateway EUI, then JSON.
/// It has no authentication at all; only an agent on the same machine should hear it.
/// </summary>
/// <param name="Version">1 or 2.</param>
/// <param name="Token">Repeated in the acknowledgement.</param>
/// <param name="Type">What it is.</param>
/// <param name="Gateway">Who says to be sending.</param>
/// <param name="Json">The rest.</param>
public sealed record GwmpPacket(byte Version, ushort Token, GwmpType Type, Eui64 Gateway, ReadOnlyMemory<byte> Json)
{
    /// <summary>Most bytes of a packet that are read.</summary>
    public const int MaxBytes = 16 * 1024;

    private const int HeaderBytes = 4;
    private const int WithGateway = HeaderBytes + Eui64.Length;

    /// <summary>Reads what a gateway sends; never throws on input.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> bytes, out GwmpPacket packet, out GwmpProblem problem)
    {
        packet = null!;
        var span = bytes.Span;
        problem = span.Length < WithGateway ? GwmpProblem.TooShort
            : span.Length > MaxBytes ? GwmpProblem.TooLong
            : span[0] is not (1 or 2) ? GwmpProblem.UnknownVersion
            : (GwmpType)span[3] is GwmpType.PushData or GwmpType.PullData or GwmpType.TxAck ? GwmpProblem.None
            : GwmpProblem.UnknownType;
        if (problem != GwmpProblem.None) return false;
        packet = new GwmpPacket(span[0], BinaryPrimitives.ReadUInt16LittleEndian(span[1..]), (GwmpType)span[3], new Eui64(BinaryPrimitives.ReadUInt64BigEndian(span[HeaderBytes..])), bytes[WithGateway..]);
        return true;
    }

    /// <summary>Writes what a gateway sends: the reverse of <see cref="TryRead"/>, for virtual forwarders.</summary>
    public byte[] Write()
    {
        var bytes = new byte[WithGateway + Json.Length];
        bytes[0] = Version;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(1), Token);
        bytes[3] = (byte)Type;
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(HeaderBytes), Gateway.Value);
        Json.Span.CopyTo(bytes.AsSpan(WithGateway));
        return bytes;
    }

    /// <summary>The acknowledgement of PUSH_DATA or PULL_DATA: four bytes.</summary>
    public byte[] Acknowledge() => Header(Version, Token, Type == GwmpType.PushData ? GwmpType.PushAck : GwmpType.PullAck);

    /// <summary>A frame to send.</summary>
    /// <param name="version">The version that the gateway speaks; 1 has no token here.</param>
    /// <param name="token">Comes back in TX_ACK.</param>
    /// <param name="json">{"txpk": ...}.</param>
    public static byte[] WritePullResp(byte version, ushort token, ReadOnlySpan<byte> json) => [.. Header(version, version == 1 ? (ushort)0 : token, GwmpType.PullResp), .. json];

    private static byte[] Header(byte version, ushort token, GwmpType type) => [version, (byte)token, (byte)(token >> 8), (byte)type];
}
