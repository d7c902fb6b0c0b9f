using Turnpike.Core.Parameters;

namespace Turnpike.Networks.Wireless.Rules.Usage2026;

/// <summary>What blueprints may set in the pack usage-2026: pay for delivered data alone, as Helium IoT does since HIP-149.</summary>
public static class Usage2026Description
{
    /// <summary>The pack's shapes and parameters.</summary>
    public static PackDescription Pack { get; } = new()
    {
        Id = Usage2026Names.Id,
        Module = "wireless",
        Shapes = [Usage2026Names.UsageShape],
        Parameters =
        [
            new()
            {
                Name = Usage2026Names.BytesPerCredit,
                Kind = ParameterKind.Integer,
                Meaning = "Bytes of payload that one credit pays for; a packet costs at least one credit.",
                Minimum = 1,
                Maximum = 1_000_000_000,
                Default = "24",
            },
            new()
            {
                Name = Usage2026Names.RetransmissionWindow,
                Kind = ParameterKind.Duration,
                Meaning = "The same frame of a device again within this time is a retransmission, not a new packet.",
                Minimum = 0,
                Maximum = 86_400_000,
                Default = "300000",
            },
            new()
            {
                Name = Usage2026Names.MinimumTrust,
                Kind = ParameterKind.Integer,
                Meaning = "Lowest trust level that is paid: 3 hardware key vouched for by its maker, 2 device key, 1 attested by a gateway, 0 archive import.",
                Minimum = 0,
                Maximum = 3,
                Default = "2",
            },
        ],
    };
}
