using System.Security.Cryptography;
using Turnpike.Core;
using Turnpike.Evidence;
using Turnpike.Networks.Wireless;
using Turnpike.Networks.Wireless.Protocol.Leg;

namespace Turnpike.Node.Router.Leg;

/// <summary>The challenge and what is asked of the proof, cheap checks first: the URL is ours, the registry knows the device, as a hotspot, not suspended, and its key signed.</summary>
internal sealed class LegHandshake(LegServices services)
{
    private const int RetryRegistration = 30;
    private const int RetryNever = 300;

    public LegChallenge Challenge { get; } = new(new Bytes32(RandomNumberGenerator.GetBytes(Bytes32.Length)), services.Time.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>Why the proof does not let the device in, and when to try again; null when it does.</summary>
    public (VerdictCode Code, int RetryAfterSeconds)? Refuses(LegProof proof)
    {
        if (!services.Urls.Contains(proof.Url)) return (LegCodes.OtherUrl, RetryNever);
        var device = services.Registry(proof.Device);
        if (RefusesNow(device) is { } code) return (code, RetryRegistration);
        var digest = LegStatement.Digest(services.Network, proof.Device, Challenge.Nonce, proof.Url);
        return DeviceSignature.Verify(device!.Key, digest, proof.Signature.Span) ? null : (LegCodes.BadProof, RetryNever);
    }

    /// <summary>What the registry says against a device now; null when nothing.</summary>
    public static VerdictCode? RefusesNow(LegDevice? device) =>
        device is null ? LegCodes.UnknownDevice
        : device.Kind != WirelessDevices.Hotspot ? LegCodes.NotAHotspot
        : device.Key.Status != DeviceStatus.Active ? LegCodes.Suspended
        : null;
}
