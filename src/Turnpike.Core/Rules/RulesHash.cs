using System.Security.Cryptography;
using System.Text;

namespace Turnpike.Core.Rules;

/// <summary>The hash under which a network's rules are registered on chain: pack, parameters and source together.</summary>
public static class RulesHash
{
    /// <summary>SHA-256("turnpike-rules" LF id LF source hash LF parameters). Parameters are the blueprint's canonical bytes.</summary>
    public static Bytes32 Of(IRulePack pack, ReadOnlySpan<byte> parameters)
    {
        var head = Encoding.ASCII.GetBytes($"turnpike-rules\n{pack.Id}\n{pack.SourceHash}\n");
        return new Bytes32(SHA256.HashData([.. head, .. parameters]));
    }
}
