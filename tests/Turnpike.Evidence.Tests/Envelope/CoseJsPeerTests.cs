using System.Diagnostics;
using System.Text.Json;
using Turnpike.Core;
using Turnpike.Tests;

namespace Turnpike.Evidence.Tests.Envelope;

/// <summary>Both ways against cose-js, a COSE implementation with its own CBOR and elliptic-curve code. Needs Node and, once, an npm registry.</summary>
public sealed class CoseJsPeerTests
{
    private const string Package = "cose-js@0.9.0";

    /// <summary>Verifies the piece it is given, then signs the same payload with the given key; cbor and cose-js agree on the bytes of every part.</summary>
    private const string Script = """
        const cose = require('cose-js');
        const cbor = require('cbor');
        const input = JSON.parse(process.argv[1]);
        const bytes = hex => Buffer.from(hex, 'hex');
        (async () => {
          const verifier = { key: { x: bytes(input.x), y: bytes(input.y) }, externalAAD: bytes(input.aad) };
          const payload = await cose.sign.verify(bytes(input.piece), verifier);
          let forged = false;
          for (const aad of [input.elsewhere, input.another]) {
            try { await cose.sign.verify(bytes(input.piece), { ...verifier, externalAAD: bytes(aad) }); forged = true; } catch { }
          }
          const headers = { p: { alg: 'ES256' }, u: { kid: bytes(input.kid) } };
          const signed = await cose.sign.create(headers, payload, { key: { d: bytes(input.d) }, externalAAD: bytes(input.aad) });
          console.log(JSON.stringify({ payload: payload.toString('hex'), kind: cbor.decodeFirstSync(payload).get(1), forged, signed: signed.toString('hex') }));
        })().catch(error => { console.error(error); process.exit(1); });
        """;

    [Fact]
    public async Task Peer_verifies_our_pieces_and_we_decode_and_verify_the_peers()
    {
        var privateKey = Convert.FromHexString("57C92077664146E876760C9520D054AA93C3AFB04E306705DB6090308507B4D3");
        using var key = P256DeviceKey.FromPrivateKey(privateKey);
        using var verifier = new EnvelopeVerifier(Samples.Network, 16);
        var folder = await InstallAsync();
        var decoded = 0;
        for (ulong sequence = 0; sequence < 6; sequence++)
        {
            var piece = new EnvelopeSigner(key, Samples.Network).Sign(Samples.Content(sequence));
            var ours = Samples.Decode(piece);
            var answer = await AskAsync(folder, new Dictionary<string, string>
            {
                ["piece"] = Convert.ToHexString(piece),
                ["x"] = Convert.ToHexString(key.Public.X.ToArray()),
                ["y"] = Convert.ToHexString(key.Public.Y.ToArray()),
                ["d"] = Convert.ToHexString(privateKey),
                ["kid"] = Convert.ToHexString(key.Public.Id.Value.ToArray()),
                ["aad"] = Convert.ToHexString([.. Samples.Network.ToArray(), .. key.Public.Id.Value.ToArray()]),
                ["elsewhere"] = Convert.ToHexString([.. Bytes32.Zero.ToArray(), .. key.Public.Id.Value.ToArray()]),
                ["another"] = Convert.ToHexString([.. Samples.Network.ToArray(), .. Bytes32.Zero.ToArray()]),
            });
            Assert.Equal(Convert.ToHexStringLower(ours.Payload.Span), answer.GetProperty("payload").GetString());
            Assert.Equal(ours.Content.Kind, answer.GetProperty("kind").GetInt32());
            Assert.False(answer.GetProperty("forged").GetBoolean());
            // The peer does not normalise s; the rest of its bytes must be what we would write.
            var theirs = Convert.FromHexString(answer.GetProperty("signed").GetString()!);
            if (!EnvelopeCodec.TryDecode(theirs, out var envelope, out var code))
            {
                Assert.Equal(AdmissionCode.HighS, code);
                EcdsaSignature.Normalise(theirs.AsSpan(^EcdsaSignature.Length..), EnvelopeAlgorithm.Es256);
                envelope = Samples.Decode(theirs);
            }
            Assert.True(verifier.Verify(envelope, key.Public));
            Assert.Equal(ours.Identity(Samples.Network), envelope.Identity(Samples.Network));
            Assert.Equal(piece[..^EcdsaSignature.Length], theirs[..^EcdsaSignature.Length]);
            decoded++;
        }
        Assert.Equal(6, decoded);
    }

    private static async Task<JsonElement> AskAsync(string folder, Dictionary<string, string> input)
    {
        var (exitCode, output, error) = await RunAsync("node", folder, "-e", Script, JsonSerializer.Serialize(input));
        Assert.True(exitCode == 0, error);
        return JsonDocument.Parse(output).RootElement.Clone();
    }

    /// <summary>Installs the peer beside the build's other artifacts, once.</summary>
    private static async Task<string> InstallAsync()
    {
        var folder = Path.Combine(SharedData.RepositoryRoot, "artifacts", "peers", "cose-js");
        if (Directory.Exists(Path.Combine(folder, "node_modules", "cose-js"))) return folder;
        Directory.CreateDirectory(folder);
        try
        {
            var (exitCode, _, error) = await RunAsync("npm", folder, "install", "--prefix", folder, "--no-save", "--no-audit", "--no-fund", "--ignore-scripts", Package);
            if (exitCode != 0) Assert.Skip($"npm cannot install {Package} here: {error.Split('\n')[0]}");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("Node and npm are not installed.");
        }
        return folder;
    }

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(string program, string folder, params string[] arguments)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(TimeSpan.FromSeconds(60));
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync(timeout.Token);
        var output = await process.StandardOutput.ReadToEndAsync(timeout.Token);
        await process.WaitForExitAsync(timeout.Token);
        return (process.ExitCode, output, await error);
    }
}
