using System.Security.Cryptography;
using Turnpike.Core;
using Turnpike.Evidence;

namespace Turnpike.Agent.Keys;

/// <summary>
/// A device key in a file: 0x and 64 hexadecimal digits, its owner's alone (0600). A file that others may read is refused. Whoever has the file is the device: where the hardware
/// has a secure element, its own <see cref="IDeviceKey"/> takes this one's place.
/// </summary>
public static class DeviceKeyFile
{
    private const int SecretBytes = 32;
    private const int MaxFileBytes = 256;
    private const UnixFileMode OwnersOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Makes a key and keeps it, durably.</summary>
    /// <exception cref="AgentException">There is a file already, or it cannot be written.</exception>
    public static IDeviceKey Create(string path)
    {
        if (File.Exists(path)) throw new AgentException($"There is a key already: {path}.");
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var secret = key.ExportParameters(includePrivateParameters: true).D!;
        try
        {
            Write(path, Hex.Format(secret));
            return P256DeviceKey.FromPrivateKey(secret);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new AgentException($"The key cannot be written to {path}: {fault.Message}", fault);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <summary>Opens a key.</summary>
    /// <exception cref="AgentException">There is none, others may read it, or it is no key.</exception>
    public static IDeviceKey Open(string path)
    {
        try
        {
            if (!File.Exists(path)) throw new AgentException($"There is no device key at {path}: make one with 'turnpike agent enroll'.");
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~OwnersOnly) != 0) throw new AgentException($"Others than its owner may use the key file {path}: chmod 600 it, and enroll another key if somebody may have read it.");
            if (new FileInfo(path).Length > MaxFileBytes || !Hex.TryParse(File.ReadAllText(path).Trim(), out var secret) || secret.Length != SecretBytes) throw new AgentException($"{path} does not hold a device key: 0x and 64 hexadecimal digits.");
            return P256DeviceKey.FromPrivateKey(secret);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new AgentException($"The device key at {path} cannot be used: {fault.Message}", fault);
        }
    }

    private static void Write(string path, string text)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnersOnly;
        using (var file = new FileStream(path, options))
        {
            file.Write(System.Text.Encoding.ASCII.GetBytes(text));
            file.Flush(flushToDisk: true);
        }
        DurableFolder.Flush(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }
}
