namespace Turnpike.Evm;

/// <summary>Bounds on what opening a stranger's keystore file may cost.</summary>
public sealed record KeystoreLimits
{
    /// <summary>Enough for every common wallet's files.</summary>
    public static KeystoreLimits Default { get; } = new();

    /// <summary>Longest file, bytes. Default 64 KiB.</summary>
    public int MaxFileBytes { get; init; } = 64 * 1024;

    /// <summary>Most memory for scrypt, 128 * n * r bytes. Default 256 MiB, which geth's standard files use.</summary>
    public long MaxScryptMemoryBytes { get; init; } = 256L * 1024 * 1024;

    /// <summary>Most work for scrypt, n * r * p. Default 2^22, twice geth's standard: seconds.</summary>
    public long MaxScryptWork { get; init; } = 1L << 22;

    /// <summary>Most rounds of PBKDF2. Default 10,000,000: seconds.</summary>
    public int MaxPbkdf2Iterations { get; init; } = 10_000_000;
}
