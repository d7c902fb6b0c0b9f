using System.Security.Cryptography;
using Turnpike.Core;

namespace Turnpike.Evidence.Tests.Admission;

public sealed class AdmissionGateTests : IDisposable
{
    private const ushort Kind = 300;

    private readonly P256DeviceKey _key = P256DeviceKey.Generate();
    private readonly EnvelopeVerifier _verifier = new(Samples.Network, 64);
    private readonly DeviceDirectory _devices = new();
    private readonly RecentPieces _recent = new(100);
    private readonly ManualTime _time = new();
    private readonly AdmissionGate _gate;

    public AdmissionGateTests()
    {
        _devices.Set(_key.Public);
        var options = new AdmissionOptions { PiecesPerSecond = 1, Burst = 5, FutureTolerance = TimeSpan.FromMinutes(5), MaximumAge = TimeSpan.FromHours(2) };
        _gate = AdmissionGate.Create(options, [Kind], _devices, _verifier, _recent, _time);
    }

    public void Dispose()
    {
        _key.Dispose();
        _verifier.Dispose();
    }

    [Fact]
    public void Good_piece_is_admitted_with_identity_and_device()
    {
        var piece = Sign(Samples.Content());
        var result = _gate.Admit(piece, Samples.Now);
        Assert.Equal(AdmissionCode.Admitted, result.Code);
        Assert.Equal(Samples.Decode(piece).Identity(Samples.Network), result.Identity);
        Assert.Equal(_key.Public, result.Device);
    }

    [Fact]
    public void Piece_that_does_not_decode_is_named_by_the_hash_of_its_bytes()
    {
        var result = _gate.Admit(new byte[] { 0xFF }, Samples.Now);
        Assert.Equal((AdmissionCode.MalformedCbor, new Bytes32(SHA256.HashData([0xFF]))), (result.Code, result.Identity));
        Assert.Equal(AdmissionCode.TooLarge, _gate.Admit(new byte[EnvelopeCodec.MaximumBytes + 1], Samples.Now).Code);
    }

    [Fact]
    public void Kind_no_module_declares_is_refused() => Assert.Equal(AdmissionCode.UnknownKind, _gate.Admit(Sign(Samples.Content(kind: 301)), Samples.Now).Code);

    [Theory]
    [InlineData(5 * 60_000, AdmissionCode.Admitted)]
    [InlineData(5 * 60_000 + 1, AdmissionCode.FromFuture)]
    [InlineData(-2 * 3_600_000, AdmissionCode.Admitted)]
    [InlineData(-2 * 3_600_000 - 1, AdmissionCode.TooOld)]
    [InlineData(-Samples.Now, AdmissionCode.TooOld)]
    [InlineData(long.MaxValue - Samples.Now, AdmissionCode.FromFuture)]
    public void Clock_is_plausible_up_to_the_bounds(long offset, AdmissionCode expected) =>
        Assert.Equal(expected, _gate.Admit(Sign(Samples.Content(at: Samples.Now + offset)), Samples.Now).Code);

    [Fact]
    public void Device_unknown_suspended_or_of_another_algorithm_is_refused()
    {
        using var stranger = P256DeviceKey.Generate();
        Assert.Equal(AdmissionCode.UnknownDevice, _gate.Admit(new EnvelopeSigner(stranger, Samples.Network).Sign(Samples.Content()), Samples.Now).Code);
        _devices.Set(_key.Public with { Status = DeviceStatus.Suspended });
        Assert.Equal(AdmissionCode.SuspendedDevice, _gate.Admit(Sign(Samples.Content()), Samples.Now).Code);
        _devices.Set(_key.Public with { Algorithm = EnvelopeAlgorithm.Es256K });
        Assert.Equal(AdmissionCode.WrongAlgorithm, _gate.Admit(Sign(Samples.Content()), Samples.Now).Code);
    }

    [Fact]
    public void Piece_for_another_network_or_altered_has_a_bad_signature()
    {
        var elsewhere = new EnvelopeSigner(_key, NetworkId.Of(1, Address.Zero)).Sign(Samples.Content());
        Assert.Equal(AdmissionCode.BadSignature, _gate.Admit(elsewhere, Samples.Now).Code);
    }

    [Fact]
    public void Piece_is_a_repetition_only_once_it_was_stored()
    {
        var piece = Sign(Samples.Content());
        var first = _gate.Admit(piece, Samples.Now);
        Assert.True(_gate.Admit(piece, Samples.Now).IsAdmitted);
        _recent.Remember(first.Identity, Samples.Now);
        _recent.Remember(first.Identity, Samples.Now + 9);
        var again = _gate.Admit(Sign(Samples.Content()), Samples.Now);
        Assert.Equal((AdmissionCode.Duplicate, first.Identity), (again.Code, again.Identity));
        Assert.True(_recent.TryGet(first.Identity, out var receivedAt));
        Assert.Equal(Samples.Now, receivedAt);
    }

