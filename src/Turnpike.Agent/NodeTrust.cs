using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Turnpike.Agent;

/// <summary>Who vouches for a node whose certificate no public authority signed.</summary>
public sealed class NodeTrust
{
    private readonly X509Certificate2Collection _authorities = [];

    private NodeTrust()
    {
    }

    /// <summary>Reads a PEM file of authorities.</summary>
    /// <exception cref="AgentException">There is none in it.</exception>
    public static NodeTrust Read(string file)
    {
        try
        {
            var trust = new NodeTrust();
            trust._authorities.ImportFromPemFile(file);
            return trust._authorities.Count > 0 ? trust : throw new AgentException($"There is no certificate in {file}.");
        }
        catch (Exception fault) when (fault is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new AgentException($"The certificates in {file} cannot be read: {fault.Message}", fault);
        }
    }

    /// <summary>For requests to that node.</summary>
    /// <exception cref="AgentException">There is no authority in the file.</exception>
    public static HttpMessageHandler Handler(string file)
    {
        var trust = Read(file);
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, errors) => trust.IsVouchedFor(certificate, errors);
        return handler;
    }

    /// <summary>Whether an authority vouches for a certificate. Its name is checked as ever; only who may vouch for it differs.</summary>
    public bool IsVouchedFor(X509Certificate? certificate, SslPolicyErrors errors)
    {
        if (certificate is null || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != 0) return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_authorities);
        // A private authority rarely publishes what it revoked.
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        using var own = new X509Certificate2(certificate);
        return chain.Build(own);
    }
}
