using System.Text;
using System.Text.Json;
using Turnpike.Tests;

namespace Turnpike.Evidence.Tests.Mirror;

/// <summary>Amazon's published examples and our own recomputed ones.</summary>
public sealed class S3SignatureTests
{
    private static readonly JsonElement Vectors = SharedData.Json("storage/sigv4_vectors.json");

    [Fact]
    public void Signing_key_is_that_of_the_vectors() =>
        Assert.Equal(Text(Vectors, "signing_key_hex"), Convert.ToHexStringLower(S3Signature.SigningKey(Text(Vectors, "secret_key"), Text(Vectors, "date")[..8], Text(Vectors, "region"))));

    [Fact]
    public void Requests_of_the_vectors_give_their_signatures()
    {
        var credentials = new S3Credentials(Text(Vectors, "access_key"), Text(Vectors, "secret_key"));
        var signed = 0;
        foreach (var request in Vectors.GetProperty("requests").EnumerateArray())
        {
            var headers = new SortedDictionary<string, string>(request.GetProperty("headers").EnumerateObject().ToDictionary(header => header.Name, header => header.Value.GetString()!), StringComparer.Ordinal);
            // Presigned requests carry the signature in the query, which a mirror never does.
            if (!headers.ContainsKey("x-amz-content-sha256") || string.Join(';', headers.Keys) != Text(request, "signed_headers") || headers["x-amz-content-sha256"] != Text(request, "payload_hash")) continue;
            var canonical = S3Signature.CanonicalRequest(Text(request, "method"), Text(request, "uri"), Text(request, "query"), headers);
            Assert.Equal(Text(request, "canonical_request_sha256"), S3Signature.HexSha256(Encoding.UTF8.GetBytes(canonical)));
            var authorization = S3Signature.Authorize(credentials, Text(Vectors, "region"), Text(request, "method"), Text(request, "uri"), Text(request, "query"), headers);
            Assert.EndsWith("Signature=" + Text(request, "signature"), authorization, StringComparison.Ordinal);
            signed++;
        }
        Assert.True(signed >= 5, $"only {signed} vectors were usable");
    }

    [Theory]
    [InlineData("f 1+é.bin", "f%201%2B%C3%A9.bin")]
    [InlineData("test$file.text", "test%24file.text")]
    [InlineData("a-b_c.d~e", "a-b_c.d~e")]
    public void Names_are_escaped_as_clients_send_them(string name, string escaped) => Assert.Equal(escaped, S3Signature.Escape(name));

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
