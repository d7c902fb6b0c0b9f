using Turnpike.Core;

namespace Turnpike.Agent.Leg;

/// <summary>The line ended with a reason that has a number.</summary>
internal sealed class LegEndedException(VerdictCode code, string detail, TimeSpan retryAfter, bool isRefusal, Exception? inner = null) : Exception($"{code.Name}: {detail}", inner)
{
    public VerdictCode Code => code;

    public string Detail => detail;

    public TimeSpan RetryAfter => retryAfter;

    /// <summary>Whether the node itself said so.</summary>
    public bool IsRefusal => isRefusal;

    public static LegEndedException Protocol(string detail) => new(AgentCodes.NodeProtocol, detail, TimeSpan.Zero, false);
}
