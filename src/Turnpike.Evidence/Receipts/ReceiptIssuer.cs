using Turnpike.Core;
using Turnpike.Evm;

namespace Turnpike.Evidence;

/// <summary>Signs receipts with a gateway's account. As thread-safe as the signer.</summary>
public sealed class ReceiptIssuer(Bytes32 networkId, EpochClock clock, IDigestSigner signer)
{
    /// <summary>
    /// A receipt for a piece that is durable, promising the epoch after the one it was received in: the piece's own epoch may end, and be sealed, while the receipt is on its way.
    /// What comes before the first epoch, such as a customer's order, is in that one's manifest.
    /// </summary>
    public async Task<SignedReceipt> IssueAsync(Bytes32 identity, long receivedAt, CancellationToken cancellationToken)
    {
        var receipt = new Receipt { NetworkId = networkId, Gateway = signer.Address, Identity = identity, ReceivedAt = receivedAt, PromisedEpoch = Receipt.PromiseOf(clock, receivedAt) };
        return new SignedReceipt(receipt, await signer.SignAsync(receipt.Digest(), cancellationToken));
    }
}
