using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using Turnpike.Core;
using Turnpike.Evm;

namespace Turnpike.Evidence;

/// <summary>A gateway over HTTP. Answers are read up to a limit and believed as far as signatures and hashes go.</summary>
public sealed class HttpGatewayDoor(Uri root, Address gateway, Bytes32 networkId, HttpClient http) : IGatewayDoor
{
    private const int MaximumAnswerBytes = 1 << 20;
    private const int MaximumDepth = 8;

    /// <inheritdoc/>
    public Address Gateway => gateway;

    /// <inheritdoc/>
    public async Task<DoorAnswer> SubmitAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken)
    {
        using var content = new ReadOnlyMemoryContent(piece);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/cose");
        using var answer = await http.PostAsync(new Uri(root, "v1/evidence"), content, cancellationToken);
        var body = await ReadAsync(answer, MaximumAnswerBytes, cancellationToken);
        if (answer.StatusCode is HttpStatusCode.Accepted && ReadReceipt(body) is { } receipt) return new DoorAnswer(receipt, 0, "");
        var problem = $"{root} answered {(int)answer.StatusCode}";
        return new DoorAnswer(null, Parse(body) is { } json && json.TryGetProperty("code", out var code) && code.ValueKind == JsonValueKind.Number && code.TryGetInt32(out var number) ? number : 0, problem);
    }

    /// <inheritdoc/>
    public async Task<PieceState> StateAsync(Bytes32 identity, long receivedAt, CancellationToken cancellationToken)
    {
        var unknown = new PieceState(PieceStage.Unknown, default, default, null, false);
        using var answer = await http.GetAsync(new Uri(root, FormattableString.Invariant($"v1/evidence/{identity}?receivedAt={receivedAt}")), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (!answer.IsSuccessStatusCode || Parse(await ReadAsync(answer, MaximumAnswerBytes, cancellationToken)) is not { } json) return unknown;
        if (!Enum.TryParse<PieceStage>(Text(json, "state"), ignoreCase: true, out var stage) || !Enum.IsDefined(stage)) return unknown;
        // None of a piece that no manifest lists yet.
        _ = EpochNumber.TryParse(Text(json, "epoch"), out var epoch) & Bytes32.TryParse(Text(json, "manifest"), out var manifest);
        InclusionProof? proof = null;
        if (json.TryGetProperty("proof", out var element) && element.ValueKind == JsonValueKind.Object && InclusionProofCodec.TryParse(element, out var read)) proof = read;
        return new PieceState(stage, epoch, manifest, proof, json.TryGetProperty("clone", out var clone) && clone.ValueKind == JsonValueKind.Object);
    }

    /// <inheritdoc/>
    public async Task<Manifest?> CertifiedManifestAsync(EpochNumber epoch, Bytes32 hash, CancellationToken cancellationToken)
    {
        using var listed = await http.GetAsync(new Uri(root, $"v1/commits/{epoch}"), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (!listed.IsSuccessStatusCode || Parse(await ReadAsync(listed, MaximumAnswerBytes, cancellationToken)) is not { ValueKind: JsonValueKind.Array } commits) return null;
        var commit = commits.EnumerateArray().FirstOrDefault(item => item.ValueKind == JsonValueKind.Object && Bytes32.TryParse(Text(item, "manifest"), out var found) && found == hash);
        if (commit.ValueKind != JsonValueKind.Object) return null;
        // The manifest is served by the gateway that wrote it; the hash says that it is the one.
        var at = Uri.TryCreate(Text(commit, "url"), UriKind.Absolute, out var owner) ? owner : root;
        using var answer = await http.GetAsync(new Uri(at, $"v1/manifests/{hash}"), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (!answer.IsSuccessStatusCode) return null;
        var bytes = await ReadAsync(answer, ManifestCodec.MaximumBytes, cancellationToken);
        return new Bytes32(SHA256.HashData(bytes)) == hash && ManifestCodec.TryParse(bytes, out var manifest, out _) && manifest.NetworkId == networkId ? manifest : null;
    }

    private SignedReceipt? ReadReceipt(byte[] body)
    {
        if (Parse(body) is not { } json || !Bytes32.TryParse(Text(json, "identity"), out var identity) || !Address.TryParse(Text(json, "gateway"), out var signer)) return null;
        if (!json.TryGetProperty("receivedAt", out var at) || at.ValueKind != JsonValueKind.Number || !at.TryGetInt64(out var receivedAt) || receivedAt < 0) return null;
        if (!json.TryGetProperty("promisedEpoch", out var promised) || promised.ValueKind != JsonValueKind.Number || !promised.TryGetUInt64(out var epoch) || epoch == 0) return null;
        return Hex.TryParse(Text(json, "signature"), out var raw) && Secp256k1Signature.TryParseCompact(raw, out var signature)
            ? new SignedReceipt(new Receipt { NetworkId = networkId, Gateway = signer, Identity = identity, ReceivedAt = receivedAt, PromisedEpoch = new EpochNumber(epoch) }, signature)
            : null;
    }

    private static JsonElement? Parse(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = MaximumDepth });
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            // What a gateway sends that is no JSON says nothing, like no answer.
            return null;
        }
    }

    private static string Text(JsonElement json, string name) => json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() ?? "" : "";

    private static async Task<byte[]> ReadAsync(HttpResponseMessage answer, int limit, CancellationToken cancellationToken)
    {
        await using var stream = await answer.Content.ReadAsStreamAsync(cancellationToken);
        using var buffer = new MemoryStream();
        var chunk = new byte[16384];
        for (int read; (read = await stream.ReadAsync(chunk, cancellationToken)) > 0;)
        {
            if (buffer.Length + read > limit) throw new HttpRequestException($"The gateway sent more than {limit} bytes.");
            buffer.Write(chunk, 0, read);
        }
        return buffer.ToArray();
    }
}
