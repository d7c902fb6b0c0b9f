using System.Text.Json;
using Turnpike.Core;
using Turnpike.Evidence;
using Turnpike.Evm;
using Turnpike.Ledger;
using Turnpike.Node.Oracle;
using Turnpike.Node.Oracle.Peers;
using Turnpike.Node.Oracle.Rounds;

namespace Turnpike.Node.Gateway;

/// <summary>
/// The certificates of one manifest as they come in: each oracle has its own question under way, and what it signed is kept, so that a slow or hanging one costs the others no time. One caller at a time.
/// </summary>
internal sealed class CertificateRound(Manifest manifest, OracleSet oracles, Bytes32 digest, PeerClient client, OracleTiming timing)
{
    private readonly byte[] _request = JsonSerializer.SerializeToUtf8Bytes(new AvailabilityRequest(manifest.Epoch.Value, manifest.Gateway.ToString(), manifest.Hash().ToString(), manifest.ByteCount), PeerReply.Json);
    private readonly Secp256k1Signature?[] _signatures = new Secp256k1Signature?[oracles.Oracles.Count];
    private readonly Task<PeerReply?>?[] _asked = new Task<PeerReply?>?[oracles.Oracles.Count];

    public Manifest Manifest => manifest;

    /// <summary>Certificates so far.</summary>
    public int Count => _signatures.Count(signature => signature is not null);

    /// <summary>Certificates needed.</summary>
    public int Needed => oracles.Quorum;

    /// <summary>What the oracle that refused last said; null when none did.</summary>
    public string? Refusal { get; private set; }

    /// <summary>Asks whoever has not certified and is not being asked, and waits until f + 1 have, or for one block; the quorum, or null.</summary>
    public async Task<OracleQuorum?> AskAsync(CancellationToken cancellation)
    {
        for (var i = 0; i < _asked.Length; i++)
            if (_signatures[i] is null) _asked[i] ??= client.AskAsync(HttpMethod.Post, oracles.Oracles[i], oracles.Endpoints[i], "v1/oracle/availability", _request, client.Options.CertificateLimit, cancellation);
        // The real clock's: what is waited for is sockets.
        var pause = Task.Delay(timing.BlockTime, cancellation);
        while (true)
        {
            for (var i = 0; i < _asked.Length; i++)
                if (_asked[i] is { IsCompleted: true } answered) Take(i, await answered);
            if (OracleQuorum.Gather(oracles, digest, _signatures) is { } quorum) return quorum;
            var waiting = _asked.OfType<Task>().ToList();
            // Whoever refused is asked again after the pause, not at once.
            if (await Task.WhenAny([.. waiting, pause]) == pause) return null;
        }
    }

    private void Take(int oracle, PeerReply? reply)
    {
        _asked[oracle] = null;
        if (reply is not { } given) return;
        if (given.IsGiven && given.TryRead<SignatureAnswer>(out var answer) && PeerStamp.TryRead(answer.Signature, out var signature) && PeerSeal.IsBy(oracles.Oracles[oracle], digest, signature)) _signatures[oracle] = signature;
        else Refusal = $"oracle {oracle}: {given.Code} {given.Detail ?? "answers without a reason"}";
    }
}
