using Turnpike.Core;

namespace Turnpike.Evm;

/// <summary>
/// An account whose key may be out of reach for a while. Each signature tries to open the key until that succeeds once, so that the process runs, serves what needs no key, and goes on by itself when
/// whoever holds the key has unlocked it. Safe for any number of threads.
/// </summary>
/// <param name="account">Whose signatures these are; known without the key.</param>
/// <param name="open">Opens the key; throws where it cannot, its message saying what to do.</param>
/// <param name="onTrouble">Told each time it stays locked; null for none.</param>
public sealed class LockedDigestSigner(Address account, Func<CancellationToken, ValueTask<IDigestSigner>> open, Action<SignerUnavailableException>? onTrouble = null) : IDigestSigner
{
    private IDigestSigner? _signer;

    /// <inheritdoc/>
    public Address Address => account;

    /// <summary>Whether the key was opened.</summary>
    public bool IsOpen => Volatile.Read(ref _signer) is not null;

    /// <inheritdoc/>
    /// <exception cref="SignerUnavailableException">The key is still locked, or is another account's.</exception>
    public async ValueTask<Secp256k1Signature> SignAsync(Bytes32 digest, CancellationToken cancellationToken)
    {
        var signer = Volatile.Read(ref _signer) ?? await OpenAsync(cancellationToken);
        return await signer.SignAsync(digest, cancellationToken);
    }

    private async ValueTask<IDigestSigner> OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            var signer = await open(cancellationToken);
            if (signer.Address != account) throw new SignerUnavailableException($"The key that opened is that of {signer.Address}, not of {account}: name the right key.");
            Volatile.Write(ref _signer, signer);
            return signer;
        }
        catch (Exception fault) when (fault is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            var trouble = fault as SignerUnavailableException ?? new SignerUnavailableException($"The key of {account} cannot sign: {fault.Message}", fault);
            onTrouble?.Invoke(trouble);
            throw trouble;
        }
    }
}
