using Turnpike.Evm;
using Turnpike.Evm.Rpc;

namespace Turnpike.Node;

/// <summary>The one transaction sender of an account in this process, started when it is first needed and shared by all that the account does.</summary>
public sealed class AccountSender(NodeContext node, IDigestSigner signer, Action<SenderAlert>? onAlert) : IAsyncDisposable
{
    private readonly SemaphoreSlim _starting = new(1, 1);
    private TransactionSender? _sender;

    /// <summary>The sender.</summary>
    public async Task<TransactionSender> GetAsync(CancellationToken cancellation)
    {
        await _starting.WaitAsync(cancellation);
        try
        {
            return _sender ??= await node.StartSenderAsync(signer, onAlert, cancellation);
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_sender is not null) await _sender.DisposeAsync();
        _starting.Dispose();
    }
}
