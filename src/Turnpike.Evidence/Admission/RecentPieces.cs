using Turnpike.Core;

namespace Turnpike.Evidence;

/// <summary>
/// Identities stored of late with their times of receipt, so that an agent whose acknowledgement got lost is answered as the first time. Only what is
/// durable may be remembered: a piece refused by the log must be taken when it comes again. An identity names its signer, so no device can occupy another's. Thread-safe.
/// </summary>
public sealed class RecentPieces(int capacity)
{
    private readonly Generations<Bytes32, long> _pieces = new(capacity);

    /// <summary>How many it remembers.</summary>
    public int Count => _pieces.Count;

    /// <summary>When a piece was received, if it is remembered.</summary>
    public bool TryGet(Bytes32 identity, out long receivedAt) => _pieces.TryGet(identity, out receivedAt);

    /// <summary>Remembers a piece; the first time of receipt stands.</summary>
    public void Remember(Bytes32 identity, long receivedAt) =>
        _pieces.Change(identity, receivedAt, static (known, first, now) => (known ? first : now, known));
}
