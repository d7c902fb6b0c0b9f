using Turnpike.Tests;

namespace Turnpike.Core.Tests;

public class Keccak256Tests
{
    [Fact]
    public void Hash_of_every_published_vector_agrees()
    {
        var vectors = SharedData.Json("evm/ethers-keccak256-257.json.gz");
        Assert.Equal(257, vectors.GetArrayLength());
        foreach (var vector in vectors.EnumerateArray())
            Assert.Equal(vector.GetProperty("keccak256").GetString(), Keccak256.Hash(Hex.Parse(vector.GetProperty("data").GetString())).ToString());
    }

    [Fact]
    public void Hash_of_nothing_is_the_known_constant() =>
        Assert.Equal("0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470", Keccak256.Hash([]).ToString());
}