    [Fact]
    public void Device_that_states_the_same_as_another_does_not_shut_it_out()
    {
        using var copier = P256DeviceKey.Generate();
        _devices.Set(copier.Public);
        var copy = _gate.Admit(new EnvelopeSigner(copier, Samples.Network).Sign(Samples.Content()), Samples.Now);
        _recent.Remember(copy.Identity, Samples.Now);
        var original = _gate.Admit(Sign(Samples.Content()), Samples.Now);
        Assert.NotEqual(copy.Identity, original.Identity);
        Assert.Equal(AdmissionCode.Admitted, original.Code);
    }

    [Fact]
    public void Device_beyond_its_allowance_waits_for_time_to_refill_it()
    {
        AdmissionCode Send(ulong sequence) => _gate.Admit(Sign(Samples.Content(sequence)), Samples.Now).Code;
        for (ulong i = 0; i < 5; i++) Assert.Equal(AdmissionCode.Admitted, Send(i));
        Assert.Equal(AdmissionCode.RateLimited, Send(5));
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(AdmissionCode.Admitted, Send(6));
        Assert.Equal(AdmissionCode.Admitted, Send(7));
        Assert.Equal(AdmissionCode.RateLimited, Send(8));
        _time.Advance(TimeSpan.FromDays(1));
        for (ulong i = 9; i < 14; i++) Assert.Equal(AdmissionCode.Admitted, Send(i));
        Assert.Equal(AdmissionCode.RateLimited, Send(14));
    }

    [Fact]
    public void Forgeries_do_not_use_up_the_devices_allowance()
    {
        for (ulong i = 0; i < 50; i++)
        {
            var forged = Sign(Samples.Content(i));
            forged[^1] ^= 1;
            Assert.Contains(_gate.Admit(forged, Samples.Now).Code, new[] { AdmissionCode.BadSignature, AdmissionCode.HighS });
        }
        Assert.True(_gate.Admit(Sign(Samples.Content(100)), Samples.Now).IsAdmitted);
    }

    [Fact]
    public void Rules_run_in_order_and_the_first_broken_one_gives_the_code()
    {
        var piece = new EnvelopeSigner(_key, NetworkId.Of(1, Address.Zero)).Sign(Samples.Content(at: 0, kind: 301));
        _devices.Set(_key.Public with { Status = DeviceStatus.Suspended });
        Assert.Equal(AdmissionCode.UnknownKind, _gate.Admit(piece, Samples.Now).Code);
        piece = new EnvelopeSigner(_key, NetworkId.Of(1, Address.Zero)).Sign(Samples.Content(at: 0));
        Assert.Equal(AdmissionCode.TooOld, _gate.Admit(piece, Samples.Now).Code);
        piece = new EnvelopeSigner(_key, NetworkId.Of(1, Address.Zero)).Sign(Samples.Content());
        Assert.Equal(AdmissionCode.SuspendedDevice, _gate.Admit(piece, Samples.Now).Code);
    }

    [Fact]
    public void Secp256k1_device_is_admitted_alike()
    {
        using var key = Secp256K1DeviceKey.Generate();
        _devices.Set(key.Public);
        var piece = new EnvelopeSigner(key, Samples.Network).Sign(Samples.Content());
        Assert.Equal(AdmissionCode.Admitted, _gate.Admit(piece, Samples.Now).Code);
        Assert.Equal(EnvelopeAlgorithm.Es256K, Samples.Decode(piece).Algorithm);
        Assert.Equal(AdmissionCode.BadSignature, _gate.Admit(new EnvelopeSigner(key, Keccak256.Hash("x"u8)).Sign(Samples.Content()), Samples.Now).Code);
    }

    [Fact]
    public void Memories_of_pieces_and_devices_stay_bounded_and_keep_the_recent_half()
    {
        var allowances = new DeviceAllowances(1, 5, 100, _time);
        for (var i = 0; i < 10_000; i++)
        {
            var hash = Keccak256.Hash(BitConverter.GetBytes(i));
            _recent.Remember(hash, i);
            allowances.TrySpend(new DeviceId(hash));
            Assert.InRange(_recent.Count, 1, 100);
            Assert.InRange(allowances.Count, 1, 100);
            if (i >= 50) Assert.True(Remembers(Keccak256.Hash(BitConverter.GetBytes(i - 49)), i - 49));
        }
    }

    private bool Remembers(Bytes32 hash, long expected) => _recent.TryGet(hash, out var at) && at == expected;

    private byte[] Sign(EnvelopeContent content) => new EnvelopeSigner(_key, Samples.Network).Sign(content);
}
