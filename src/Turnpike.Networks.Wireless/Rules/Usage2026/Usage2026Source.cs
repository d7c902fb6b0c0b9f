using Turnpike.Core;

namespace Turnpike.Networks.Wireless.Rules.Usage2026;

/// <summary>Fixes the source of the pack: a test recomputes the hash over every type that the pack reaches.</summary>
internal static class Usage2026Source
{
    /// <summary>SHA-256 over the tokens of the pack's dependency closure.</summary>
    public static readonly Bytes32 Hash = Bytes32.Parse("0x01e1daaf21550e721623f17fa98093d7a4503a2c99f0411e3e8f369bef6d5450");
}
