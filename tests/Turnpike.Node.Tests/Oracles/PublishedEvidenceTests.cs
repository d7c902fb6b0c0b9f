using System.Net;
using System.Security.Cryptography;
using Turnpike.Core;
using Turnpike.Ledger;
using Turnpike.Node.Epochs;
using Turnpike.Node.Gateway;

namespace Turnpike.Node.Tests.Oracles;

/// <summary>Evidence is had from whoever has it; nobody is believed.</summary>
public sealed class PublishedEvidenceTests
{
    private static readonly byte[] Manifest = "the manifest's bytes"u8.ToArray();
    private static readonly EvidenceCommit Commit = new(3, new Address(Enumerable.Repeat((byte)7, 20).ToArray()), new Bytes32(SHA256.HashData(Manifest)), 1, Bytes32.Zero);

    [Theory]
    [InlineData("http://gone.test/", "http://lies.test/", "http://has.test")]
    [InlineData("http://missing.test/", "http://floods.test/", "http://has.test/")]
    [InlineData("not a url", "http://has.test/")]
    public async Task Place_that_is_gone_lies_or_floods_is_passed_over(params string[] places)
    {
        var bytes = await new PublishedEvidence(new HttpClient(new Places()), _ => places).ManifestAsync(Commit, TestContext.Current.CancellationToken);
        Assert.Equal(Manifest, bytes.ToArray());
    }

    [Fact]
    public async Task Evidence_that_nobody_has_is_named_with_what_each_place_did()
    {
        var source = new PublishedEvidence(new HttpClient(new Places()), _ => ["http://gone.test/", "http://lies.test/", "http://missing.test/"]);
        var fault = await Assert.ThrowsAsync<EvidenceException>(() => source.ManifestAsync(Commit, TestContext.Current.CancellationToken));
        Assert.StartsWith($"Manifest {Commit.ManifestHash}", fault.Message, StringComparison.Ordinal);
        Assert.All(new[] { "gone.test", "other bytes", "answers 404" }, part => Assert.Contains(part, fault.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Quota_one_device_leaves_room_for_the_others()
    {
        var quota = new EvidenceQuota(640_000);
        var (greedy, other) = (new DeviceId(new Bytes32(Enumerable.Repeat((byte)1, 32).ToArray())), new DeviceId(new Bytes32(Enumerable.Repeat((byte)2, 32).ToArray())));
        var taken = Enumerable.Range(0, 10_000).Count(_ => quota.TryTake(greedy, 100));
        // Half of 630,000, and a two-hundredth.
        Assert.Equal((315_000 + 3_100) / 100, taken);
        Assert.True(quota.TryTake(other, 100));
        // What the disk refuses uses up nobody's share.
        quota.GiveBack(greedy, 100);
        Assert.True(quota.TryTake(greedy, 100));
        Assert.False(quota.TryTake(greedy, 100));
        quota.Release(320_000);
        Assert.True(quota.TryTake(greedy, 100));
    }

    [Fact]
    public void Quota_is_taken_given_back_and_freed_by_a_certificate()
    {
        var quota = new EvidenceQuota(6_400);
        Assert.True(quota.TryTake(null, 6_300));
        Assert.False(quota.TryTake(null, 1));
        quota.Release(300);
        Assert.True(quota.TryTake(null, 300));
        quota.Release(7_000);
        Assert.Equal(0UL, quota.Waiting);
        quota.Add(6_400);
        Assert.False(quota.TryTake(null, 1));
        Assert.Equal(6_400UL, quota.Waiting);
    }

    [Fact]
    public void Quota_is_never_exceeded_by_many_at_once()
    {
        var quota = new EvidenceQuota(64_000);
        Assert.Equal(6_300, Enumerable.Range(0, 100_000).AsParallel().WithDegreeOfParallelism(8).Count(_ => quota.TryTake(null, 10)));
    }

    private sealed class Places : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(request.RequestUri!.Host switch
        {
            "gone.test" => throw new HttpRequestException("gone.test refuses the connection"),
            "missing.test" => new HttpResponseMessage(HttpStatusCode.NotFound),
            "lies.test" => new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent([1, 2, 3]) },
            "floods.test" => new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(new byte[17 * 1024 * 1024]) },
            _ => new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(Manifest) },
        });
    }
}
