using System.Text;
using Turnpike.Core;
using Turnpike.Evm.TypedData;
using Turnpike.Ledger;

namespace Turnpike.Node.Tests.Oracles;

/// <summary>What nodes sign for each other, against the EIP-712 encoder, so that any wallet shows and signs the same.</summary>
public sealed class PeerDigestTests
{
    private const string Contract = "0x1111111111111111111111111111111111111111";
    private const string Other = "0x2222222222222222222222222222222222222222";
    private static readonly SigningDomain Domain = new(31337, Address.Parse(Contract));
    private static readonly string Word = "0x" + new string('3', 64);

    [Fact]
    public void Request_digest_is_typed_data() => Assert.Equal(
        Typed("PeerRequest", """[{"name":"networkId","type":"bytes32"},{"name":"sender","type":"address"},{"name":"receiver","type":"address"},{"name":"method","type":"string"},{"name":"path","type":"string"},{"name":"bodyHash","type":"bytes32"},{"name":"time","type":"uint64"},{"name":"nonce","type":"uint64"}]""",
            $$"""{"networkId":"{{Word}}","sender":"{{Contract}}","receiver":"{{Other}}","method":"POST","path":"v1/oracle/rounds/7/0","bodyHash":"{{Word}}","time":"1764037800000","nonce":"18446744073709551615"}"""),
        Domain.PeerRequest(Bytes32.Parse(Word), Address.Parse(Contract), Address.Parse(Other), "POST", "v1/oracle/rounds/7/0", Bytes32.Parse(Word), 1764037800000, ulong.MaxValue));

    [Fact]
    public void Answer_digest_is_typed_data() => Assert.Equal(
        Typed("PeerAnswer", """[{"name":"request","type":"bytes32"},{"name":"status","type":"uint16"},{"name":"bodyHash","type":"bytes32"}]""", $$"""{"request":"{{Word}}","status":"409","bodyHash":"{{Word}}"}"""),
        Domain.PeerAnswer(Bytes32.Parse(Word), 409, Bytes32.Parse(Word)));

    [Fact]
    public void Commitment_digest_is_typed_data() => Assert.Equal(
        Typed("OutcomeCommitment", """[{"name":"configDigest","type":"bytes32"},{"name":"epoch","type":"uint64"},{"name":"attempt","type":"uint32"},{"name":"inputsHash","type":"bytes32"},{"name":"commitment","type":"bytes32"}]""",
            $$"""{"configDigest":"{{Word}}","epoch":"7","attempt":"4294967295","inputsHash":"{{Word}}","commitment":"{{Word}}"}"""),
        Domain.Commitment(Bytes32.Parse(Word), 7, uint.MaxValue, Bytes32.Parse(Word), Bytes32.Parse(Word)));

    private static Bytes32 Typed(string type, string fields, string message) => TypedDataDocument.Parse(Encoding.UTF8.GetBytes(
        $$"""{"types":{"EIP712Domain":[{"name":"name","type":"string"},{"name":"version","type":"string"},{"name":"chainId","type":"uint256"},{"name":"verifyingContract","type":"address"}],"{{type}}":{{fields}}},"primaryType":"{{type}}","domain":{"name":"Turnpike","version":"1","chainId":"31337","verifyingContract":"{{Contract}}"},"message":{{message}}}""")).Digest;
}
