using Turnpike.Evm;
using Turnpike.Evm.Rpc;

namespace Turnpike.Node;

/// <summary>
/// The one transaction sender of an account in this process, started when it is first needed and shared by all that the account does; one that stopped (its journal's disk failed) is started again.
/// Now and then it looks at what the account holds for gas, and says so once when that is too little and once when it is enough again.
/// </summary>
public sealed class AccountSender(NodeContext node, IDigestSigner signer, Action<SenderAlert>? onAlert) : IAsyncDisposable
{
    private readonly SemaphoreSlim _starting = new(1, 1);
    private TransactionSender? _sender;
    private DateTimeOffset _nextLook = DateTimeOffset.MinValue;
    private bool _isLow;

    /// <summary>The account.</summary>
    public Core.Address Account => signer.Address;

    /// <summary>What it holds for gas, at the last look; null before the first.</summary>
    public AccountFunds? Funds { get; private set; }

    /// <summary>The sender.</summary>
    public async Task<TransactionSender> GetAsync(CancellationToken cancellation)
    {
        await _starting.WaitAsync(cancellation);
        try
        {
            if (_sender?.Failure is not null)
            {
                await _sender.DisposeAsync();
                _sender = null;
            }
            _sender ??= await node.StartSenderAsync(signer, onAlert, cancellation);
            await LookAtFundsAsync(cancellation);
            return _sender;
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

    // On a real chain a balance lasts for days; a local network is a play of minutes.
    private TimeSpan LookEvery => node.Deployment.ChainId == Local.LocalChainOptions.ChainId ? TimeSpan.FromSeconds(2) : TimeSpan.FromMinutes(5);

    private async Task LookAtFundsAsync(CancellationToken cancellation)
    {
        var now = node.Time.GetUtcNow();
        if (now < _nextLook) return;
        _nextLook = now + LookEvery;
        try
        {
            var balance = await node.Chain.BalanceAsync(signer.Address, BlockReference.Latest, cancellation);
            Funds = new AccountFunds(signer.Address, balance, AccountFunds.GasPerEpoch * await node.Chain.GasPriceAsync(cancellation));
        }
        catch (RpcException)
        {
            // The endpoint's trouble is the sender's to report; the account is looked at next time.
            return;
        }
        if (Funds.IsLow == _isLow) return;
        _isLow = Funds.IsLow;
        var alert = new SenderAlert(_isLow ? SenderAlertCode.LowFunds : SenderAlertCode.Recovered, signer.Address, null, Funds.ToString());
        node.Watch.Note(alert);
        onAlert?.Invoke(alert);
    }
}
