using Turnpike.Core;
using Turnpike.Ledger.Contracts;

namespace Turnpike.Ledger;

/// <summary>A device as the registry's logs tell it.</summary>
/// <param name="KeyType">1 P-256, 2 secp256k1, 0 an archive key.</param>
/// <param name="Key">x and y (64 bytes), or the raw archive key.</param>
/// <param name="Owner">Holder of its token.</param>
/// <param name="Payout">Where rewards go when set; zero means to the owner.</param>
/// <param name="Kind">What it is, as the rule pack numbers it.</param>
/// <param name="Trust">0 archive, 2 own key, 3 vouched for as hardware-held.</param>
/// <param name="Status">0 active.</param>
/// <param name="Cell">Public H3 cell; 0 for none.</param>
/// <param name="Maker">Who vouched; zero for nobody.</param>
public sealed record LedgerDevice(byte KeyType, ReadOnlyMemory<byte> Key, Address Owner, Address Payout, uint Kind, byte Trust, byte Status, ulong Cell, Address Maker)
{
    /// <summary>Who earns.</summary>
    public Address Beneficiary => Payout.IsZero ? Owner : Payout;
}

/// <summary>A price update.</summary>
public readonly record struct LedgerPrice(ulong Round, Price Spot, Price Average, Price Confidence, ulong Timestamp);

/// <summary>Oracles and the number among them that may lie.</summary>
public sealed record OracleSet(Bytes32 ConfigDigest, ulong FromEpoch, IReadOnlyList<Address> Oracles, byte Faulty, IReadOnlyList<string> Endpoints)
{
    /// <summary>Signatures that a report or certificate needs.</summary>
    public int Quorum => Faulty + 1;
}

/// <summary>A gateway's certified manifest of an epoch.</summary>
public readonly record struct EvidenceCommit(ulong Epoch, Address Gateway, Bytes32 ManifestHash, ulong ByteCount, Bytes32 EvidenceRoot);

/// <summary>Where a report stands.</summary>
public enum ReportStage
{
    /// <summary>Signed by the quorum; nothing is minted yet.</summary>
    Pending,

    /// <summary>Minted; its roots are in force.</summary>
    Active,

    /// <summary>Vetoed; another attempt follows.</summary>
    Vetoed,
}

/// <summary>A report on chain.</summary>
public sealed record LedgerReport(EpochSettlement.EpochReport Report, Bytes32 Hash, uint Signers, ReportStage Stage, ulong SettledAt, Bytes32 Transaction);
