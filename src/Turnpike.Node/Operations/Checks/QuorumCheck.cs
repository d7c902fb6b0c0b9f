using Turnpike.Core;

namespace Turnpike.Node.Operations;

/// <summary>Whether a peer answered.</summary>
/// <param name="Account">Its account.</param>
/// <param name="Url">Where the chain says it serves.</param>
/// <param name="Answers">Whether it did.</param>
public sealed record PeerState(Address Account, string Url, bool Answers);

/// <summary>Enough oracles answer for epochs to settle. Each is asked for its liveness at the URL that the chain names.</summary>
internal sealed class QuorumCheck(NodeContext node) : INodeCheck
{
    public string Name => "quorum";

    /// <summary>What was seen last; empty before the first round.</summary>
    public IReadOnlyList<PeerState> Oracles { get; private set; } = [];

    public async Task<CheckResult> RunAsync(CancellationToken cancellation)
    {
        var oracles = node.History.Read(state => state.OraclesAt(state.Clock.TryAt(node.Now, out var epoch) ? epoch : EpochNumber.First));
        var answers = await Task.WhenAll(oracles.Endpoints.Select(url => AnswersAsync(url, cancellation)));
        Oracles = [.. oracles.Oracles.Select((account, i) => new PeerState(account, oracles.Endpoints[i], answers[i]))];
        var answering = answers.Count(answer => answer);
        var text = $"{answering} of {answers.Length} oracles answer; {oracles.Quorum} are needed";
        if (answering < oracles.Quorum) return new CheckResult(text, new Finding(AlertCode.QuorumLost, "", $"{answering} of {answers.Length} oracles answer; {oracles.Quorum} are needed."));
        return new CheckResult(text, [.. Oracles.Where(peer => !peer.Answers).Select(peer => new Finding(AlertCode.OracleSilent, peer.Account.ToString(), $"Oracle {peer.Account} does not answer at {peer.Url}."))]);
    }

    private async Task<bool> AnswersAsync(string url, CancellationToken cancellation)
    {
        try
        {
            using var answer = await node.Http.GetAsync(new Uri(new Uri(url), "health/live"), HttpCompletionOption.ResponseHeadersRead, cancellation);
            return answer.IsSuccessStatusCode;
        }
        // Refused, unreachable, no such name, a certificate that is not his, a URL that is none: he does not answer.
        catch (Exception fault) when (fault is HttpRequestException or UriFormatException or TaskCanceledException)
        {
            return false;
        }
    }
}
