using System.Security.Cryptography;
using Turnpike.Core;

namespace Turnpike.Evidence;

/// <summary>
/// The ordered checks at a gateway's door: form, then what the piece says, then its device; cheap first, the signature late, state changed last. The first
/// rule broken gives the code. Thread-safe.
/// </summary>
public sealed class AdmissionGate
{
    private readonly Bytes32 _networkId;
    private readonly int _maximumBytes;
    private readonly IDeviceDirectory _devices;
    private readonly IPieceRule[] _pieceRules;
    private readonly IDeviceRule[] _deviceRules;

    /// <summary>A gate with the given rules in the given order.</summary>
    public AdmissionGate(Bytes32 networkId, int maximumBytes, IReadOnlyList<IPieceRule> pieceRules, IDeviceDirectory devices, IReadOnlyList<IDeviceRule> deviceRules)
    {
        _networkId = networkId;
        _maximumBytes = maximumBytes;
        _devices = devices;
        _pieceRules = [.. pieceRules];
        _deviceRules = [.. deviceRules];
    }

    /// <summary>The gate every gateway uses. The caller remembers a piece in <paramref name="recent"/> once it is durable.</summary>
    public static AdmissionGate Create(AdmissionOptions options, IEnumerable<ushort> kinds, IDeviceDirectory devices, EnvelopeVerifier verifier, RecentPieces recent, TimeProvider time)
    {
        options.Validate();
        var allowances = new DeviceAllowances(options.PiecesPerSecond, options.Burst, options.RememberedDevices, time);
        return new AdmissionGate(
            verifier.NetworkId,
            options.MaximumBytes,
            [new KindRule(kinds), new ClockRule(options.FutureTolerance, options.MaximumAge)],
            devices,
            [new StatusRule(), new AlgorithmRule(), new RepetitionRule(recent), new AllowanceRule(allowances), new SignatureRule(verifier), new SpendAllowanceRule(allowances)]);
    }

    /// <summary>Judges a piece received at <paramref name="receivedAt"/>, UTC unix milliseconds. Never throws on input.</summary>
    public AdmissionResult Admit(ReadOnlyMemory<byte> raw, long receivedAt)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(receivedAt);
        if (raw.Length > _maximumBytes) return Undecoded(AdmissionCode.TooLarge, raw);
        if (!EnvelopeCodec.TryDecode(raw, out var envelope, out var code)) return Undecoded(code, raw);
        var piece = new ArrivingPiece { Envelope = envelope, Identity = envelope.Identity(_networkId), ReceivedAt = receivedAt };
        code = CheckPiece(piece);
        if (code != AdmissionCode.Admitted) return new AdmissionResult(code, piece.Identity, envelope, null);
        if (!_devices.TryGet(envelope.Device, out var device)) return new AdmissionResult(AdmissionCode.UnknownDevice, piece.Identity, envelope, null);
        return new AdmissionResult(CheckDevice(piece, device), piece.Identity, envelope, device);
    }

    private AdmissionCode CheckPiece(in ArrivingPiece piece)
    {
        foreach (var rule in _pieceRules)
        {
            var code = rule.Check(piece);
            if (code != AdmissionCode.Admitted) return code;
        }
        return AdmissionCode.Admitted;
    }

    private AdmissionCode CheckDevice(in ArrivingPiece piece, DeviceKey device)
    {
        foreach (var rule in _deviceRules)
        {
            var code = rule.Check(piece, device);
            if (code != AdmissionCode.Admitted) return code;
        }
        return AdmissionCode.Admitted;
    }

    /// <summary>Hashing is bounded: a caller hands over at most what its own transport's limit let in.</summary>
    private static AdmissionResult Undecoded(AdmissionCode code, ReadOnlyMemory<byte> raw) => new(code, new Bytes32(SHA256.HashData(raw.Span)), null, null);
}
