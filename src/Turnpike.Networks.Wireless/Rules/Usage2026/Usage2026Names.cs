namespace Turnpike.Networks.Wireless.Rules.Usage2026;

/// <summary>What the pack, its shape and its parameters are called in blueprints and in canonical parameters.</summary>
public static class Usage2026Names
{
    /// <summary>The pack.</summary>
    public const string Id = "usage-2026";

    /// <summary>The shape that pays each credit its worth in tokens, or pro rata where the pool is smaller than that.</summary>
    public const string UsageShape = "usage";

    /// <summary>Bytes of payload that one credit pays for; every packet costs at least one credit.</summary>
    public const string BytesPerCredit = "bytes_per_credit";

    /// <summary>Milliseconds within which the same frame of a device is a retransmission and not a new packet.</summary>
    public const string RetransmissionWindow = "retransmission_window";

    /// <summary>Lowest trust level of evidence that is paid.</summary>
    public const string MinimumTrust = "minimum_trust";
}
