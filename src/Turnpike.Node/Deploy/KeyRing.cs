using System.Text;
using Turnpike.Core;
using Turnpike.Evm;

namespace Turnpike.Node.Deploy;

/// <summary>A key file cannot be opened or made; the message says what to do.</summary>
public sealed class KeyRingException(string message) : Exception(message);

/// <summary>
/// A folder of keystore v3 files, one a named account, readable by their owner only. The password comes from TURNPIKE_PASSWORD or a file; a local network's keys,
/// which guard nothing, have a password that everybody knows and a cheap derivation.
/// </summary>
public sealed class KeyRing
{
    /// <summary>Environment variable that holds the password.</summary>
    public const string PasswordVariable = "TURNPIKE_PASSWORD";

    /// <summary>Environment variable that names a file with the password, such as a systemd credential.</summary>
    public const string PasswordFileVariable = "TURNPIKE_PASSWORD_FILE";

    /// <summary>Environment variable that, set to 1, makes new keys' passwords quick to check, and as quick to guess: for trying out only (geth calls it lightkdf).</summary>
    public const string LightVariable = "TURNPIKE_LIGHT_KDF";

    private const string LocalPassword = "local";
    private const int LocalScryptN = 1 << 10;
    private const int LightScryptN = 1 << 12;
    private const int FullScryptN = 1 << 18;

    private readonly string _folder;
    private readonly string _password;
    private readonly int _scryptN;

    private KeyRing(string folder, string password, int scryptN)
    {
        _folder = folder;
        _password = password;
        _scryptN = scryptN;
    }

    /// <summary>Keys of a network on a development chain.</summary>
    /// <exception cref="KeyRingException">A password file is named and cannot be read.</exception>
    public static KeyRing Local(string folder, string? passwordFile = null) => new(folder, FindPassword(passwordFile) ?? LocalPassword, LocalScryptN);

    /// <summary>Keys that guard real value.</summary>
    /// <exception cref="KeyRingException">No password is set.</exception>
    public static KeyRing Guarded(string folder, string? passwordFile = null) => new(
        folder,
        FindPassword(passwordFile) ?? throw new KeyRingException($"Set {PasswordVariable} to the password of the keys in {folder}, or {PasswordFileVariable} to a file that holds it."),
        Environment.GetEnvironmentVariable(LightVariable) == "1" ? LightScryptN : FullScryptN);

    /// <summary>Keys of a network on the given chain.</summary>
    /// <exception cref="KeyRingException">No password is set for a chain that is not a development chain.</exception>
    public static KeyRing On(ulong chainId, string folder, string? passwordFile = null) => chainId == Turnpike.Node.Local.LocalChainOptions.ChainId ? Local(folder, passwordFile) : Guarded(folder, passwordFile);

    private static string? FindPassword(string? passwordFile)
    {
        if (passwordFile is null && Environment.GetEnvironmentVariable(PasswordVariable) is { Length: > 0 } password) return password;
        if ((passwordFile ?? Environment.GetEnvironmentVariable(PasswordFileVariable)) is not { Length: > 0 } file) return null;
        try
        {
            // One line feed at the end is the editor's, not the password's.
            var text = File.ReadAllText(file);
            text = text.EndsWith('\n') ? text[..^1].TrimEnd('\r') : text;
            return text.Length > 0 ? text : throw new KeyRingException($"The password file {file} is empty.");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new KeyRingException($"The password file {file} cannot be read: {fault.Message}");
        }
    }

    /// <summary>Names of the accounts with a key here, sorted.</summary>
    public IReadOnlyList<string> Names => Directory.Exists(_folder) ? Directory.EnumerateFiles(_folder, "*.json").Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal).ToList() : [];

    /// <summary>Opens an account's key.</summary>
    /// <exception cref="KeyRingException">There is none, or the password is wrong.</exception>
    public Secp256k1PrivateKey Open(string name)
    {
        var path = PathOf(name);
        if (!File.Exists(path)) throw new KeyRingException($"There is no key '{name}' in {_folder}.");
        return Keystore.TryDecrypt(File.ReadAllBytes(path), _password, out var key, out var error)
            ? key
            : throw new KeyRingException($"The key {path} does not open ({error}). Is {PasswordVariable} right?");
    }

    /// <summary>Opens an account's key, making it first if there is none.</summary>
    public Secp256k1PrivateKey OpenOrCreate(string name)
    {
        if (File.Exists(PathOf(name))) return Open(name);
        var key = Secp256k1PrivateKey.Generate();
        Save(name, key);
        return key;
    }

    /// <summary>Keeps a key under a name.</summary>
    /// <exception cref="KeyRingException">The name is taken.</exception>
    public void Save(string name, Secp256k1PrivateKey key)
    {
        Directory.CreateDirectory(_folder);
        var path = PathOf(name);
        if (File.Exists(path)) throw new KeyRingException($"There is a key '{name}' already: {path}.");
        PrivateFile.Write(path, Keystore.Encrypt(key, _password, _scryptN));
    }

    /// <summary>The address of a named account, without opening its key.</summary>
    public bool TryAddressOf(string name, out Address address)
    {
        address = default;
        if (!File.Exists(PathOf(name))) return false;
        using var document = System.Text.Json.JsonDocument.Parse(File.ReadAllBytes(PathOf(name)));
        return document.RootElement.TryGetProperty("address", out var text) && Address.TryParse("0x" + text.GetString()?.Replace("0x", "", StringComparison.Ordinal), out address);
    }

    private string PathOf(string name)
    {
        if (name.Length is 0 or > 64 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')) throw new KeyRingException($"'{name}' is no account name: letters, digits, '-' and '_', at most 64.");
        return Path.Combine(_folder, name + ".json");
    }
}

/// <summary>Files that only their owner may read.</summary>
internal static class PrivateFile
{
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var temporary = path + ".new";
        File.Delete(temporary);
        using (var file = new FileStream(temporary, options))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }
        File.Move(temporary, path);
    }

    public static void Write(string path, string content) => Write(path, Encoding.UTF8.GetBytes(content));
}
