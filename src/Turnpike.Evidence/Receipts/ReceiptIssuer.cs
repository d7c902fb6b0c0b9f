using Turnpike.Core;
using Turnpike.Evm;

namespace Turnpike.Evidence;

/// <summary>Signs receipts with a gateway's account. As thread-safe as the signer.</summary>
public sealed class ReceiptIssuer(Bytes32 networkId, EpochClock clock, IDigestSigner signer)
{
    /// <summary>
    /// A receipt for a piece that is durable, promising the epoch after the one it was received in: the piece's own epoch may end, and be sealed, while the receipt is on its way.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Received before the network's first epoch.</exception>
    public async Task<SignedReceipt> IssueAsync(Bytes32 identity, long receivedAt, CancellationToken cancellationToken)
    {
        var receipt = new Receipt { NetworkId = networkId, Gateway = signer.Address, Identity = identity, ReceivedAt = receivedAt, PromisedEpoch = clock.At(receivedAt).Next };
        return new SignedReceipt(receipt, await signer.SignAsync(receipt.Digest(), cancellationToken));
    }
}
