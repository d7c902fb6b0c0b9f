using Turnpike.Core;
using Turnpike.Evidence;
using Turnpike.Ledger;
using Turnpike.Node.Wallets;

namespace Turnpike.Node.Tests.Wallets;

public sealed class DevicePermitTests
{
    private static readonly Address Registry = Address.Parse("0x" + new string('1', 40));
    private static readonly Address Owner = Address.Parse("0x" + new string('2', 40));
    private static readonly Address Other = Address.Parse("0x" + new string('3', 40));

    private static readonly NetworkDeployment Network = new() { Name = "n", ChainId = 7, FirstBlock = 0, Token = Other, Emissions = Other, PriceFeed = Other, Credits = Other, Registry = Registry, Settlement = Other, Distributor = Other };

    [Fact]
    public void Permit_comes_back_from_its_file_and_serves_its_owner_on_its_network()
    {
        using var key = P256DeviceKey.Generate();
        var permit = DevicePermit.Sign(key, Network.ChainId, Registry, Owner, 3);
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, permit.Write());
            var read = DevicePermit.Read(path);
            Assert.Equal(permit, read);
            read.Check(Network, Owner);
            Assert.Contains("owner", Assert.Throws<DevicePermitException>(() => read.Check(Network, Other)).Message, StringComparison.Ordinal);
            Assert.Contains("network", Assert.Throws<DevicePermitException>(() => read.Check(Network with { ChainId = 8 }, Owner)).Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Permit_that_was_changed_is_refused_before_anything_is_paid()
    {
        using var key = P256DeviceKey.Generate();
        using var stranger = P256DeviceKey.Generate();
        var permit = DevicePermit.Sign(key, Network.ChainId, Registry, Owner, 0);
        DevicePermit[] changed = [permit with { Nonce = 1 }, permit with { Owner = Other }, permit with { X = stranger.Public.X, Y = stranger.Public.Y }, permit with { Device = stranger.Public.Id }, permit with { S = Bytes32.Zero }];
        Assert.All(changed, wrong => Assert.Contains("not signed", Assert.Throws<DevicePermitException>(() => wrong.Check(Network, wrong.Owner)).Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"network\":\"0x12\"}")]
    public void File_that_holds_none_is_refused(string text)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, text);
            Assert.Throws<DevicePermitException>(() => DevicePermit.Read(path));
        }
        finally
        {
            File.Delete(path);
        }
    }
}
