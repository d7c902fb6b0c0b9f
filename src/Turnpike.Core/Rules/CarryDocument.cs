using Turnpike.Core.Canonical;

namespace Turnpike.Core.Rules;

/// <summary>A carry-over as files, in the outcome's format. Stems: rewards, charges, orders, seen, pack. Its root is the outcome header's carryHash.</summary>
public static class CarryDocument
{
    /// <summary>Writes the shards.</summary>
    public static ShardSet Write(CarryOver carry) => new(Sections(carry).SelectMany(section => section()));

    /// <summary>The shards stem by stem, each written when it is called for, on any thread.</summary>
    public static IReadOnlyList<Func<IReadOnlyList<Shard>>> Sections(CarryOver carry) =>
    [
        () => Lines("rewards", carry.Rewards, WriteTotal),
        () => Lines("charges", carry.Charges, WriteTotal),
        () => Lines("orders", carry.Orders, WriteOrder),
        () => Lines("seen", carry.Seen, WriteSeen),
        () => Lines("pack", carry.Pack, (writer, line) => writer.Field("line", line.Span)),
    ];

    /// <summary>Reads the shards back: exactly what <see cref="Write"/> writes, sorted as <see cref="CarryOver"/> says.</summary>
    /// <exception cref="FormatException">A shard of another name, a line that <see cref="Write"/> would not write, lines out of order or twice, or another division into shards.</exception>
    public static CarryOver Read(ShardSet shards)
    {
        var stems = shards.Shards.ToLookup(shard => shard.Name[..Math.Max(0, shard.Name.LastIndexOf('-'))], StringComparer.Ordinal);
        if (stems.FirstOrDefault(stem => stem.Key is not ("rewards" or "charges" or "orders" or "seen" or "pack")) is { } stranger)
            throw new FormatException($"A carry-over has no shard '{stranger.First().Name}'.");
        var carry = new CarryOver
        {
            Rewards = Read(stems["rewards"], ReadTotal),
            Charges = Read(stems["charges"], ReadTotal),
            Orders = Read(stems["orders"], ReadOrder),
            Seen = Read(stems["seen"], ReadSeen),
            Pack = Read(stems["pack"], line => (ReadOnlyMemory<byte>)line.With("line")["line"].Bytes),
        };
        RequireSorted(carry);
        return Write(carry).Root == shards.Root ? carry : throw new FormatException("The carry-over's shards are not divided or named as they are written.");
    }

    private static void RequireSorted(CarryOver carry)
    {
        RequireAscending("rewards", carry.Rewards, (left, right) => left.Account.CompareTo(right.Account));
        RequireAscending("charges", carry.Charges, (left, right) => left.Account.CompareTo(right.Account));
        RequireAscending("orders", carry.Orders, OrderBook.Compare);
        RequireAscending("seen", carry.Seen, SeenSequence.CompareByUse);
    }

    private static void RequireAscending<T>(string stem, IReadOnlyList<T> lines, Comparison<T> compare)
    {
        for (var i = 1; i < lines.Count; i++)
            if (compare(lines[i - 1], lines[i]) >= 0) throw new FormatException($"Line {i + 1} of the carry-over's {stem} does not follow the one before it: lines are sorted, each key once.");
    }

    private static IReadOnlyList<Shard> Lines<T>(string stem, IReadOnlyList<T> items, Action<CanonicalWriter, T> write)
    {
        var writer = new CanonicalWriter(stem, OutcomeDocument.ShardBytes);
        foreach (var item in items)
        {
            writer.BeginLine();
            write(writer, item);
            writer.EndLine();
        }
        return writer.Complete().Shards;
    }

    private static List<T> Read<T>(IEnumerable<Shard> shards, Func<CanonicalValue, T> read) =>
        shards.SelectMany(shard => CanonicalReader.ReadLines(shard.Bytes)).Select(read).ToList();

    private static void WriteTotal(CanonicalWriter writer, AccountTotal total) => writer.Field("account", total.Account).Field("cumulative", total.Cumulative);

    private static AccountTotal ReadTotal(CanonicalValue line)
    {
        line.With("account", "cumulative");
        return new AccountTotal(line["account"].Address, line["cumulative"].Integer);
    }

    private static void WriteOrder(CanonicalWriter writer, ServiceOrder order) => writer
        .Field("customer", order.Customer).Field("service", order.Service).Field("meter", order.Meter).Field("price", order.Price)
        .Field("capPerEpoch", order.CapPerEpoch).Field("fromEpoch", order.FromEpoch).Field("untilEpoch", order.UntilEpoch).Field("nonce", order.Nonce);

    private static ServiceOrder ReadOrder(CanonicalValue line)
    {
        line.With("customer", "service", "meter", "price", "capPerEpoch", "fromEpoch", "untilEpoch", "nonce");
        return new ServiceOrder
        {
            Customer = line["customer"].Address,
            Service = line["service"].Text,
            Meter = line["meter"].Address,
            Price = line["price"].UInt64,
            CapPerEpoch = line["capPerEpoch"].UInt64,
            FromEpoch = line["fromEpoch"].UInt64,
            UntilEpoch = line["untilEpoch"].UInt64,
            Nonce = line["nonce"].UInt64,
        };
    }

    private static void WriteSeen(CanonicalWriter writer, SeenSequence seen) => writer
        .Field("device", seen.Device).Field("boot", seen.Boot).Field("sequence", seen.Sequence).Field("identity", seen.Identity).Field("epoch", seen.Epoch);

    private static SeenSequence ReadSeen(CanonicalValue line)
    {
        line.With("device", "boot", "sequence", "identity", "epoch");
        return new SeenSequence(line["device"].DeviceId, line["boot"].UInt64, line["sequence"].UInt64, line["identity"].Bytes32, line["epoch"].UInt64);
    }
}
