using System.Text;
using Turnpike.Core;
using Turnpike.Core.Canonical;
using Turnpike.Core.Parameters;
using Turnpike.Core.Rules;
using Turnpike.Evidence;
using Turnpike.Evm;
using Turnpike.Ledger;
using Turnpike.Node.Market;

namespace Turnpike.Node.Tests.Fuzz;

/// <summary>Random and damaged input to the decoders that no other project tests: a value or the documented refusal, never anything else.</summary>
public class DecoderFuzzTests
{
    private const int Rounds = 20_000;
    private static readonly SigningDomain Credits = new(31337, Address.Parse("0x1111111111111111111111111111111111111111"));

    [Fact]
    public async Task Signed_order_damaged_anywhere_is_refused_or_not_the_customers()
    {
        using var key = Secp256k1PrivateKey.Generate();
        var order = await SignedOrder.SignAsync(Order(key.Address), Credits, new LocalDigestSigner(key), TestContext.Current.CancellationToken);
        Assert.True(SignedOrder.TryDecode(order.Encode(), out var same, out _) && same.IsSignedByCustomer(Credits));
        foreach (var damaged in Damaged(order.Encode(), seed: 1))
            if (SignedOrder.TryDecode(damaged, out var read, out var problem)) Assert.False(read.IsSignedByCustomer(Credits));
            else Assert.NotEmpty(problem);
    }

    [Fact]
    public void Signed_order_for_another_network_is_not_the_customers()
    {
        using var key = Secp256k1PrivateKey.Generate();
        var signature = Secp256k1.Sign(Credits.Order(Order(key.Address)), key);
        var order = new SignedOrder(Order(key.Address), signature.ToCompact());
        Assert.False(order.IsSignedByCustomer(new SigningDomain(1, Address.Parse("0x1111111111111111111111111111111111111111"))));
        Assert.False(order.IsSignedByCustomer(new SigningDomain(31337, Address.Parse("0x2222222222222222222222222222222222222222"))));
    }

    [Fact]
    public void Archive_body_damaged_anywhere_is_refused_or_encodes_to_the_same_bytes()
    {
        var body = new ArchiveBody(new DeviceId(Keccak256.Hash([1])), 0x0100, 7, new byte[] { 1, 2, 3 });
        Assert.True(ArchiveBody.TryDecode(body.Encode(), out _));
        foreach (var damaged in Damaged(body.Encode(), seed: 2))
            if (ArchiveBody.TryDecode(damaged, out var read)) Assert.Equal(damaged, read.Encode());
    }

    [Fact]
    public void Network_parameters_damaged_anywhere_parse_or_throw_only_the_documented_exception()
    {
        var text = "turnpike-parameters 1\npack usage-2026\nmodule wireless\npool data 500000 usage - 0x1111111111111111111111111111111111111111\nparameter bytes_per_credit 24\n";
        Assert.Equal("usage-2026", NetworkParameters.Parse(Encoding.ASCII.GetBytes(text)).Pack);
        foreach (var damaged in Damaged(Encoding.ASCII.GetBytes(text), seed: 3)) OnlyFormatException(() => NetworkParameters.Parse(damaged));
    }

    [Fact]
    public void Carry_over_damaged_anywhere_reads_or_throws_only_the_documented_exception()
    {
        var carry = CarryOver.Empty with { Orders = [Order(Address.Parse("0x1111111111111111111111111111111111111111"))], Rewards = [new AccountTotal(Address.Parse("0x1111111111111111111111111111111111111111"), 5)] };
        foreach (var shard in CarryDocument.Write(carry).Shards)
            foreach (var damaged in Damaged(shard.Bytes.ToArray(), seed: 4).Take(Rounds / 4))
                OnlyFormatException(() => CarryDocument.Read(new ShardSet([new Shard(shard.Name, damaged)])));
    }

    private static ServiceOrder Order(Address customer) => new()
    {
        Customer = customer,
        Service = "lorawan-data",
        Meter = Address.Zero,
        Price = 1,
        CapPerEpoch = 1_000,
        FromEpoch = 1,
        UntilEpoch = 9,
        Nonce = 1,
    };

    // Flipped, cut, doubled, inserted and wholly random bytes; never the original.
    private static IEnumerable<byte[]> Damaged(byte[] original, int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < Rounds; i++)
        {
            var at = random.Next(original.Length);
            byte[] damaged = (i % 5) switch
            {
                0 => [.. original[..at], (byte)(original[at] ^ (1 << random.Next(8))), .. original[(at + 1)..]],
                1 => original[..at],
                2 => [.. original[..at], .. original[at..], .. original[at..]],
                3 => [.. original[..at], (byte)random.Next(256), .. original[at..]],
                _ => RandomBytes(random),
            };
            if (!damaged.AsSpan().SequenceEqual(original)) yield return damaged;
        }
    }

    private static byte[] RandomBytes(Random random)
    {
        var bytes = new byte[random.Next(300)];
        random.NextBytes(bytes);
        return bytes;
    }

    private static void OnlyFormatException(Action read)
    {
        try
        {
            read();
        }
        catch (FormatException)
        {
            // The documented refusal.
        }
    }
}
