using Turnpike.Core;

namespace Turnpike.Networks.Wireless.Rules.Usage2026;

/// <summary>Fixes the source of the pack: a test recomputes the hash over every type that the pack reaches.</summary>
internal static class Usage2026Source
{
    /// <summary>SHA-256 over the tokens of the pack's dependency closure.</summary>
    public static readonly Bytes32 Hash = Bytes32.Parse("0x7f5bee64bf010566ccd3aa7eade2b515004773ad256922be2078f99a8aadbd9f");
}
