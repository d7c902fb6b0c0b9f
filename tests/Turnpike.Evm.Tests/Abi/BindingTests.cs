using System.Numerics;
using System.Text.Json;
using Turnpike.Core;
using Turnpike.Evm.Abi;
using Turnpike.Evm.Tests.Contracts;
using Turnpike.Tests;

namespace Turnpike.Evm.Tests.Abi;

/// <summary>The generated bindings of Abi/Vault.json against the untyped codec reading the same file.</summary>
public sealed class BindingTests
{
    private static readonly ContractAbi Dynamic = Artifact("Vault");
    private static readonly Address Alice = Address.Parse("0x00000000000000000000000000000000000a11ce");
    private static readonly Bytes32 Id = Keccak256.Hash("id"u8);

    private static readonly Vault.Order Order = new(
        Id,
        Alice,
        (UInt128.One << 96) - 1,
        new Vault.Inner("gr\u00fc\u00df", new Vault.Point(-8388608, Int128.MinValue), [[1, 2, 3, 4], [5, 6, 7, 8]]),
        [[new(1, 2), new(-3, -4)], [new(5, 6), new(7, 8)]],
        ["", "a text that takes more than thirty-two bytes"]);

    private static readonly object[] OrderValues =
    [
        Id, Alice, (UInt128.One << 96) - 1,
        new object[] { "gr\u00fc\u00df", new object[] { -8388608, Int128.MinValue }, new object[] { new byte[] { 1, 2, 3, 4 }, new byte[] { 5, 6, 7, 8 } } },
        new object[] { new object[] { new object[] { 1, 2 }, new object[] { -3, -4 } }, new object[] { new object[] { 5, 6 }, new object[] { 7, 8 } } },
        new object[] { "", "a text that takes more than thirty-two bytes" },
    ];

    [Fact]
    public void Call_with_nested_structs_has_the_untyped_bytes_and_reads_back()
    {
        var calldata = new Vault.PutCall(Order).Encode();
        Assert.Equal(Dynamic.Function("put")!.EncodeCall([OrderValues]), calldata);
        Assert.Equal(calldata, Vault.PutCall.Decode(calldata).Encode());
        Assert.Equal(Vault.PutCall.AbiSignature, Dynamic.Function("put")!.Signature);
    }

    [Fact]
    public void Call_with_an_array_of_structs_has_the_untyped_bytes_and_reads_back()
    {
        var calldata = new Vault.PutAllCall([Order, Order], 9).Encode();
        Assert.Equal(Dynamic.Function("putAll")!.EncodeCall([new object[] { OrderValues, OrderValues }, 9]), calldata);
        var decoded = Vault.PutAllCall.Decode(calldata);
        Assert.Equal(("gr\u00fc\u00df", -4, 9UL), (decoded.Orders[1].Inner.Label, (int)decoded.Orders[0].Track[0][1].Y, decoded.Deadline));
        Assert.Equal(calldata, decoded.Encode());
    }

    [Fact]
    public void Overloads_are_numbered_by_their_parameters()
    {
        Assert.Equal(
            ["move(address,bytes32)", "move(address,uint256)", "move(address,uint256,bytes)"],
            [Vault.MoveCall.AbiSignature, Vault.Move2Call.AbiSignature, Vault.Move3Call.AbiSignature]);
        foreach (var (call, signature, values) in new (IContractCall, string, object[])[]
        {
            (new Vault.MoveCall(Alice, Id), Vault.MoveCall.AbiSignature, [Alice, Id]),
            (new Vault.Move2Call(Alice, 5), Vault.Move2Call.AbiSignature, [Alice, 5]),
            (new Vault.Move3Call(Alice, 5, [1]), Vault.Move3Call.AbiSignature, [Alice, 5, new byte[] { 1 }]),
        })
            Assert.Equal(Dynamic.Function(signature)!.EncodeCall(values), call.Encode());
        Assert.Throws<AbiException>(() => Vault.MoveCall.Decode(new Vault.Move2Call(Alice, 5).Encode()));
    }

