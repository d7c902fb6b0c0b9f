using System.Numerics;
using System.Text;
using Turnpike.Core;
using Turnpike.Evm.Abi;

namespace Turnpike.Evm.Tests.Abi;

public sealed class AbiDescriptionTests
{
    private static readonly Address Alice = Address.Parse("0x00000000000000000000000000000000000a11ce");

    // The example call of the Solidity documentation, "Contract ABI Specification": sam("dave", true, [1,2,3]).
    [Fact]
    public void Function_call_of_the_specification_has_its_bytes() => Assert.Equal(
        "0xa5643bf2"
        + "0000000000000000000000000000000000000000000000000000000000000060"
        + "0000000000000000000000000000000000000000000000000000000000000001"
        + "00000000000000000000000000000000000000000000000000000000000000a0"
        + "0000000000000000000000000000000000000000000000000000000000000004"
        + "6461766500000000000000000000000000000000000000000000000000000000"
        + "0000000000000000000000000000000000000000000000000000000000000003"
        + "0000000000000000000000000000000000000000000000000000000000000001"
        + "0000000000000000000000000000000000000000000000000000000000000002"
        + "0000000000000000000000000000000000000000000000000000000000000003",
        Hex.Format(AbiFunction.Parse("sam(bytes,bool,uint256[])").EncodeCall([Encoding.ASCII.GetBytes("dave"), true, new object[] { 1, 2, 3 }])));

    [Fact]
    public void Function_calldata_of_another_selector_is_refused()
    {
        var calldata = AbiFunction.Parse("transfer(address,uint256)").EncodeCall([Alice, 5]);
        Assert.Equal([Alice, new BigInteger(5)], AbiFunction.Parse("transfer(address,uint256)").DecodeCall(calldata));
        Assert.Throws<AbiException>(() => AbiFunction.Parse("approve(address,uint256)").DecodeCall(calldata));
        Assert.Throws<AbiException>(() => AbiFunction.Parse("approve(address,uint256)").DecodeCall(calldata.AsSpan(0, 3)));
    }

    [Fact]
    public void Event_with_indexed_text_decodes_to_the_texts_hash()
    {
        var named = AbiEvent.Parse("Named(string indexed name, uint64 size, address indexed who)");
        var hash = Keccak256.Hash("gateway"u8);
        var log = Log([named.Topic0, hash, Topic(Alice)], AbiCodec.Encode(AbiType.Parse("(uint64)"), [7]));
        Assert.True(named.TryDecode(log, out var values));
        Assert.Equal([hash.ToArray(), new BigInteger(7), Alice], values);
    }

    [Fact]
    public void Event_that_shares_a_topic_but_indexes_otherwise_is_not_decoded()
    {
        var erc20 = AbiEvent.Parse("Transfer(address indexed from, address indexed to, uint256 value)");
        var erc721 = AbiEvent.Parse("Transfer(address indexed from, address indexed to, uint256 indexed id)");
        var log = Log([erc20.Topic0, Topic(Alice), Topic(Alice)], new byte[32]);
        Assert.Equal(erc20.Topic0, erc721.Topic0);
        Assert.True(erc20.TryDecode(log, out _));
        Assert.False(erc721.TryDecode(log, out _));
        Assert.False(erc20.TryDecode(log with { Data = new byte[33] }, out _));
        Assert.False(erc20.TryDecode(log with { Topics = [] }, out _));
        Assert.False(erc20.TryDecode(log with { Topics = [erc20.Topic0, Keccak256.Hash("dirty"u8), Topic(Alice)] }, out _));
    }

    [Fact]
    public void Anonymous_event_may_use_four_topics_and_others_three()
    {
        AbiParameter[] four = [.. Enumerable.Range(0, 4).Select(i => new AbiParameter(AbiType.UInt(8), "p" + i) { Indexed = true })];
        var anonymous = new AbiEvent("A", four, anonymous: true);
        Bytes32[] topics = [.. Enumerable.Range(1, 4).Select(i => new Bytes32(AbiCodec.Encode(AbiType.Parse("(uint8)"), [i])))];
        Assert.True(anonymous.TryDecode(Log(topics, []), out var values));
        Assert.Equal([BigInteger.One, new BigInteger(2), new BigInteger(3), new BigInteger(4)], values);
        Assert.Throws<AbiException>(() => new AbiEvent("A", four));
    }

