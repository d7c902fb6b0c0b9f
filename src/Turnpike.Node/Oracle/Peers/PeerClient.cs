using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Turnpike.Core;
using Turnpike.Evm;

namespace Turnpike.Node.Oracle.Peers;

/// <summary>
/// Asks other nodes in this account's name. An answer that the asked account did not sign for this very request is no answer. Whatever a peer does, silence is the worst that comes of it: each question has
/// its own time limit, answers are read up to a bound, and no fault is thrown.
/// </summary>
public sealed partial class PeerClient(NodeContext node, IDigestSigner self, PeerOptions options, ILogger<PeerClient> logger)
{
    private const int MaximumAnswerBytes = 1024 * 1024;

    private readonly PeerSeal _seal = new(node.Deployment);

    /// <summary>The account that asks.</summary>
    public Address Account => self.Address;

    /// <summary>How nodes talk.</summary>
    public PeerOptions Options => options;

    /// <summary>Asks; null when the peer is silent, or somebody else answers.</summary>
    /// <param name="method">GET or POST.</param>
    /// <param name="account">Whose answer it must be.</param>
    /// <param name="endpoint">The URL that the chain names for it.</param>
    /// <param name="path">Relative, without a query.</param>
    /// <param name="body">Empty for GET.</param>
    /// <param name="limit">How long it may take.</param>
    /// <param name="cancellation">Stops.</param>
    public async Task<PeerReply?> AskAsync(HttpMethod method, Address account, string endpoint, string path, ReadOnlyMemory<byte> body, TimeSpan limit, CancellationToken cancellation)
    {
        // The timer is the real clock's also where the node's is not: what waits here is a socket.
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        ending.CancelAfter(limit);
        try
        {
            var (time, nonce) = (node.Now, BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)));
            var digest = _seal.OfRequest(self.Address, account, method.Method, path, body.Span, time, nonce);
            using var request = new HttpRequestMessage(method, new Uri(new Uri(endpoint.EndsWith('/') ? endpoint : endpoint + "/"), path));
            request.Headers.Add(PeerStamp.SenderHeader, self.Address.ToString());
            request.Headers.Add(PeerStamp.TimeHeader, time.ToString(CultureInfo.InvariantCulture));
            request.Headers.Add(PeerStamp.NonceHeader, nonce.ToString(CultureInfo.InvariantCulture));
            request.Headers.Add(PeerStamp.SignatureHeader, Hex.Format((await self.SignAsync(digest, ending.Token)).ToCompact()));
            if (!body.IsEmpty) request.Content = new ReadOnlyMemoryContent(body) { Headers = { ContentType = new("application/json") } };
            using var answer = await node.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ending.Token);
            var reply = new PeerReply((int)answer.StatusCode, await ReadAsync(answer, ending.Token));
            var signed = answer.Headers.TryGetValues(PeerStamp.SignatureHeader, out var values) && PeerStamp.TryRead(values.FirstOrDefault(), out var signature)
                && PeerSeal.IsBy(account, _seal.OfAnswer(digest, reply.Status, reply.Body.Span), signature);
            if (signed) return reply;
            LogForeign(endpoint, account.ToString(), reply.Status);
            return null;
        }
        // A liar sends what no list of exceptions foresees; it is one of n, and the others answer.
        catch (Exception fault) when (!cancellation.IsCancellationRequested)
        {
            LogSilent(endpoint, fault is OperationCanceledException ? $"no answer within {limit.TotalSeconds} s" : fault.Message);
            return null;
        }
    }

    private static async Task<byte[]> ReadAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        await using var stream = await answer.Content.ReadAsStreamAsync(cancellation);
        using var buffer = new MemoryStream();
        var chunk = new byte[16 * 1024];
        for (int read; (read = await stream.ReadAsync(chunk, cancellation)) > 0;)
        {
            if (buffer.Length + read > MaximumAnswerBytes) throw new IOException($"The answer is longer than {MaximumAnswerBytes} bytes.");
            buffer.Write(chunk, 0, read);
        }
        return buffer.ToArray();
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Endpoint} did not answer: {Problem}")]
    private partial void LogSilent(string endpoint, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Endpoint} answered {Status} without the signature of {Account}: another program or a man in the middle.")]
    private partial void LogForeign(string endpoint, string account, int status);
}