    [Fact]
    public void Every_width_keeps_its_extremes_and_refuses_what_does_not_fit()
    {
        var top = new Vault.WidthsCall(byte.MaxValue, ushort.MaxValue, 0xffffff, uint.MaxValue, (1UL << 40) - 1, ulong.MaxValue, (UInt128.One << 72) - 1, UInt128.MaxValue, (BigInteger.One << 136) - 1, (BigInteger.One << 256) - 1,
            sbyte.MinValue, short.MinValue, -0x800000, int.MinValue, -(1L << 39), long.MinValue, -(Int128.One << 71), Int128.MinValue, -(BigInteger.One << 135), -(BigInteger.One << 255));
        Assert.Equal(top, Vault.WidthsCall.Decode(top.Encode()));
        Assert.Equal(top.I256, Vault.WidthsCall.DecodeResult(top.Encode().AsSpan(4)).I256);
        Vault.WidthsCall[] tooWide =
        [
            top with { U24 = 0x1000000 }, top with { U40 = 1UL << 40 }, top with { U72 = UInt128.One << 72 }, top with { U136 = BigInteger.One << 136 }, top with { U256 = -1 },
            top with { I24 = -0x800001 }, top with { I40 = 1L << 39 }, top with { I72 = Int128.One << 71 }, top with { I136 = BigInteger.One << 135 }, top with { I256 = BigInteger.One << 255 },
        ];
        foreach (var call in tooWide) Assert.Throws<ArgumentOutOfRangeException>(call.Encode);
    }

    [Fact]
    public void Arrays_in_every_form_have_the_untyped_bytes_and_fixed_lengths_are_checked()
    {
        var call = new Vault.GridCall([[1, 2], [3, 4], [5, 6]], [[[1], []], [[2, 3]]], [true, false]);
        var data = call.Encode();
        Assert.Equal(
            Dynamic.Function("grid")!.EncodeCall([
                new object[] { new object[] { 1, 2 }, new object[] { 3, 4 }, new object[] { 5, 6 } },
                new object[] { new object[] { new byte[] { 1 }, Array.Empty<byte>() }, new object[] { new byte[] { 2, 3 } } },
                new object[] { true, false }]),
            data);
        Assert.Equal(data, Vault.GridCall.Decode(data).Encode());
        Assert.Equal([3, 4], Vault.GridCall.DecodeResult(data.AsSpan(4)).Result1[1]);
        Assert.Throws<ArgumentException>((call with { Cells = [[1, 2], [3, 4]] }).Encode);
    }

    [Fact]
    public void Names_that_would_clash_are_changed() =>
        Assert.Equal(
            Dynamic.Function("encode")!.EncodeCall([1, new byte[] { 1, 2, 3, 4 }, true, "x", Alice]),
            new Vault.EncodeCall(EncodeValue: 1, SelectorValue: [1, 2, 3, 4], EncodeCallValue: true, Arg4: "x", Class: Alice).Encode());

    [Fact]
    public void Result_is_read_through_the_call()
    {
        IContractCall<string> call = new Vault.FirstCall();
        Assert.Equal("hello", call.ReadResult(AbiCodec.Encode(AbiType.Parse("(string)"), ["hello"])));
        Assert.Equal(new Vault.Point(-1, 2), Vault.PointCall.DecodeResult(AbiCodec.Encode(AbiType.Parse("((int24,int128))"), [new object[] { -1, 2 }])));
        Assert.Throws<AbiException>(() => Vault.FirstCall.DecodeResult([]));
    }

    [Fact]
    public void Event_with_a_struct_decodes_as_the_untyped_one_does()
    {
        var log = Log([Vault.PutEvent.Topic0, Id, Topic(Alice)], AbiCodec.Encode(AbiType.Tuple(Dynamic.Event("Put")!.Inputs[2].Type), [OrderValues]));
        Assert.True(Vault.PutEvent.TryDecode(log, out var put));
        Assert.True(Dynamic.Event("Put")!.TryDecode(log, out var values));
        Assert.Equal((Id, Alice), (put.Id, put.Owner));
        Assert.Equal(new Vault.PutCall(Order).Encode(), new Vault.PutCall(put.Order).Encode());
        Assert.Equal(Dynamic.Function("put")!.EncodeCall([values[2]]), new Vault.PutCall(put.Order).Encode());
    }

    [Fact]
    public void Event_with_indexed_dynamic_values_gives_their_hashes()
    {
        var points = Keccak256.Hash("points"u8);
        var log = Log([Vault.NamedEvent.Topic0, Id, points, new Bytes32(AbiCodec.Encode(AbiType.Parse("(int24)"), [-5]))], AbiCodec.Encode(AbiType.Parse("(uint64)"), [7]));
        Assert.True(Vault.NamedEvent.TryDecode(log, out var named));
        Assert.Equal(new Vault.NamedEvent(NameHash: Id, Size: 7, PointsHash: points, Delta: -5), named);
        Assert.Equal(AbiEvent.Parse("Named(string,uint64,(int24,int128)[],int24)").Topic0, Vault.NamedEvent.Topic0);
    }

