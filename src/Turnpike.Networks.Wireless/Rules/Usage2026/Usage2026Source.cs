using Turnpike.Core;

namespace Turnpike.Networks.Wireless.Rules.Usage2026;

/// <summary>Fixes the source of the pack: a test recomputes the hash over every type that the pack reaches.</summary>
internal static class Usage2026Source
{
    /// <summary>SHA-256 over the tokens of the pack's dependency closure.</summary>
    public static readonly Bytes32 Hash = Bytes32.Parse("0x0a7ad199dd7449f837c606d2c9f7392e572af65ba16cac1647649026998b58b3");
}
