namespace Turnpike.Evidence;

/// <summary>What can be wrong with a segment.</summary>
public enum SegmentFaultKind
{
    /// <summary>Fewer bytes than a header has.</summary>
    TruncatedHeader,

    /// <summary>The first bytes are not a segment's.</summary>
    NotASegment,

    /// <summary>The header does not match its checksum.</summary>
    BadHeaderChecksum,

    /// <summary>The header names another network, partition or number than expected.</summary>
    WrongHeader,

    /// <summary>The segment ends within a record.</summary>
    TruncatedRecord,

    /// <summary>A record claims more bytes than any may have.</summary>
    OversizedRecord,

    /// <summary>A record does not match its checksum.</summary>
    BadRecordChecksum,

    /// <summary>A whole record whose fields no writer produces.</summary>
    ImpossibleRecord,

    /// <summary>Another number of bytes than expected.</summary>
    WrongLength,

    /// <summary>Another SHA-256 than expected, though every record matches its own checksum.</summary>
    WrongSha256,

    /// <summary>Another number of records than expected.</summary>
    WrongCount,

    /// <summary>Another Merkle root than expected.</summary>
    WrongMerkleRoot,

    /// <summary>Other first or last times of receipt than expected.</summary>
    WrongTimes,
}

/// <summary>What is wrong with a segment, and where.</summary>
/// <param name="Kind">What.</param>
/// <param name="Offset">The byte at which it shows.</param>
/// <param name="RecordIndex">The record in which it shows, from 0; -1 for the header and the segment as a whole.</param>
/// <param name="Detail">For the operator.</param>
public sealed record SegmentFault(SegmentFaultKind Kind, long Offset, int RecordIndex, string Detail)
{
    /// <summary>Kind, place and detail.</summary>
    public override string ToString() => RecordIndex < 0 ? $"{Kind} at byte {Offset}: {Detail}" : $"{Kind} in record {RecordIndex} at byte {Offset}: {Detail}";
}