    [Fact]
    public void Event_of_another_shape_is_not_decoded()
    {
        var log = Log([Vault.NothingEvent.Topic0], []);
        Assert.True(Vault.NothingEvent.TryDecode(log, out _));
        Assert.False(Vault.NothingEvent.TryDecode(log with { Data = new byte[1] }, out _));
        Assert.False(Vault.NothingEvent.TryDecode(log with { Topics = [Vault.NothingEvent.Topic0, Id] }, out _));
        Assert.False(Vault.PutEvent.TryDecode(log, out _));
        Assert.True(Vault.RawEvent.TryDecode(Log([new Bytes32(AbiCodec.Encode(AbiType.Parse("(uint8)"), [3]))], AbiCodec.Encode(AbiType.Parse("(bytes)"), [new byte[] { 9 }])), out var raw));
        Assert.Equal((3, 9), (raw.A, raw.B[0]));
    }

    [Fact]
    public void Errors_decode_and_explain_reverts()
    {
        var data = Vault.TooLateError.Description.Encode([5, 6]);
        Assert.True(Vault.TooLateError.TryDecode(data, out var late));
        Assert.Equal(new Vault.TooLateError(5, 6), late);
        Assert.False(Vault.ClosedError.TryDecode(data, out _));
        Assert.False(Vault.TooLateError.TryDecode(data.AsSpan(0, data.Length - 1), out _));
        Assert.Equal("TooLate(Deadline: 5, Now: 6)", RevertReason.Decode(data, Vault.Errors).Text);
        var refused = Dynamic.Errors.Single(e => e.Name == "Refused").Encode([new object[] { 1, 2 }, new object[] { "a" }]);
        Assert.True(Vault.RefusedError.TryDecode(refused, out var reasons));
        Assert.Equal(("a", new Vault.Point(1, 2)), (reasons.Reasons[0], reasons.Point));
    }

    [Fact]
    public void Deployment_is_bytecode_and_arguments()
    {
        var data = new Vault.Deployment(Alice, new Vault.Config("n", [1, 2, 3])).Encode();
        Assert.Equal([.. Vault.Bytecode.Span, .. AbiCodec.Encode(Dynamic.Constructor, [Alice, new object[] { "n", new object[] { 1, 2, 3 } }])], data);
        Assert.Equal(Hex.Parse("0x6001600101fe"), Vault.Bytecode.ToArray());
    }

    [Fact]
    public void Interface_without_bytecode_has_no_deployment()
    {
        Assert.Null(typeof(IToken).GetNestedType("Deployment"));
        Assert.Equal(0xa9059cbbu, IToken.TransferCall.Selector);
    }

    [Fact]
    public void Damaged_calldata_is_refused_with_the_documented_exception_only()
    {
        var good = new Vault.PutAllCall([Order], 1).Encode();
        var random = new Random(20);
        for (var i = 0; i < 20_000; i++)
        {
            var bad = good.AsSpan(0, random.Next(10) == 0 ? random.Next(good.Length) : good.Length).ToArray();
            for (var flips = random.Next(3); flips >= 0 && bad.Length > 4; flips--) bad[random.Next(4, bad.Length)] = (byte)random.Next(256);
            try
            {
                Assert.Equal(bad.Length, Vault.PutAllCall.Decode(bad).Encode().Length);
            }
            catch (AbiException)
            {
                // The documented refusal.
            }
        }
    }

    private static ContractAbi Artifact(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "tests", "Turnpike.Evm.Tests", "Abi", name + ".json")));
        return ContractAbi.Parse(document.RootElement.GetProperty("abi").GetRawText());
    }

    private static Bytes32 Topic(Address address) => new(AbiCodec.Encode(AbiType.Parse("(address)"), [address]));

    private static LogEntry Log(IReadOnlyList<Bytes32> topics, byte[] data) => new()
    {
        Address = Alice, Topics = topics, Data = data, BlockNumber = 1, BlockHash = Id, TransactionHash = Id, TransactionIndex = 0, LogIndex = 0,
    };
}
