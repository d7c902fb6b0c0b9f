using Turnpike.Core;
using Turnpike.Evm;

namespace Turnpike.Evidence.Tests.Receipts;

public sealed class ReceiptTests : IDisposable
{
    private readonly Secp256k1PrivateKey _key = Secp256k1PrivateKey.Generate();

    public void Dispose() => _key.Dispose();

    [Fact]
    public async Task Receipt_promises_the_next_epoch_and_verifies()
    {
        var signed = await IssueAsync();
        Assert.Equal(new EpochNumber(3), signed.Receipt.PromisedEpoch);
        Assert.Equal(_key.Address, signed.Receipt.Gateway);
        Assert.True(signed.Verify());
    }

    [Fact]
    public async Task Piece_received_before_the_first_epoch_is_promised_for_it() =>
        Assert.Equal(EpochNumber.First, (await IssueAsync(receivedAt: Samples.Now - 60_000)).Receipt.PromisedEpoch);

    [Fact]
    public async Task Any_changed_field_does_not_verify()
    {
        var signed = await IssueAsync();
        var receipt = signed.Receipt;
        Receipt[] changed =
        [
            receipt with { NetworkId = Keccak256.Hash("other"u8) },
            receipt with { Gateway = Address.Zero },
            receipt with { Identity = Keccak256.Hash("other"u8) },
            receipt with { ReceivedAt = receipt.ReceivedAt + 1 },
            receipt with { ReceivedAt = -1 },
            receipt with { PromisedEpoch = receipt.PromisedEpoch.Next },
        ];
        Assert.All(changed, other => Assert.False((signed with { Receipt = other }).Verify()));
        Secp256k1Signature[] signatures =
        [
            default,
            signed.Signature with { RecoveryId = (byte)(signed.Signature.RecoveryId ^ 1) },
            signed.Signature with { RecoveryId = 200 },
            signed.Signature with { S = Keccak256.Hash("s"u8) },
        ];
        Assert.All(signatures, other => Assert.False((signed with { Signature = other }).Verify()));
    }

    /// <summary>The digest spelled out from EIP-712, independently of the implementation's helpers.</summary>
    [Fact]
    public async Task Digest_is_that_of_eip_712()
    {
        var receipt = (await IssueAsync()).Receipt;
        static byte[] Keccak(params byte[][] parts) => Keccak256.Hash(parts.SelectMany(part => part).ToArray()).ToArray();
        static byte[] Number(ulong value) => Convert.FromHexString(value.ToString("x64", System.Globalization.CultureInfo.InvariantCulture));
        var domain = Keccak(Keccak("EIP712Domain(string name,string version)"u8.ToArray()), Keccak("Turnpike receipt"u8.ToArray()), Keccak("1"u8.ToArray()));
        var type = Keccak("Receipt(bytes32 networkId,address gateway,bytes32 identity,uint64 receivedAt,uint64 promisedEpoch)"u8.ToArray());
        var content = Keccak(type, receipt.NetworkId.ToArray(), new byte[12], receipt.Gateway.ToArray(), receipt.Identity.ToArray(), Number((ulong)receipt.ReceivedAt), Number(3));
        Assert.Equal(new Bytes32(Keccak([0x19, 0x01], domain, content)), receipt.Digest());
    }

    private async Task<SignedReceipt> IssueAsync(long receivedAt = Samples.Now + 3_600_000)
    {
        var clock = new EpochClock(Samples.Now / 1000, 3600);
        var issuer = new ReceiptIssuer(Samples.Network, clock, new LocalDigestSigner(_key));
        return await issuer.IssueAsync(Keccak256.Hash("piece"u8), receivedAt, TestContext.Current.CancellationToken);
    }
}
