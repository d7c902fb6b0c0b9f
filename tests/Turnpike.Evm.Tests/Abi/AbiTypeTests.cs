using Turnpike.Evm.Abi;

namespace Turnpike.Evm.Tests.Abi;

public sealed class AbiTypeTests
{
    [Theory]
    [InlineData("uint", "uint256", false, 32)]
    [InlineData("int", "int256", false, 32)]
    [InlineData("uint8[3]", "uint8[3]", false, 96)]
    [InlineData("bytes32[2][3]", "bytes32[2][3]", false, 192)]
    [InlineData("string[3]", "string[3]", true, 32)]
    [InlineData("(address, uint96[3], bytes)[]", "(address,uint96[3],bytes)[]", true, 32)]
    [InlineData("(bool,(int24,bytes4))", "(bool,(int24,bytes4))", false, 96)]
    [InlineData("((string))", "((string))", true, 32)]
    public void Parse_valid_text_gives_canonical_text_and_sizes(string text, string canonical, bool dynamic, int headBytes)
    {
        var type = AbiType.Parse(text);
        Assert.Equal((canonical, dynamic, headBytes), (type.ToString(), type.IsDynamic, type.HeadBytes));
    }

    [Theory]
    [InlineData("")]
    [InlineData("uint7")]
    [InlineData("uint0")]
    [InlineData("uint264")]
    [InlineData("uint08")]
    [InlineData("int-8")]
    [InlineData("bytes0")]
    [InlineData("bytes33")]
    [InlineData("address[")]
    [InlineData("address[0]")]
    [InlineData("address[01]")]
    [InlineData("address[-1]")]
    [InlineData("address[99999999999]")]
    [InlineData("uint8[2147483647]")]
    [InlineData("string[2147483647]")]
    [InlineData("uint8[65536][65536][65536]")]
    [InlineData("(uint8")]
    [InlineData("(uint8,)")]
    [InlineData("()[]")]
    [InlineData("(())")]
    [InlineData("uint8 a")]
    [InlineData("uint8)")]
    [InlineData("function")]
    [InlineData("fixed128x18")]
    [InlineData("uint256\0")]
    [InlineData("ｕint256")]
    public void Parse_anything_else_is_refused(string text) => Assert.Throws<AbiException>(() => AbiType.Parse(text));

    [Fact]
    public void Parse_nesting_beyond_reason_is_refused()
    {
        Assert.Throws<AbiException>(() => AbiType.Parse(new string('(', 10_000) + "bool" + new string(')', 10_000)));
        Assert.Throws<AbiException>(() => AbiType.Parse("bool" + string.Concat(Enumerable.Repeat("[]", 10_000))));
    }

    // Selectors and topics every explorer shows: ERC-20, ERC-721, Solidity's Error and Panic.
    [Theory]
    [InlineData("transfer(address,uint256)", 0xa9059cbb)]
    [InlineData("function transferFrom(address from, address to, uint256 amount)", 0x23b872dd)]
    [InlineData("safeTransferFrom(address,address,uint256,bytes)", 0xb88d4fde)]
    [InlineData("totalSupply()", 0x18160ddd)]
    [InlineData("Error(string)", 0x08c379a0)]
    [InlineData("Panic(uint)", 0x4e487b71)]
    public void Function_selector_is_the_known_one(string text, uint selector) => Assert.Equal(selector, AbiFunction.Parse(text).Selector);

    [Fact]
    public void Event_topic_is_the_known_one() => Assert.Equal(
        "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef",
        AbiEvent.Parse("event Transfer(address indexed from, address indexed to, uint256 value)").Topic0.ToString());
}
