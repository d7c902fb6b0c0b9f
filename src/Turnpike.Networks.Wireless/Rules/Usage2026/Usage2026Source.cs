using Turnpike.Core;

namespace Turnpike.Networks.Wireless.Rules.Usage2026;

/// <summary>Fixes the source of the pack: a test recomputes the hash over every type that the pack reaches.</summary>
internal static class Usage2026Source
{
    /// <summary>SHA-256 over the tokens of the pack's dependency closure.</summary>
    public static readonly Bytes32 Hash = Bytes32.Parse("0x53e54d782e3c03419cef454d9650d9b93869b098993b7049d519a010a0453c3f");
}
