using Microsoft.AspNetCore.Http;
using Turnpike.Core;
using Turnpike.Evm;

namespace Turnpike.Node.Oracle.Peers;

/// <summary>
/// The door for other nodes. In this order, cheap checks first: the headers are there; the time is near ours; the chain names the sender; the signature is the sender's over exactly this request to
/// this node; the sender is within its allowance; the request is new. Only a sender's own key can use up his allowance or his place among the remembered requests. The answer, refusals included,
/// is signed over the request, so that nobody between can put words into our mouth.
/// </summary>
public sealed class PeerGate
{
    private const int MaximumBodyBytes = 128 * 1024;

    private readonly NodeContext _node;
    private readonly IDigestSigner _self;
    private readonly PeerOptions _options;
    private readonly PeerSeal _seal;
    private readonly Lock _lock = new();
    private readonly Dictionary<Address, (double Tokens, long At)> _allowances = [];
    private readonly HashSet<Bytes32> _answered = [];
    private readonly Queue<(Bytes32 Request, long Until)> _forgetting = new();

    /// <summary>A door of an account's.</summary>
    public PeerGate(NodeContext node, IDigestSigner self, PeerOptions options)
    {
        options.Validate();
        (_node, _self, _options, _seal) = (node, self, options, new PeerSeal(node.Deployment));
    }

    /// <summary>Answers one request.</summary>
    /// <param name="http">The request.</param>
    /// <param name="isMember">Whether the chain names an account for this path.</param>
    /// <param name="handle">What is asked: sender and body in, answer out.</param>
    public async Task HandleAsync(HttpContext http, Func<Address, bool> isMember, Func<Address, ReadOnlyMemory<byte>, CancellationToken, Task<PeerReply>> handle)
    {
        var cancellation = http.RequestAborted;
        var headers = http.Request.Headers;
        if (!PeerStamp.TryRead(headers[PeerStamp.SenderHeader], headers[PeerStamp.TimeHeader], headers[PeerStamp.NonceHeader], headers[PeerStamp.SignatureHeader], out var stamp) || http.Request.QueryString.HasValue)
        {
            await WriteAsync(http, PeerReply.Refuse(PeerCodes.NotSigned), default);
            return;
        }
        var body = await ReadAsync(http.Request, cancellation);
        var digest = _seal.OfRequest(stamp.Sender, _self.Address, http.Request.Method, http.Request.Path.Value!.TrimStart('/'), body, stamp.UnixMilliseconds, stamp.Nonce);
        var reply = Refuses(stamp, digest, isMember) is { } refusal ? PeerReply.Refuse(refusal) : await handle(stamp.Sender, body, cancellation);
        await WriteAsync(http, reply, await _self.SignAsync(_seal.OfAnswer(digest, reply.Status, reply.Body.Span), cancellation));
    }

    private VerdictCode? Refuses(in PeerStamp stamp, Bytes32 digest, Func<Address, bool> isMember)
    {
        if (Math.Abs(_node.Now - stamp.UnixMilliseconds) > _options.Freshness.TotalMilliseconds) return PeerCodes.Stale;
        if (!isMember(stamp.Sender)) return PeerCodes.NotMember;
        if (!PeerSeal.IsBy(stamp.Sender, digest, stamp.Signature)) return PeerCodes.BadSignature;
        lock (_lock)
        {
            if (!TryTake(stamp.Sender)) return PeerCodes.TooFast;
            return TryRemember(digest, stamp.UnixMilliseconds) ? null : PeerCodes.Replayed;
        }
    }

    // Measured by a clock that only goes forward: setting the clock back must not stop a peer.
    private bool TryTake(Address sender)
    {
        var now = _node.Time.GetTimestamp();
        var (tokens, at) = _allowances.GetValueOrDefault(sender, (_options.Burst, now));
        tokens = Math.Min(_options.Burst, tokens + _node.Time.GetElapsedTime(at, now).TotalSeconds * _options.RequestsPerSecond);
        var isTaken = tokens >= 1;
        _allowances[sender] = (isTaken ? tokens - 1 : tokens, now);
        return isTaken;
    }

    // A request is remembered until it would be stale, so at most burst + 2 x freshness x rate a sender.
    private bool TryRemember(Bytes32 digest, long signedAt)
    {
        while (_forgetting.TryPeek(out var oldest) && oldest.Until < _node.Now) _answered.Remove(_forgetting.Dequeue().Request);
        if (!_answered.Add(digest)) return false;
        _forgetting.Enqueue((digest, Math.Max(signedAt, _node.Now) + (long)(2 * _options.Freshness.TotalMilliseconds)));
        return true;
    }

    private static async Task WriteAsync(HttpContext http, PeerReply reply, Secp256k1Signature? signature)
    {
        http.Response.StatusCode = reply.Status;
        http.Response.ContentType = reply.IsGiven ? "application/json" : "application/problem+json";
        http.Response.ContentLength = reply.Body.Length;
        if (signature is { } signed) http.Response.Headers[PeerStamp.SignatureHeader] = Hex.Format(signed.ToCompact());
        await http.Response.Body.WriteAsync(reply.Body, http.RequestAborted);
    }

    // Kestrel refuses more than its own limit, which is this one; whatever the request claims, no more is read.
    private static async Task<byte[]> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        using var buffer = new MemoryStream();
        var chunk = new byte[16 * 1024];
        for (int read; (read = await request.Body.ReadAsync(chunk, cancellation)) > 0;)
        {
            if (buffer.Length + read > MaximumBodyBytes) throw new BadHttpRequestException("The body is too large.", StatusCodes.Status413PayloadTooLarge);
            buffer.Write(chunk, 0, read);
        }
        return buffer.ToArray();
    }
}
