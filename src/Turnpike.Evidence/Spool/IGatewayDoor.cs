using Turnpike.Core;

namespace Turnpike.Evidence;

/// <summary>What a gateway answered to a piece.</summary>
/// <param name="Receipt">Its promise; null when it refused.</param>
/// <param name="Code">The number of the refusal's reason; 0 when it gave a receipt or no code.</param>
/// <param name="Problem">For a person.</param>
public sealed record DoorAnswer(SignedReceipt? Receipt, int Code, string Problem);

/// <summary>What a gateway says became of a piece.</summary>
public enum PieceStage
{
    /// <summary>It does not hold it.</summary>
    Unknown,

    /// <summary>Durable, in no manifest yet.</summary>
    Received,

    /// <summary>In a manifest that the chain does not hold yet.</summary>
    Listed,

    /// <summary>In a manifest whose certified commit is on chain.</summary>
    Certified,
}

/// <summary>A piece's stage with its proof.</summary>
/// <param name="Stage">Where it is.</param>
/// <param name="Epoch">Of the manifest.</param>
/// <param name="Manifest">The manifest's hash.</param>
/// <param name="Proof">That the manifest lists it.</param>
/// <param name="IsClone">Whether a settled epoch found another piece under its boot and sequence: neither is paid.</param>
public sealed record PieceState(PieceStage Stage, EpochNumber Epoch, Bytes32 Manifest, InclusionProof? Proof, bool IsClone);

/// <summary>A gateway as a device reaches it. Every call may fail as networks do; the sender then turns to another.</summary>
public interface IGatewayDoor
{
    /// <summary>The gateway's account, whose receipts are believed.</summary>
    Address Gateway { get; }

    /// <summary>Hands a piece in.</summary>
    /// <exception cref="HttpRequestException">It cannot be reached.</exception>
    Task<DoorAnswer> SubmitAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken);

    /// <summary>What became of a piece.</summary>
    /// <exception cref="HttpRequestException">It cannot be reached.</exception>
    Task<PieceState> StateAsync(Bytes32 identity, long receivedAt, CancellationToken cancellationToken);

    /// <summary>A manifest that the chain holds for the epoch under this hash, its hash checked; null when it cannot be had.</summary>
    /// <exception cref="HttpRequestException">It cannot be reached.</exception>
    Task<Manifest?> CertifiedManifestAsync(EpochNumber epoch, Bytes32 hash, CancellationToken cancellationToken);
}
