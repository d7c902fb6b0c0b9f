namespace Turnpike.Evm.Rpc;

/// <summary>Which endpoints are well, which rest after a failure, which are of another chain; says each change once. Safe for any number of threads.</summary>
internal sealed class EndpointStates(IReadOnlyList<IJsonRpc> endpoints, EndpointsOptions options, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly long[] _restsUntil = new long[endpoints.Count];
    private readonly bool?[] _isRightChain = new bool?[endpoints.Count];
    private readonly EndpointAlertCode?[] _told = new EndpointAlertCode?[endpoints.Count];
    private bool _isDisagreeing;

    /// <summary>Endpoints to ask: the well ones in configured order, then those that rest, the longest rested first; none of another chain.</summary>
    public int[] Order()
    {
        var now = time.GetUtcNow().UtcTicks;
        lock (_lock)
        {
            return [.. Enumerable.Range(0, endpoints.Count).Where(i => _isRightChain[i] != false).OrderBy(i => _restsUntil[i] > now ? _restsUntil[i] : 0)];
        }
    }

    /// <summary>Whether an endpoint's chain was looked at.</summary>
    public bool IsChainKnown(int endpoint)
    {
        lock (_lock) return options.ChainId is null || _isRightChain[endpoint] is not null;
    }

    public void NoteChain(int endpoint, ulong chainId)
    {
        var isRight = chainId == options.ChainId;
        lock (_lock) _isRightChain[endpoint] = isRight;
        if (!isRight) Tell(endpoint, EndpointAlertCode.WrongChain, $"{endpoints[endpoint].Name} is of chain {chainId}, not {options.ChainId}: it is asked nothing more. Correct its address and start again.");
    }

    public void Failed(int endpoint, RpcException failure)
    {
        var rest = failure.RetryAfter > options.Rest ? failure.RetryAfter.Value : options.Rest;
        lock (_lock) _restsUntil[endpoint] = (time.GetUtcNow() + rest).UtcTicks;
        Tell(endpoint, EndpointAlertCode.Failing, $"{failure.Message}. The other endpoints are asked for {rest.TotalSeconds:0} s; if it lasts, replace it.");
    }

    public void Lags(int endpoint, ulong height, ulong newest, bool isLeftOut) =>
        Tell(endpoint, EndpointAlertCode.Lagging, $"{endpoints[endpoint].Name} has final block {height}, another endpoint {newest}: {(isLeftOut ? "it is not asked what is final" : "nothing newer is final here until both agree, or one of them is removed")}. Is its node still syncing?");

    public void HasNoTag(int endpoint) =>
        Tell(endpoint, EndpointAlertCode.NoFinalizedTag, $"{endpoints[endpoint].Name} does not know the finalized tag; {options.ConfirmationsWithoutTag} confirmations stand for it.");

    /// <summary>It answered.</summary>
    public void Well(int endpoint)
    {
        lock (_lock) _restsUntil[endpoint] = 0;
        Recover(endpoint, EndpointAlertCode.Failing, "answers again");
    }

    /// <summary>What it holds final is near to what the others do.</summary>
    public void KeepsUp(int endpoint) => Recover(endpoint, EndpointAlertCode.Lagging, "has caught up");

    public void Disagree(RpcDisagreementException disagreement)
    {
        lock (_lock)
        {
            if (_isDisagreeing) return;
            _isDisagreeing = true;
        }
        options.OnAlert?.Invoke(new EndpointAlert(EndpointAlertCode.Disagreeing, disagreement.Endpoint, $"Nothing is signed: {disagreement.Message}"));
    }

    public void Agree()
    {
        lock (_lock)
        {
            if (!_isDisagreeing) return;
            _isDisagreeing = false;
        }
        options.OnAlert?.Invoke(new EndpointAlert(EndpointAlertCode.Recovered, string.Join(", ", endpoints.Select(endpoint => endpoint.Name)), "The endpoints agree again; signing goes on."));
    }

    public void FinalityBroke(int endpoint, BlockPoint was, BlockPoint? now) => options.OnAlert?.Invoke(new EndpointAlert(EndpointAlertCode.FinalityBroken, endpoints[endpoint].Name,
        $"Block {was} was final and is not on the chain any more ({now?.ToString() ?? "none"} is there): what was signed from it may not be of this chain. Watch the chain's own announcements; a guardian may veto a pending report."));

    private void Recover(int endpoint, EndpointAlertCode from, string how)
    {
        lock (_lock)
        {
            if (_told[endpoint] != from) return;
            _told[endpoint] = null;
        }
        options.OnAlert?.Invoke(new EndpointAlert(EndpointAlertCode.Recovered, endpoints[endpoint].Name, $"{endpoints[endpoint].Name} {how}."));
    }

    private void Tell(int endpoint, EndpointAlertCode code, string message)
    {
        lock (_lock)
        {
            if (_told[endpoint] == code) return;
            _told[endpoint] = code;
        }
        options.OnAlert?.Invoke(new EndpointAlert(code, endpoints[endpoint].Name, message));
    }
}
