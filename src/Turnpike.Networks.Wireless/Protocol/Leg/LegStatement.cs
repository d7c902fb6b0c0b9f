using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Turnpike.Core;

namespace Turnpike.Networks.Wireless.Protocol.Leg;

/// <summary>
/// What a device signs to be let onto the leg: SHA-256 of "turnpike private leg 1", a zero byte, network id, device id, the node's nonce, and the URL that was dialled with
/// its length. No evidence begins with these bytes (evidence is CBOR) and no typed data is hashed by SHA-256, so the signature serves for nothing else. With the URL in it, a node to which
/// somebody passes the challenge of another cannot pose as the device there.
/// </summary>
public static class LegStatement
{
    /// <summary>The path of the endpoint.</summary>
    public const string Path = "v1/leg";

    /// <summary>The WebSocket subprotocol; it names the version.</summary>
    public const string Protocol = "turnpike.leg.1";

    /// <summary>Most characters of a URL.</summary>
    public const int MaxUrlLength = 255;

    private static readonly byte[] Domain = "turnpike private leg 1\0"u8.ToArray();

    /// <summary>The digest that is signed.</summary>
    /// <param name="network">Chain and registry.</param>
    /// <param name="device">Who signs.</param>
    /// <param name="nonce">The node's.</param>
    /// <param name="url">From <see cref="UrlOf"/>; ASCII.</param>
    public static Bytes32 Digest(Bytes32 network, DeviceId device, Bytes32 nonce, string url)
    {
        var text = Encoding.ASCII.GetBytes(url);
        var bytes = new byte[Domain.Length + 3 * Bytes32.Length + 2 + text.Length];
        var rest = bytes.AsSpan();
        Domain.CopyTo(rest);
        rest = rest[Domain.Length..];
        foreach (var part in (ReadOnlySpan<Bytes32>)[network, device.Value, nonce])
        {
            part.CopyTo(rest);
            rest = rest[Bytes32.Length..];
        }
        BinaryPrimitives.WriteUInt16BigEndian(rest, (ushort)text.Length);
        text.CopyTo(rest[2..]);
        return new Bytes32(SHA256.HashData(bytes));
    }

    /// <summary>A node's URL as it is signed and compared: http or https, host in lower case, port; without path.</summary>
    public static string UrlOf(Uri node)
    {
        var isSecure = node.Scheme == Uri.UriSchemeHttps || node.Scheme == Uri.UriSchemeWss;
        var host = node.HostNameType == UriHostNameType.IPv6 ? node.Host : node.IdnHost.ToLowerInvariant();
        return FormattableString.Invariant($"{(isSecure ? Uri.UriSchemeHttps : Uri.UriSchemeHttp)}://{host}:{node.Port}");
    }
}
