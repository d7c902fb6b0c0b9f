namespace Turnpike.Evidence.Tests.Admission;

/// <summary>Allocation budgets of the hot path; times are charted by benchmarks, not asserted.</summary>
public sealed class AdmissionBudgetTests
{
    private const int Rounds = 2_000;

    [Fact]
    public void Admitting_a_piece_allocates_at_most_half_a_kibibyte()
    {
        using var key = P256DeviceKey.Generate();
        using var verifier = new EnvelopeVerifier(Samples.Network, 16);
        var devices = new DeviceDirectory();
        devices.Set(key.Public);
        var gate = AdmissionGate.Create(new AdmissionOptions { Burst = 1_000_000 }, [300], devices, verifier, new RecentPieces(1_000), new ManualTime());
        var piece = new EnvelopeSigner(key, Samples.Network).Sign(Samples.Content());
        Assert.InRange(PerRound(() => Assert.True(gate.Admit(piece, Samples.Now).IsAdmitted)), 0, 512);
    }

    [Fact]
    public void Verifying_with_a_key_seen_before_allocates_nothing()
    {
        using var key = P256DeviceKey.Generate();
        using var verifier = new EnvelopeVerifier(Samples.Network, 16);
        var envelope = Samples.Decode(new EnvelopeSigner(key, Samples.Network).Sign(Samples.Content()));
        Assert.Equal(0, PerRound(() => Assert.True(verifier.Verify(envelope, key.Public))));
    }

    [Fact]
    public void Refusing_a_piece_by_its_form_allocates_at_most_half_a_kibibyte()
    {
        using var key = P256DeviceKey.Generate();
        var piece = new EnvelopeSigner(key, Samples.Network).Sign(Samples.Content());
        ReadOnlyMemory<byte> cut = piece.AsMemory(0, piece.Length - 1);
        Assert.InRange(PerRound(() => Assert.False(EnvelopeCodec.TryDecode(cut, out _, out _))), 0, 512);
    }

    private static long PerRound(Action action)
    {
        for (var i = 0; i < 50; i++) action();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Rounds; i++) action();
        return (GC.GetAllocatedBytesForCurrentThread() - before) / Rounds;
    }
}
