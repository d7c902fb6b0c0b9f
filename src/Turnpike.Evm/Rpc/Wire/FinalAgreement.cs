namespace Turnpike.Evm.Rpc;

/// <summary>
/// What is final, as all endpoints that answer say it.
/// </summary>
/// <remarks>
/// Each is asked for its finalized block; where there is no such tag, a number of confirmations stands for it. The lowest of them is the height to agree on: a little behind is honest; far behind is failing, where two others
/// say so, and otherwise holds up what is final: of two endpoints nobody can tell which one is wrong.
/// At that height all must have the same block, and, where two answer, <see cref="EndpointsOptions.Confirm"/> compares what was built from the chain up to it. An endpoint that is down is left out;
/// one that differs is never outvoted, since a majority of endpoints is no majority of the chain: whoever asked signs nothing until an operator removed the liar, or it agrees again.
/// </remarks>
internal sealed class FinalAgreement(IReadOnlyList<IJsonRpc> endpoints, EthereumClient[] clients, EndpointStates states, EndpointsOptions options)
{
    private const int LeastAhead = 2;

    private readonly Lock _lock = new();
    private BlockPoint? _agreed;

    /// <summary>The newest block on which all agree; null when there is none yet.</summary>
    /// <exception cref="RpcDisagreementException">They differ.</exception>
    /// <exception cref="RpcException">Too few answered.</exception>
    public async Task<BlockHeader?> ReadAsync(int[] asked, CancellationToken cancellationToken)
    {
        var answers = await Task.WhenAll(asked.Select(endpoint => TryAsync(endpoint, () => FinalAsync(endpoint, cancellationToken))));
        var tops = Answered(answers);
        var newest = tops.Max(top => top.Block?.Number ?? 0);
        var late = tops.FindAll(top => IsLate(top.Block, newest));
        // One endpoint ahead of all others may be the liar: its word alone leaves nobody out.
        var isLeftOut = tops.Count - late.Count >= LeastAhead;
        foreach (var (endpoint, block) in late) states.Lags(endpoint, block?.Number ?? 0, newest, isLeftOut);
        foreach (var top in tops.Except(late)) states.KeepsUp(top.Endpoint);
        if (isLeftOut) tops.RemoveAll(late.Contains);
        if (tops.Any(top => top.Block is null)) return null;
        var height = tops.Min(top => top.Block!.Number);
        var blocks = Answered(await Task.WhenAll(tops.Select(top => TryAsync(top.Endpoint, () => AtAsync(top.Endpoint, top.Block!, height, cancellationToken)))));
        try
        {
            RequireEqual(blocks);
            var block = await ConfirmAsync(blocks, cancellationToken);
            states.Agree();
            return block;
        }
        catch (RpcDisagreementException disagreement)
        {
            states.Disagree(disagreement);
            throw;
        }
    }

    private bool IsLate(BlockHeader? block, ulong newest) => newest > options.MaxLag && (block?.Number ?? 0) < newest - options.MaxLag;

    private async Task<BlockHeader?> FinalAsync(int endpoint, CancellationToken cancellationToken)
    {
        try
        {
            if (await clients[endpoint].BlockAsync(BlockReference.Finalized, cancellationToken) is { } block) return block;
        }
        catch (RpcException e) when (e.Fault is RpcFault.Refused or RpcFault.MethodUnsupported or RpcFault.UnknownBlock)
        {
            // A chain before the merge, most rollups, some gateways.
        }
        var head = await clients[endpoint].BlockNumberAsync(cancellationToken);
        if (head < options.ConfirmationsWithoutTag) return null;
        states.HasNoTag(endpoint);
        return await clients[endpoint].BlockAsync(BlockReference.At(head - options.ConfirmationsWithoutTag), cancellationToken);
    }

    private async Task<BlockHeader?> AtAsync(int endpoint, BlockHeader top, ulong height, CancellationToken cancellationToken)
    {
        if (top.Number == height) return top;
        return await clients[endpoint].BlockAsync(BlockReference.At(height), cancellationToken)
            ?? throw new RpcException(RpcFault.Malformed, "eth_getBlockByNumber", endpoints[endpoint].Name, $"there is no block {height}, though block {top.Number} is final");
    }

    private void RequireEqual(List<(int Endpoint, BlockHeader? Block)> blocks)
    {
        var first = blocks[0];
        foreach (var other in blocks)
        {
            if (other.Block!.Hash != first.Block!.Hash)
                throw new RpcDisagreementException((endpoints[first.Endpoint].Name, $"final block {first.Block.Point}"), (endpoints[other.Endpoint].Name, $"final block {other.Block.Point}"));
        }
    }

    private async Task<BlockHeader?> ConfirmAsync(List<(int Endpoint, BlockHeader? Block)> blocks, CancellationToken cancellationToken)
    {
        var (endpoint, block) = (blocks[0].Endpoint, blocks[0].Block!);
        if (blocks.Count > 1 && options.Confirm is { } confirm)
        {
            var confirmed = await confirm(block, [.. blocks.Select(answer => clients[answer.Endpoint])], cancellationToken);
            if (confirmed < block.Number) block = await clients[endpoint].BlockAsync(BlockReference.At(confirmed), cancellationToken) ?? throw new RpcException(RpcFault.UnknownBlock, "eth_getBlockByNumber", endpoints[endpoint].Name, $"there is no block {confirmed}");
        }
        await LookBackAsync(endpoint, block, cancellationToken);
        return block;
    }

    private async Task LookBackAsync(int endpoint, BlockHeader block, CancellationToken cancellationToken)
    {
        BlockPoint? before;
        lock (_lock)
        {
            before = _agreed;
            _agreed = block.Point;
        }
        if (before is not { } was || was.Number > block.Number) return;
        var now = was.Number == block.Number ? block : await clients[endpoint].BlockAsync(BlockReference.At(was.Number), cancellationToken);
        if (now?.Hash != was.Hash) states.FinalityBroke(endpoint, was, now?.Point);
    }

    private async Task<(int Endpoint, BlockHeader? Block, RpcException? Error)> TryAsync(int endpoint, Func<Task<BlockHeader?>> read)
    {
        try
        {
            var block = await read();
            states.Well(endpoint);
            return (endpoint, block, null);
        }
        catch (RpcException e)
        {
            states.Failed(endpoint, e);
            return (endpoint, null, e);
        }
    }

    private List<(int Endpoint, BlockHeader? Block)> Answered((int Endpoint, BlockHeader? Block, RpcException? Error)[] answers)
    {
        var answered = answers.Where(answer => answer.Error is null).Select(answer => (answer.Endpoint, answer.Block)).ToList();
        if (answered.Count >= options.FinalQuorum) return answered;
        throw answers.Select(answer => answer.Error).FirstOrDefault(error => error is not null) ?? new RpcException(RpcFault.EndpointTrouble, "eth_getBlockByNumber", string.Join(", ", endpoints.Select(endpoint => endpoint.Name)), $"{answered.Count} endpoints answer what is final; {options.FinalQuorum} are needed");
    }
}
