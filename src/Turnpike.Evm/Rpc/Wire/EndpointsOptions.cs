namespace Turnpike.Evm.Rpc;

/// <summary>How several endpoints of one chain are used.</summary>
public sealed class EndpointsOptions
{
    /// <summary>How long a failed endpoint is asked last; longer where it asks for that itself. Default 30 s.</summary>
    public TimeSpan Rest { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How many equal answers a critical read needs. Default 2; not above the number of endpoints.</summary>
    public int Quorum { get; init; } = 2;

    /// <summary>How many endpoints must answer what is final. Default 1: those that are down are left out, those that answer must agree. More stops signing when too few answer.</summary>
    public int FinalQuorum { get; init; } = 1;

    /// <summary>The chain that every endpoint must be of; null checks nothing.</summary>
    public ulong? ChainId { get; init; }

    /// <summary>Blocks by which an endpoint's final block may lie behind another's before it counts as failing. Default 128, four epochs of Ethereum.</summary>
    public ulong MaxLag { get; init; } = 128;

    /// <summary>Confirmations that stand for finality at an endpoint without a finalized tag. Default 64, two epochs of Ethereum; a chain with deeper reorganisations needs more.</summary>
    public ulong ConfirmationsWithoutTag { get; init; } = 64;

    /// <summary>
    /// Compares, with the endpoints given, what was built from the chain up to a final block on which they agree; gives the height up to which that is confirmed, or throws
    /// <see cref="RpcDisagreementException"/>. Null for none; asked only where two endpoints answer.
    /// </summary>
    public Func<BlockHeader, IReadOnlyList<EthereumClient>, CancellationToken, Task<ulong>>? Confirm { get; set; }

    /// <summary>Told of everything an operator should know; must be quick and not throw. Null for none.</summary>
    public Action<EndpointAlert>? OnAlert { get; init; }

    internal void Validate(int endpoints)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Rest, TimeSpan.Zero, nameof(Rest));
        ArgumentOutOfRangeException.ThrowIfLessThan(FinalQuorum, 1, nameof(FinalQuorum));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(FinalQuorum, endpoints, nameof(FinalQuorum));
        ArgumentOutOfRangeException.ThrowIfZero(ConfirmationsWithoutTag, nameof(ConfirmationsWithoutTag));
    }
}
