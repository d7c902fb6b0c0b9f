using Turnpike.Core;
using Turnpike.Tests;

namespace Turnpike.Evm.Tests;

public sealed class AccountVectorTests
{
    [Fact]
    public void Accounts_vectors_give_checksum_address_and_icap()
    {
        foreach (var vector in SharedData.Json("evm/ethers-accounts-259.json.gz").EnumerateArray())
        {
            using var key = Secp256k1PrivateKey.Parse(vector.GetProperty("privateKey").GetString());
            var address = vector.GetProperty("address").GetString()!;
            Assert.Equal(address, ChecksumAddress.Format(key.Address));
            Assert.Equal(vector.GetProperty("icap").GetString(), IcapAddress.Format(key.Address));
            Assert.True(ChecksumAddress.TryParse(address, out var parsed));
            Assert.Equal(key.Address, parsed);
        }
    }

    [Fact]
    public void Create_vectors_give_their_addresses()
    {
        foreach (var vector in SharedData.Json("evm/ethers-create-16.json.gz").EnumerateArray())
        {
            var sender = Address.Parse(vector.GetProperty("sender").GetString());
            foreach (var create in vector.GetProperty("creates").EnumerateArray())
                Assert.Equal(create.GetProperty("address").GetString(), ChecksumAddress.Format(ContractAddress.Create(sender, create.GetProperty("nonce").GetUInt64())));
        }
    }

    [Fact]
    public void Create2_vectors_give_their_addresses()
    {
        foreach (var vector in SharedData.Json("evm/ethers-create2-16.json.gz").EnumerateArray())
        {
            var sender = Address.Parse(vector.GetProperty("sender").GetString());
            foreach (var create in vector.GetProperty("creates").EnumerateArray())
            {
                var salt = Bytes32.Parse(create.GetProperty("salt").GetString());
                var expected = create.GetProperty("address").GetString();
                Assert.Equal(expected, ChecksumAddress.Format(ContractAddress.Create2(sender, salt, Hex.Parse(create.GetProperty("initCode").GetString()))));
                Assert.Equal(expected, ChecksumAddress.Format(ContractAddress.Create2(sender, salt, Bytes32.Parse(create.GetProperty("initCodeHash").GetString()))));
            }
        }
    }

    [Theory]
    [InlineData("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", true)]
    [InlineData("0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359", true)]
    [InlineData("0xde709f2102306220921060314715629080e2fb77", true)]
    [InlineData("0x52908400098527886E0F7030069857D2E4169EE7", true)]
    [InlineData("0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", false)]
    [InlineData("0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d35", false)]
    [InlineData("fB6916095ca1df60bB79Ce92cE3Ea74c37c5d359", false)]
    public void ChecksumAddress_parse_accepts_one_case_or_the_right_case(string text, bool accepted) =>
        Assert.Equal(accepted, ChecksumAddress.TryParse(text, out _));

    [Fact]
    public void PersonalMessage_hash_matches_the_published_value()
    {
        // Published in the documentation of web3.eth.accounts.hashMessage.
        Assert.Equal("0xa1de988600a42c4b4ab089b619297c17d53cffae5d5120d82d8a92d0bb3b78f2", PersonalMessage.Hash("Hello World").ToString());
    }
}
