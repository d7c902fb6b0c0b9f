namespace Turnpike.Evidence.Tests.Envelope;

public sealed class EnvelopeFuzzTests
{
    [Fact]
    public void Random_and_mutated_bytes_never_throw_and_get_a_code()
    {
        using var key = P256DeviceKey.Generate();
        var good = new EnvelopeSigner(key, Samples.Network).Sign(Samples.Content());
        var random = new Random(20260101);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 200_000; i++)
        {
            var data = i % 3 == 0 ? Noise(random) : Mutate(random, good);
            var decoded = EnvelopeCodec.TryDecode(data, out var envelope, out var code);
            Assert.Equal(decoded, code == AdmissionCode.Admitted);
            Assert.NotNull(AdmissionCodes.Describe(code));
            if (decoded) Assert.Equal(data, EnvelopeCodec.Encode(envelope.Algorithm, envelope.Device, envelope.Payload.Span, envelope.Signature.Span));
        }
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1_000_000_000, "decoding allocates by what hostile input claims");
    }

    private static byte[] Noise(Random random)
    {
        var data = new byte[random.Next(0, 64)];
        random.NextBytes(data);
        if (data.Length > 2 && random.Next(2) == 0) (data[0], data[1]) = (0xD2, 0x84);
        return data;
    }

    private static byte[] Mutate(Random random, byte[] good)
    {
        var data = good.ToList();
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            var at = random.Next(data.Count);
            switch (random.Next(4))
            {
                case 0: data[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: data.RemoveAt(at); break;
                case 2: data.Insert(at, (byte)random.Next(256)); break;
                default: data.RemoveRange(at, data.Count - at); break;
            }
            if (data.Count == 0) break;
        }
        return [.. data];
    }
}
