using Turnpike.Core.Parameters;

namespace Turnpike.Networks.Wireless.Rules.Usage2026;

/// <summary>What blueprints may set in the pack usage-2026: pay for delivered data alone, as Helium IoT does since HIP-149.</summary>
public static class Usage2026Description
{
    /// <summary>Bytes of payload that one credit pays for; every packet costs at least one credit.</summary>
    public const string BytesPerCredit = "bytes_per_credit";

    /// <summary>Milliseconds within which the same frame of a device is a retransmission and not a new packet.</summary>
    public const string RetransmissionWindow = "retransmission_window";

    /// <summary>Lowest trust level of evidence that is paid.</summary>
    public const string MinimumTrust = "minimum_trust";

    /// <summary>The shape that pays each credit its worth in tokens, or pro rata where the pool is smaller than that.</summary>
    public const string UsageShape = "usage";

    /// <summary>The pack's shapes and parameters.</summary>
    public static PackDescription Pack { get; } = new()
    {
        Id = "usage-2026",
        Module = "wireless",
        Shapes = [UsageShape],
        Parameters =
        [
            new()
            {
                Name = BytesPerCredit,
                Kind = ParameterKind.Integer,
                Meaning = "Bytes of payload that one credit pays for; a packet costs at least one credit.",
                Minimum = 1,
                Maximum = 1_000_000_000,
                Default = "24",
            },
            new()
            {
                Name = RetransmissionWindow,
                Kind = ParameterKind.Duration,
                Meaning = "The same frame of a device again within this time is a retransmission, not a new packet.",
                Minimum = 0,
                Maximum = 86_400_000,
                Default = "300000",
            },
            new()
            {
                Name = MinimumTrust,
                Kind = ParameterKind.Integer,
                Meaning = "Lowest trust level that is paid: 3 hardware key vouched for by its maker, 2 device key, 1 attested by a gateway, 0 archive import.",
                Minimum = 0,
                Maximum = 3,
                Default = "2",
            },
        ],
    };
}
