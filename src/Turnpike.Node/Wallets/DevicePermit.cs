using System.Numerics;
using System.Text.Json;
using Turnpike.Core;
using Turnpike.Evidence;
using Turnpike.Ledger;

namespace Turnpike.Node.Wallets;

/// <summary>A permit's text is none, or it is for something else; the message says what to do.</summary>
public sealed class DevicePermitException(string message) : Exception(message);

/// <summary>
/// A device's word that an owner may register it: EIP-712 over network, owner and nonce, by the device's key. It travels as a file from where the device is to where the owner's account is;
/// nobody else can use it, and nothing in it is secret.
/// </summary>
/// <param name="Network">keccak256 of chain id and registry.</param>
/// <param name="Device">The device's id.</param>
/// <param name="X">The public key's x.</param>
/// <param name="Y">The public key's y.</param>
/// <param name="Owner">Who may register it.</param>
/// <param name="Nonce">How many permits of the device the registry used; 0 for a device that was never registered.</param>
/// <param name="R">Of the signature.</param>
/// <param name="S">Of the signature, low.</param>
public sealed record DevicePermit(Bytes32 Network, DeviceId Device, Bytes32 X, Bytes32 Y, Address Owner, BigInteger Nonce, Bytes32 R, Bytes32 S)
{
    private const int MaxFileBytes = 4096;
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, MaxDepth = 4 };

    /// <summary>Signs a permit.</summary>
    /// <exception cref="DevicePermitException">The key is not P-256: the registry checks no other.</exception>
    public static DevicePermit Sign(IDeviceKey device, ulong chainId, Address registry, Address owner, BigInteger nonce)
    {
        var key = device.Public;
        if (key.Algorithm != EnvelopeAlgorithm.Es256) throw new DevicePermitException("A device is registered by a P-256 key.");
        var network = NetworkDeployment.IdOf(chainId, registry);
        var (r, s) = DeviceSignature.SignLowS(device, new SigningDomain(chainId, registry).DevicePermit(network, owner, nonce));
        return new DevicePermit(network, key.Id, key.X, key.Y, owner, nonce, r, s);
    }

    /// <summary>Writes the file's text.</summary>
    public string Write() => JsonSerializer.Serialize(new PermitFile(Network.ToString(), Device.ToString(), X.ToString(), Y.ToString(), Owner.ToString(), Nonce.ToString(System.Globalization.CultureInfo.InvariantCulture), R.ToString(), S.ToString()), Json);

    /// <summary>Reads a file.</summary>
    /// <exception cref="DevicePermitException">It holds no permit.</exception>
    public static DevicePermit Read(string path)
    {
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: <= MaxFileBytes } && JsonSerializer.Deserialize<PermitFile>(File.ReadAllBytes(path), Json) is { } file
                && Bytes32.TryParse(file.Network, out var network) && DeviceId.TryParse(file.Device, out var device) && Bytes32.TryParse(file.X, out var x) && Bytes32.TryParse(file.Y, out var y)
                && Address.TryParse(file.Owner, out var owner) && BigInteger.TryParse(file.Nonce, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var nonce)
                && Bytes32.TryParse(file.R, out var r) && Bytes32.TryParse(file.S, out var s)) return new DevicePermit(network, device, x, y, owner, nonce, r, s);
        }
        catch (Exception fault) when (fault is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new DevicePermitException($"{path} cannot be read: {fault.Message}");
        }
        throw new DevicePermitException($"{path} holds no permit: 'turnpike agent enroll' writes one.");
    }

    /// <summary>Checks what the registry will check, before anything is paid.</summary>
    /// <exception cref="DevicePermitException">It is for another network or owner, or not signed by the device.</exception>
    public void Check(NetworkDeployment network, Address owner)
    {
        if (Network != network.NetworkId) throw new DevicePermitException($"The permit of device {Device} is for another network ({Network}).");
        if (Owner != owner) throw new DevicePermitException($"The permit of device {Device} is for the owner {Owner}, not for {owner}: enroll with --owner {owner}.");
        var key = DeviceKey.Create(EnvelopeAlgorithm.Es256, X, Y);
        var digest = new SigningDomain(network.ChainId, network.Registry).DevicePermit(Network, Owner, Nonce);
        if (key.Id != Device || !DeviceSignature.Verify(key, digest, (byte[])[.. R.ToArray(), .. S.ToArray()])) throw new DevicePermitException($"The permit of device {Device} is not signed by it.");
    }

    private sealed record PermitFile(string Network, string Device, string X, string Y, string Owner, string Nonce, string R, string S);
}
