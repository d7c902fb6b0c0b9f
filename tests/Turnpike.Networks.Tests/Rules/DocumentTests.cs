using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Turnpike.Core;
using Turnpike.Core.Canonical;
using Turnpike.Core.Rules;
using Any = Turnpike.Core.Tests.Any;
using Property = Turnpike.Core.Tests.Property;

namespace Turnpike.Networks.Tests.Rules;

public sealed class DocumentTests
{
    private static readonly Gen<CarryOver> Carries =
        from rewards in Total.ListOf()
        from charges in Total.ListOf()
        from orders in Order.ListOf()
        from seen in Seen.ListOf()
        from pack in Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf().ListOf()
        select new CarryOver
        {
            Rewards = rewards.DistinctBy(total => total.Account).OrderBy(total => total.Account).ToList(),
            Charges = charges.DistinctBy(total => total.Account).OrderBy(total => total.Account).ToList(),
            Orders = OrderBook.Advance([], orders).Orders.ToList(),
            Seen = ReplayRule.Remember(CarryOver.Empty, seen.DistinctBy(line => (line.Device, line.Boot, line.Sequence)), EpochNumber.First),
            Pack = pack.Select(line => (ReadOnlyMemory<byte>)line).ToList(),
        };

    private static Gen<AccountTotal> Total => Any.Address.Zip(Any.UInt128).Select(pair => new AccountTotal(pair.Item1, pair.Item2));

    private static Gen<ServiceOrder> Order =>
        from customer in Gen.Choose(1, 3)
        from service in Gen.Elements("lorawan-data", "wifi", "B", "b")
        from numbers in Any.Bits(64).ArrayOf(5)
        from meter in Any.Address
        select new ServiceOrder
        {
            Customer = World.Customer(customer),
            Service = service,
            Meter = meter,
            Price = (ulong)numbers[0],
            CapPerEpoch = (ulong)numbers[1],
            FromEpoch = (ulong)numbers[2],
            UntilEpoch = (ulong)numbers[3],
            Nonce = (ulong)numbers[4],
        };

    private static Gen<SeenSequence> Seen =>
        from device in Gen.Choose(1, 3)
        from numbers in Any.Bits(64).ArrayOf(3)
        from identity in Any.Bytes32
        select new SeenSequence(World.Device(device), (ulong)numbers[0], (ulong)numbers[1], identity, (ulong)numbers[2]);

    [Fact]
    public void Carry_over_written_and_read_is_the_same() => Property.Holds(Carries, carry =>
    {
        var read = CarryDocument.Read(CarryDocument.Write(carry));
        Assert.Equal(carry.Rewards, read.Rewards);
        Assert.Equal(carry.Charges, read.Charges);
        Assert.Equal(carry.Orders, read.Orders);
        Assert.Equal(carry.Seen, read.Seen);
        Assert.Equal(carry.Pack.Select(Text), read.Pack.Select(Text));
    },
    200);

    [Fact]
    public void Carry_over_with_any_byte_changed_is_refused_or_another_one() => Property.Holds(
        from carry in Carries
        from at in Gen.Choose(0, int.MaxValue)
        from change in Gen.Choose(1, 255)
        select (carry, at, change),
        x =>
        {
            var written = CarryDocument.Write(x.carry);
            if (written.Shards.Count == 0) return;
            var bytes = written.Shards[x.at % written.Shards.Count].Bytes.ToArray();
            bytes[x.at % bytes.Length] ^= (byte)x.change;
            var changed = new ShardSet(written.Shards.Select((shard, i) => i == x.at % written.Shards.Count ? new Shard(shard.Name, bytes) : shard));
            try
            {
                Assert.Equal(changed.Root, CarryDocument.Write(CarryDocument.Read(changed)).Root);
            }
            catch (FormatException)
            {
                // Refused.
            }
        },
        200);

    public static TheoryData<string, string> BadShards()
    {
        var account = World.Customer(1).ToString();
        var other = World.Customer(2).ToString();
        var (low, high) = string.CompareOrdinal(account, other) < 0 ? (account, other) : (other, account);
        string Line(string text) => $"{{\"account\":\"{text}\",\"cumulative\":\"1\"}}\n";
        return new TheoryData<string, string>
        {
            { "strange-000000.jsonl", Line(low) },
            { "rewards.jsonl", Line(low) },
            { "rewards-000001.jsonl", Line(low) },
            { "rewards-x.jsonl", Line(low) },
            { "rewards-000000.jsonl", Line(high) + Line(low) },
            { "rewards-000000.jsonl", Line(low) + Line(low) },
            { "rewards-000000.jsonl", Line(low)[..^1] },
            { "rewards-000000.jsonl", "" },
            { "rewards-000000.jsonl", "\n" },
            { "rewards-000000.jsonl", $"{{\"account\":\"{low}\"}}\n" },
            { "rewards-000000.jsonl", $"{{\"cumulative\":\"1\",\"account\":\"{low}\"}}\n" },
            { "rewards-000000.jsonl", $"{{\"account\":\"{low}\",\"cumulative\":\"01\"}}\n" },
            { "rewards-000000.jsonl", $"{{\"account\":\"{low}\",\"cumulative\":\"-1\"}}\n" },
            { "rewards-000000.jsonl", $"{{\"account\":\"{low}\",\"cumulative\":1}}\n" },
            { "rewards-000000.jsonl", $"{{\"account\":\"{low}\",\"cumulative\":\"1\",\"more\":\"1\"}}\n" },
            { "rewards-000000.jsonl", Line(low.ToUpperInvariant().Replace("0X", "0x", StringComparison.Ordinal)) },
            { "charges-000000.jsonl", Line(high) + Line(low) },
            { "pack-000000.jsonl", "{\"line\":\"x\",\"line\":\"y\"}\n" },
            { "pack-000000.jsonl", "{\"text\":\"x\"}\n" },
            { "pack-000000.jsonl", "{\"line\":\"0xAB\"}\n" },
            { "pack-000000.jsonl", "{\"line\":\"0xabc\"}\n" },
            { "seen-000000.jsonl", $"{{\"device\":\"{World.Device(1)}\",\"boot\":\"0\",\"sequence\":\"18446744073709551616\",\"identity\":\"{World.Packet(1)}\",\"epoch\":\"1\"}}\n" },
        };
    }

