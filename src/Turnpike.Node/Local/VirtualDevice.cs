using System.Net.Http.Headers;
using Turnpike.Core;
using Turnpike.Evidence;
using Turnpike.Networks.Wireless.Evidence;

namespace Turnpike.Node.Local;

/// <summary>What a gateway answered to a device.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Body">The receipt, or the problem.</param>
public readonly record struct GatewayAnswer(int Status, string Body)
{
    /// <summary>Whether the gateway keeps the piece.</summary>
    public bool IsKept => Status == 202;
}

/// <summary>A LoRaWAN gateway without a radio: real key, real envelopes, real HTTP; only the packets it heard are invented.</summary>
public sealed class VirtualDevice(IDeviceKey key, Bytes32 networkId, Uri gateway, HttpClient http, TimeProvider time, ulong boot)
{
    private readonly EnvelopeSigner _signer = new(key, networkId);
    private ulong _sequence;

    /// <summary>Its id.</summary>
    public DeviceId Id { get; } = key.Public.Id;

    /// <summary>Signs reports under the next sequence.</summary>
    public byte[] Sign(params IReadOnlyList<PacketReport> reports) => _signer.Sign(new EnvelopeContent
    {
        Kind = PacketReport.Kind,
        Boot = boot,
        Sequence = ++_sequence,
        UnixMilliseconds = time.GetUtcNow().ToUnixTimeMilliseconds(),
        PublicBody = PacketReport.Encode(reports),
    });

    /// <summary>Signs and sends reports.</summary>
    public Task<GatewayAnswer> ReportAsync(IReadOnlyList<PacketReport> reports, CancellationToken cancellation) => SendAsync(Sign(reports), cancellation);

    /// <summary>Sends a signed piece.</summary>
    public async Task<GatewayAnswer> SendAsync(byte[] piece, CancellationToken cancellation)
    {
        using var content = new ByteArrayContent(piece);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/cose");
        using var answer = await http.PostAsync(new Uri(gateway, "v1/evidence"), content, cancellation);
        return new GatewayAnswer((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(cancellation));
    }
}
