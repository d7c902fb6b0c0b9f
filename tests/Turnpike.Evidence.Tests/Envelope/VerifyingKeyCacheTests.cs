using Turnpike.Core;

namespace Turnpike.Evidence.Tests.Envelope;

public sealed class VerifyingKeyCacheTests
{
    [Fact]
    public void Cache_never_holds_more_than_its_capacity_and_still_verifies_what_left()
    {
        var cache = new VerifyingKeyCache(32);
        var keys = Enumerable.Range(0, 200).Select(_ => P256DeviceKey.Generate()).ToArray();
        var digest = Keccak256.Hash("digest"u8);
        var signatures = keys.Select(key => Sign(key, digest)).ToArray();
        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < keys.Length; i++) Assert.True(cache.Verify(keys[i].Public, digest.ToArray(), signatures[i]));
        }
        Assert.InRange(cache.Count, 1, 32);
    }

    [Fact]
    public async Task Cache_under_eviction_from_many_threads_gives_only_right_answers()
    {
        var cache = new VerifyingKeyCache(16);
        var keys = Enumerable.Range(0, 48).Select(_ => P256DeviceKey.Generate()).ToArray();
        var digest = Keccak256.Hash("digest"u8);
        var signatures = keys.Select(key => Sign(key, digest)).ToArray();
        var tasks = Enumerable.Range(0, 8).Select(seed => Task.Run(() =>
        {
            var random = new Random(seed);
            for (var i = 0; i < 400; i++)
            {
                var (one, other) = (random.Next(keys.Length), random.Next(keys.Length));
                Assert.Equal(one == other, cache.Verify(keys[one].Public, digest.ToArray(), signatures[other]));
            }
        }, TestContext.Current.CancellationToken));
        await Task.WhenAll(tasks);
    }

    [Fact]
    public void Point_off_the_curve_verifies_nothing()
    {
        var cache = new VerifyingKeyCache(16);
        var key = DeviceKey.Create(EnvelopeAlgorithm.Es256, Keccak256.Hash("x"u8), Keccak256.Hash("y"u8));
        Assert.False(cache.Verify(key, new byte[32], new byte[64]));
    }

    [Fact]
    public void Key_under_another_devices_id_is_a_callers_bug()
    {
        var cache = new VerifyingKeyCache(16);
        using var key = P256DeviceKey.Generate();
        Assert.Throws<ArgumentException>(() => cache.Verify(key.Public with { Id = default }, new byte[32], new byte[64]));
    }

    private static byte[] Sign(P256DeviceKey key, Bytes32 digest)
    {
        var signature = new byte[EcdsaSignature.Length];
        key.Sign(digest, signature);
        return signature;
    }
}
