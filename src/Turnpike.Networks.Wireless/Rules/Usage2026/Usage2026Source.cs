using Turnpike.Core;

namespace Turnpike.Networks.Wireless.Rules.Usage2026;

/// <summary>Fixes the source of the pack: a test recomputes the hash over every type that the pack reaches.</summary>
internal static class Usage2026Source
{
    /// <summary>SHA-256 over the tokens of the pack's dependency closure.</summary>
    public static readonly Bytes32 Hash = Bytes32.Parse("0x29d46943da08911674b2aef388b3f9e4b6635bf7a43ccba0e65371298d862cf7");
}