    [Theory]
    [MemberData(nameof(BadShards))]
    public void Carry_over_that_nobody_writes_is_refused(string name, string text) =>
        Assert.Throws<FormatException>(() => CarryDocument.Read(new ShardSet([new Shard(name, Encoding.ASCII.GetBytes(text))])));

    [Fact]
    public void Carry_over_in_several_shards_is_read_whole_and_not_without_one_or_divided_otherwise()
    {
        var carry = CarryOver.Empty with { Pack = Enumerable.Range(0, 30).Select(i => (ReadOnlyMemory<byte>)Enumerable.Repeat((byte)i, 1 << 19).ToArray()).ToList() };
        var shards = CarryDocument.Write(carry).Shards;
        Assert.True(shards.Count > 2);
        Assert.Equal(carry.Pack.Select(Text), CarryDocument.Read(new ShardSet(shards)).Pack.Select(Text));
        Assert.Throws<FormatException>(() => CarryDocument.Read(new ShardSet(shards.Skip(1))));
        Assert.Throws<FormatException>(() => CarryDocument.Read(new ShardSet([new Shard(shards[0].Name, shards.SelectMany(shard => shard.Bytes.ToArray()).ToArray())])));
    }

    [Fact]
    public void Facts_of_an_epoch_are_one_line_and_their_hash_changes_with_each()
    {
        var facts = World.Facts(new Chain(World.Parameters()).Inputs());
        var shard = Assert.Single(facts.Document().Shards);
        Assert.Equal(("inputs-000000.jsonl", facts.Hash), (shard.Name, shard.Hash));
        Assert.Equal(
            ["network", "epoch", "snapshotBlock", "snapshotHash", "entropy", "evidenceRoot", "priceUsdE8", "burned", "emission", "carryRoot", "rulesHash"],
            Assert.Single(CanonicalReader.ReadLines(shard.Bytes)).Members.Select(member => member.Key));
        var other = World.HashOf("other");
        EpochFacts[] changed =
        [
            facts with { Network = other }, facts with { Epoch = new EpochNumber(2) }, facts with { SnapshotBlock = 8 }, facts with { SnapshotHash = other }, facts with { Entropy = other },
            facts with { EvidenceRoot = other }, facts with { Price = new Price(1) }, facts with { Burned = new Amount(1) }, facts with { Emission = new Amount(1) },
            facts with { CarryRoot = other }, facts with { RulesHash = other },
        ];
        Assert.Equal(changed.Length + 1, changed.Append(facts).Select(each => each.Hash).Distinct().Count());
        Assert.Equal(typeof(EpochFacts).GetProperties().Length - 1, changed.Length);
    }

    [Fact]
    public void Outcome_states_inputs_carry_and_both_trees_by_their_hashes()
    {
        var chain = new Chain(World.Parameters());
        var settled = chain.Settle(World.Piece(chain.StartsAt), World.Piece(chain.StartsAt + 1, device: 2), World.Piece(chain.StartsAt + 2));
        var facts = World.Facts(settled.Inputs);
        var document = OutcomeDocument.Write(facts, settled.Outcome, [(101, "too-large", 3)], "usage-2026");
        Assert.Equal(["charges", "clones", "devices", "header", "inputs", "pools", "refusals", "rewards"], document.Shards.Select(shard => shard.Name.Split('-')[0]));
        var header = Assert.Single(Lines(document, "header"));
        Assert.Equal(facts.Hash, header["inputsHash"].Bytes32);
        Assert.Equal(CarryDocument.Write(settled.Outcome.Carry).Root, header["carryHash"].Bytes32);
        Assert.Equal((3UL, 1UL, 1UL), (header["reports"].UInt64, header["accepted"].UInt64, header["charged"].UInt64));
        Assert.Equal(OutcomeDocument.RewardTree(settled.Outcome).Total, Lines(document, "rewards")[^1]["prefixSum"].Integer);
        Assert.Equal(OutcomeDocument.ChargeTree(settled.Outcome).Total, Lines(document, "charges")[^1]["prefixSum"].Integer);
        Assert.Equal(3UL, Assert.Single(Lines(document, "refusals"))["count"].UInt64);
    }

    private static string Text(ReadOnlyMemory<byte> line) => Convert.ToHexString(line.Span);

    private static List<CanonicalValue> Lines(ShardSet document, string stem) =>
        document.Shards.Where(shard => shard.Name.StartsWith(stem + "-", StringComparison.Ordinal)).SelectMany(shard => CanonicalReader.ReadLines(shard.Bytes)).ToList();
}