    [Theory]
    [InlineData("0x", RevertKind.Empty, "The contract gave no reason.")]
    [InlineData("0x08c379a0000000000000000000000000000000000000000000000000000000000000002000000000000000000000000000000000000000000000000000000000000000026e6f000000000000000000000000000000000000000000000000000000000000", RevertKind.Message, "no")]
    [InlineData("0x4e487b710000000000000000000000000000000000000000000000000000000000000011", RevertKind.Panic, "Panic 0x11: arithmetic overflow or underflow")]
    [InlineData("0x4e487b7100000000000000000000000000000000000000000000000000000000000000fe", RevertKind.Panic, "Panic 0xfe: unknown code")]
    [InlineData("0x4e487b71000000000000000000000000000000000000000000000000000000000000", RevertKind.Unknown, "Unknown error 0x4e487b71000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("0x08c379a0", RevertKind.Unknown, "Unknown error 0x08c379a0")]
    [InlineData("0x12", RevertKind.Unknown, "Unknown error 0x12")]
    public void Revert_data_is_explained(string data, RevertKind kind, string text)
    {
        var reason = RevertReason.Decode(Hex.Parse(data));
        Assert.Equal((kind, text), (reason.Kind, reason.Text));
    }

    [Fact]
    public void Custom_error_is_found_by_its_selector_and_shown_with_names()
    {
        var errors = new[] { AbiError.Parse("Other()"), AbiError.Parse("error Short(address who, uint256 needed, bytes4[] tags)") };
        var reason = RevertReason.Decode(errors[1].Encode([Alice, 12, new object[] { new byte[] { 1, 2, 3, 4 } }]), errors);
        Assert.Equal((RevertKind.Custom, "Short(who: 0x00000000000000000000000000000000000a11ce, needed: 12, tags: [0x01020304])"), (reason.Kind, reason.Text));
        Assert.Same(errors[1], reason.Error);
    }

    [Fact]
    public void Json_of_a_contract_gives_functions_events_errors_and_constructor()
    {
        var abi = ContractAbi.Parse("""
            [{"type":"constructor","inputs":[{"name":"a","type":"address"}]},
             {"type":"function","name":"put","inputs":[{"name":"p","type":"tuple[2]","components":[{"name":"x","type":"uint8"},{"name":"q","type":"tuple","components":[{"name":"y","type":"bytes"}]}]}],"outputs":[{"name":"","type":"bool"}]},
             {"type":"function","name":"put","inputs":[],"outputs":[]},
             {"type":"event","name":"Put","inputs":[{"name":"who","type":"address","indexed":true}],"anonymous":false},
             {"type":"error","name":"No","inputs":[]}, {"type":"receive","stateMutability":"payable"}]
            """);
        Assert.Equal(["put((uint8,(bytes))[2])", "put()"], abi.Functions.Select(f => f.Signature));
        Assert.Null(abi.Function("put"));
        Assert.Equal("(bool)", abi.Function("put((uint8,(bytes))[2])")!.OutputTuple.ToString());
        Assert.True(abi.Event("Put")!.Inputs[0].Indexed);
        Assert.Equal(("No()", "(address)"), (abi.Errors[0].Signature, abi.Constructor.ToString()));
    }

    [Fact]
    public void Packed_form_of_tuples_and_of_arrays_of_text_does_not_exist()
    {
        Assert.Throws<ArgumentException>(() => AbiPacked.Encode([AbiType.Parse("(uint8)")], [new object[] { 1 }]));
        Assert.Throws<ArgumentException>(() => AbiPacked.Encode([AbiType.Parse("string[]")], [new object[] { "a" }]));
    }

    private static Bytes32 Topic(Address address) => new(AbiCodec.Encode(AbiType.Parse("(address)"), [address]));

    private static LogEntry Log(IReadOnlyList<Bytes32> topics, byte[] data) => new()
    {
        Address = Alice,
        Topics = topics,
        Data = data,
        BlockNumber = 1,
        BlockHash = Keccak256.Hash("block"u8),
        TransactionHash = Keccak256.Hash("transaction"u8),
        TransactionIndex = 0,
        LogIndex = 0,
    };
}
