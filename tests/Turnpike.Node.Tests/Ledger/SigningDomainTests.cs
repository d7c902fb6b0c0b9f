using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using Turnpike.Core;
using Turnpike.Ledger;
using Turnpike.Ledger.Contracts;

namespace Turnpike.Node.Tests.Ledger;

/// <summary>Every digest against the hash function of the contract that verifies it, over values of every magnitude.</summary>
public sealed class SigningDomainTests
{
    private const int Cases = 50;

    private static readonly Gen<Bytes32> Words = Bytes(32).Select(bytes => new Bytes32(bytes));
    private static readonly Gen<Address> Accounts = Bytes(20).Select(bytes => new Address(bytes));
    private static readonly Gen<ulong> Longs = Numbers(64).Select(number => (ulong)number);
    private static readonly Gen<uint> Integers = Numbers(32).Select(number => (uint)number);
    private static readonly Gen<UInt128> Amounts = Numbers(128).Select(number => (UInt128)number);

    private static readonly Gen<EpochSettlement.EpochReport> Reports =
        from words in Words.ArrayOf(8)
        from epoch in Longs
        from attempt in Integers
        from amounts in Amounts.ArrayOf(3)
        select new EpochSettlement.EpochReport(words[0], words[1], epoch, attempt, words[2], words[3], words[4], words[5], words[6], words[7], amounts[0], amounts[1], words[1], amounts[2]);

    [Fact]
    public async Task Digests_equal_the_contracts_own()
    {
        await using var network = await TestNetwork.DeployAsync(TestNetwork.HeliumLocal());
        var at = network.Deployment;
        var (settlement, feed, registry) = (new SigningDomain(at.ChainId, at.Settlement), new SigningDomain(at.ChainId, at.PriceFeed), new SigningDomain(at.ChainId, at.Registry));

        foreach (var report in Samples(Reports))
            Assert.Equal(await network.AskAsync(at.Settlement, new EpochSettlement.HashReportCall(report)), settlement.Report(report));

        foreach (var (digest, epoch, gateway, manifest, bytes) in Samples(from digest in Words from epoch in Longs.Where(epoch => epoch > 0) from gateway in Accounts from manifest in Words from bytes in Longs select (digest, epoch, gateway, manifest, bytes)))
            Assert.Equal(await network.AskAsync(at.Settlement, new EpochSettlement.HashAvailabilityCall(digest, epoch, gateway, manifest, bytes)), settlement.Availability(digest, new EpochNumber(epoch), gateway, manifest, bytes));

        foreach (var (digest, round, time, price) in Samples(from digest in Words from round in Longs from time in Longs from price in Amounts select (digest, round, time, price)))
            Assert.Equal(await network.AskAsync(at.PriceFeed, new PriceFeed.HashObservationCall(digest, round, new PriceFeed.Observation(time, price))), feed.Observation(digest, round, time, new Price(price)));

        foreach (var (owner, nonce) in Samples(from owner in Accounts from nonce in Numbers(256) select (owner, nonce)))
            Assert.Equal(await network.AskAsync(at.Registry, new DeviceRegistry.HashPermitCall(owner, nonce)), registry.DevicePermit(at.NetworkId, owner, nonce));

        foreach (var device in Samples(Words))
            Assert.Equal(await network.AskAsync(at.Registry, new DeviceRegistry.HashApprovalCall(device)), registry.MakerApproval(new DeviceId(device)));
    }

    [Fact]
    public void Digest_of_another_chain_or_contract_is_another()
    {
        var report = Samples(Reports)[0];
        var (contract, other) = (new Address(Enumerable.Repeat((byte)1, 20).ToArray()), new Address(Enumerable.Repeat((byte)2, 20).ToArray()));

        Assert.Equal(3, new[] { new SigningDomain(1, contract), new SigningDomain(2, contract), new SigningDomain(1, other) }.Select(domain => domain.Report(report)).Distinct().Count());
    }

    private static List<T> Samples<T>(Gen<T> values) => [.. values.Sample(50, Cases)];

    private static Gen<byte[]> Bytes(int length) => Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf(length);

    // Every bit length is equally likely, zero and the largest number among them.
    private static Gen<BigInteger> Numbers(int most) =>
        from bits in Gen.Choose(0, most)
        from bytes in Bytes(most / 8)
        from full in Gen.Choose(0, 7)
        let random = full == 0 ? BigInteger.Pow(2, most) - 1 : new BigInteger(bytes, isUnsigned: true)
        select random >> (most - bits);
}
