using System.Numerics;
using System.Text;
using Turnpike.Core;
using Turnpike.Core.Rules;
using Turnpike.Evm.Abi;
using Turnpike.Ledger.Contracts;

namespace Turnpike.Ledger;

/// <summary>
/// EIP-712 digests of everything that the network signs, for one verifying contract: domain (name "Turnpike", version "1", chain id, contract).
/// Tests hold each equal to the contract's own hash function.
/// </summary>
public sealed class SigningDomain
{
    private static readonly Bytes32 DomainType = Hash("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
    private static readonly Bytes32 ReportType = Hash("EpochReport(bytes32 networkId,bytes32 configDigest,uint64 epoch,uint32 attempt,bytes32 previousReportHash,bytes32 inputsHash,"
        + "bytes32 evidenceRoot,bytes32 rulesHash,bytes32 outcomeHash,bytes32 rewardsRoot,uint128 cumulativeRewards,uint128 mint,bytes32 chargesRoot,uint128 cumulativeCharges)");
    private static readonly Bytes32 AvailabilityType = Hash("Availability(bytes32 configDigest,uint64 epoch,address gateway,bytes32 manifestHash,uint64 byteCount)");
    private static readonly Bytes32 ObservationType = Hash("Observation(bytes32 configDigest,uint64 round,uint64 timestamp,uint128 price)");
    private static readonly Bytes32 PermitType = Hash("DevicePermit(bytes32 networkId,address owner,uint256 nonce)");
    private static readonly Bytes32 ApprovalType = Hash("MakerApproval(bytes32 deviceId)");
    private static readonly Bytes32 OrderType = Hash("ServiceOrder(address customer,string service,address meter,uint256 price,uint256 capPerEpoch,uint64 fromEpoch,uint64 untilEpoch,uint64 nonce)");

    private static readonly Bytes32 CommitmentType = Hash("OutcomeCommitment(bytes32 configDigest,uint64 epoch,uint32 attempt,bytes32 inputsHash,bytes32 commitment)");
    private static readonly Bytes32 PeerRequestType = Hash("PeerRequest(bytes32 networkId,address sender,address receiver,string method,string path,bytes32 bodyHash,uint64 time,uint64 nonce)");
    private static readonly Bytes32 PeerAnswerType = Hash("PeerAnswer(bytes32 request,uint16 status,bytes32 bodyHash)");

    private readonly Bytes32 _separator;

    /// <summary>The domain of a contract on a chain.</summary>
    public SigningDomain(ulong chainId, Address contract)
    {
        var writer = new AbiWriter(DomainType.ToArray(), 4 * AbiWriter.WordBytes);
        writer.WriteBytes32(Hash("Turnpike"));
        writer.WriteBytes32(Hash("1"));
        writer.WriteUInt(chainId, 64);
        writer.WriteAddress(contract);
        _separator = Keccak256.Hash(writer.ToArray());
    }

    /// <summary>What oracles sign of an epoch; contract: EpochSettlement.</summary>
    public Bytes32 Report(EpochSettlement.EpochReport report)
    {
        var writer = new AbiWriter(ReportType.ToArray(), 14 * AbiWriter.WordBytes);
        report.WriteTo(ref writer);
        return Digest(writer);
    }

    /// <summary>What oracles sign of a manifest whose every byte they hold; contract: EpochSettlement.</summary>
    public Bytes32 Availability(Bytes32 configDigest, EpochNumber epoch, Address gateway, Bytes32 manifestHash, ulong byteCount)
    {
        var writer = new AbiWriter(AvailabilityType.ToArray(), 5 * AbiWriter.WordBytes);
        writer.WriteBytes32(configDigest);
        writer.WriteUInt(epoch.Value, 64);
        writer.WriteAddress(gateway);
        writer.WriteBytes32(manifestHash);
        writer.WriteUInt(byteCount, 64);
        return Digest(writer);
    }

    /// <summary>What oracles sign of a price they saw; contract: PriceFeed.</summary>
    public Bytes32 Observation(Bytes32 configDigest, ulong round, ulong timestamp, Price price)
    {
        var writer = new AbiWriter(ObservationType.ToArray(), 4 * AbiWriter.WordBytes);
        writer.WriteBytes32(configDigest);
        writer.WriteUInt(round, 64);
        writer.WriteUInt(timestamp, 64);
        writer.WriteUInt(price.UsdE8, 128);
        return Digest(writer);
    }

    /// <summary>What a device signs to be registered for an owner; contract: DeviceRegistry.</summary>
    public Bytes32 DevicePermit(Bytes32 networkId, Address owner, BigInteger nonce)
    {
        var writer = new AbiWriter(PermitType.ToArray(), 3 * AbiWriter.WordBytes);
        writer.WriteBytes32(networkId);
        writer.WriteAddress(owner);
        writer.WriteUInt(nonce, 256);
        return Digest(writer);
    }

    /// <summary>What a maker signs to vouch for a device; contract: DeviceRegistry.</summary>
    public Bytes32 MakerApproval(DeviceId device)
    {
        var writer = new AbiWriter(ApprovalType.ToArray(), AbiWriter.WordBytes);
        writer.WriteBytes32(device.Value);
        return Digest(writer);
    }

    /// <summary>What a customer signs to be charged; contract: Credits.</summary>
    public Bytes32 Order(ServiceOrder order)
    {
        var writer = new AbiWriter(OrderType.ToArray(), 8 * AbiWriter.WordBytes);
        writer.WriteAddress(order.Customer);
        writer.WriteBytes32(Hash(order.Service));
        writer.WriteAddress(order.Meter);
        writer.WriteUInt(order.Price, 64);
        writer.WriteUInt(order.CapPerEpoch, 64);
        writer.WriteUInt(order.FromEpoch, 64);
        writer.WriteUInt(order.UntilEpoch, 64);
        writer.WriteUInt(order.Nonce, 64);
        return Digest(writer);
    }

    /// <summary>What an oracle signs when it binds itself to a report that it does not show yet; read by other oracles, by no contract.</summary>
    public Bytes32 Commitment(Bytes32 configDigest, ulong epoch, uint attempt, Bytes32 inputsHash, Bytes32 commitment)
    {
        var writer = new AbiWriter(CommitmentType.ToArray(), 5 * AbiWriter.WordBytes);
        writer.WriteBytes32(configDigest);
        writer.WriteUInt(epoch, 64);
        writer.WriteUInt(attempt, 32);
        writer.WriteBytes32(inputsHash);
        writer.WriteBytes32(commitment);
        return Digest(writer);
    }

    /// <summary>What a node signs when it asks another: who asks whom for what, when. Read by nodes, by no contract.</summary>
    public Bytes32 PeerRequest(Bytes32 networkId, Address sender, Address receiver, string method, string path, Bytes32 bodyHash, long unixMilliseconds, ulong nonce)
    {
        var writer = new AbiWriter(PeerRequestType.ToArray(), 8 * AbiWriter.WordBytes);
        writer.WriteBytes32(networkId);
        writer.WriteAddress(sender);
        writer.WriteAddress(receiver);
        writer.WriteBytes32(Hash(method));
        writer.WriteBytes32(Hash(path));
        writer.WriteBytes32(bodyHash);
        writer.WriteUInt((ulong)unixMilliseconds, 64);
        writer.WriteUInt(nonce, 64);
        return Digest(writer);
    }

    /// <summary>What the asked node signs: its answer to exactly that request.</summary>
    public Bytes32 PeerAnswer(Bytes32 request, ushort status, Bytes32 bodyHash)
    {
        var writer = new AbiWriter(PeerAnswerType.ToArray(), 3 * AbiWriter.WordBytes);
        writer.WriteBytes32(request);
        writer.WriteUInt(status, 16);
        writer.WriteBytes32(bodyHash);
        return Digest(writer);
    }

    private Bytes32 Digest(AbiWriter encoded)
    {
        Span<byte> bytes = stackalloc byte[2 + 2 * Bytes32.Length];
        bytes[0] = 0x19;
        bytes[1] = 0x01;
        _separator.CopyTo(bytes[2..]);
        Keccak256.Hash(encoded.ToArray(), bytes[(2 + Bytes32.Length)..]);
        return Keccak256.Hash(bytes);
    }

    private static Bytes32 Hash(string text) => Keccak256.Hash(Encoding.UTF8.GetBytes(text));
}
