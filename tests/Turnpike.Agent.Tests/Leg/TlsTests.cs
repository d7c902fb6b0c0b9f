using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting;

namespace Turnpike.Agent.Tests.Leg;

/// <summary>TLS to a node whose certificate a private authority signed.</summary>
public sealed class TlsTests
{
    [Fact]
    public async Task Certificate_of_the_named_authority_is_believed_and_no_other()
    {
        using var folder = new TemporaryFolder();
        using var authority = Authority("right");
        using var other = Authority("wrong");
        using var certificate = Issue(authority, "localhost");
        await File.WriteAllTextAsync(folder["right.pem"], authority.ExportCertificatePem(), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(folder["wrong.pem"], other.ExportCertificatePem(), TestContext.Current.CancellationToken);
        await using var node = await StartAsync(certificate);
        var url = new Uri($"https://localhost:{node.Url.Port}");
        node.AlsoKnownAs(url);

        await using var trusting = new TestAgent();
        node.Register(trusting.Key);
        trusting.Start(url, caFile: folder["right.pem"]);
        await trusting.UntilConnectedAsync();
        await trusting.StopAsync();
        // Another authority; this machine's authorities; the right one, for another name.
        foreach (var (ca, at) in new (string?, Uri)[] { (folder["wrong.pem"], url), (null, url), (folder["right.pem"], new Uri($"https://127.0.0.1:{url.Port}")) })
        {
            await using var doubting = new TestAgent();
            node.Register(doubting.Key);
            doubting.Start(at, caFile: ca);
            await Wait.UntilAsync(() => doubting.Host.Status().Leg.LastEnd is not null);
            Assert.Equal(9231, doubting.Host.Status().Leg.LastEnd!.Code);
        }
    }

    private static Task<TestNode> StartAsync(X509Certificate2 certificate) => TestNode.StartAsync(host: host => host.UseKestrelHttpsConfiguration().UseUrls().ConfigureKestrel(kestrel =>
        kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate))));

    private static X509Certificate2 Authority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    private static X509Certificate2 Issue(X509Certificate2 authority, string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        using var issued = request.Create(authority, authority.NotBefore, authority.NotAfter, [1, 2, 3]);
        using var withKey = issued.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pfx), null);
    }
}
