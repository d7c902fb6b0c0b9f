using Microsoft.AspNetCore.Http;
using Turnpike.Evidence;

namespace Turnpike.Node.Api;

/// <summary>Whether a node can do its work, and if not, what is wrong.</summary>
internal static class Health
{
    public static IResult Of(NodeContext node, EvidenceLog? log)
    {
        var wrong = new List<string>();
        if (node.History.Block is not { } block) wrong.Add("the chain has not been read yet");
        else if (node.Now / 1000 - (long)block.Timestamp > 120) wrong.Add($"the newest block is {node.Now / 1000 - (long)block.Timestamp} s old");
        if (log?.Failure is { } failure) wrong.Add($"the evidence log refuses: {failure.Message}");
        return wrong.Count == 0 ? Results.Text("ready") : Results.Problem(title: "not-ready", detail: string.Join("; ", wrong), statusCode: StatusCodes.Status503ServiceUnavailable);
    }
}
