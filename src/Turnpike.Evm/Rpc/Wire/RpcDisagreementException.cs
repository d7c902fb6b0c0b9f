namespace Turnpike.Evm.Rpc;

/// <summary>Two endpoints answered one critical read differently: one of them lags, follows another branch, or lies. Nothing may be decided from either.</summary>
public sealed class RpcDisagreementException : RpcException
{
    /// <summary>Two endpoints and what each of them says.</summary>
    public RpcDisagreementException((string Endpoint, string Answer) first, (string Endpoint, string Answer) second)
        : base(RpcFault.Disagreement, "quorum read", $"{first.Endpoint} and {second.Endpoint}",
            $"the endpoints disagree: {first.Endpoint} says {Shorten(first.Answer)}, {second.Endpoint} says {Shorten(second.Answer)}. Compare both with a third source before removing one.")
    {
        (FirstEndpoint, FirstAnswer) = first;
        (SecondEndpoint, SecondAnswer) = second;
    }

    private static string Shorten(string text) => text.Length <= 200 ? text : text[..197] + "...";

    /// <summary>The endpoint that is first in the configuration.</summary>
    public string FirstEndpoint { get; }

    /// <summary>Its answer in full.</summary>
    public string FirstAnswer { get; }

    /// <summary>The endpoint that differs.</summary>
    public string SecondEndpoint { get; }

    /// <summary>Its answer in full.</summary>
    public string SecondAnswer { get; }
}
