using Turnpike.Core;
using Turnpike.Evidence;
using Turnpike.Node.Deploy;

namespace Turnpike.Cli.Devices;

/// <summary>Device keys on this machine: one file each, 32 bytes in hexadecimal, readable by its owner only.</summary>
internal sealed class DeviceFolder(NetworkFolder network)
{
    public IReadOnlyList<string> Names => Directory.Exists(network.Devices) ? Directory.EnumerateFiles(network.Devices, "*.p256").Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal).ToList() : [];

    public P256DeviceKey Create(string name)
    {
        if (File.Exists(PathOf(name))) throw new CommandException($"There is a device '{name}' already: {PathOf(name)}.");
        using var key = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        var secret = key.ExportParameters(includePrivateParameters: true).D!;
        Directory.CreateDirectory(network.Devices);
        PrivateFile.Write(PathOf(name), Hex.Format(secret));
        return P256DeviceKey.FromPrivateKey(secret);
    }

    public P256DeviceKey Open(string name)
    {
        if (!File.Exists(PathOf(name))) throw new CommandException($"There is no device '{name}' in {network.Devices}. Make one: turnpike device new {name}");
        return Hex.TryParse(File.ReadAllText(PathOf(name)).Trim(), out var secret) && secret.Length == 32
            ? P256DeviceKey.FromPrivateKey(secret)
            : throw new CommandException($"{PathOf(name)} does not hold a device key: 0x and 64 hexadecimal digits.");
    }

    /// <summary>A device by its name here, or by its id.</summary>
    public DeviceId IdOf(string nameOrId)
    {
        if (DeviceId.TryParse(nameOrId, out var id)) return id;
        using var key = Open(nameOrId);
        return key.Public.Id;
    }

    private string PathOf(string name)
    {
        if (name.Length is 0 or > 64 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')) throw new CommandException($"'{name}' is no device name: letters, digits, '-' and '_', at most 64.");
        return Path.Combine(network.Devices, name + ".p256");
    }
}
