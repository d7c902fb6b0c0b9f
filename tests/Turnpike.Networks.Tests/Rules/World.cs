using System.Security.Cryptography;
using System.Text;
using Turnpike.Core;
using Turnpike.Core.Rules;
using Turnpike.Networks.Wireless;
using Turnpike.Networks.Wireless.Evidence;
using Turnpike.Networks.Wireless.Rules.Usage2026;

namespace Turnpike.Networks.Tests.Rules;

/// <summary>A small network whose members are known by number: devices, gateways, customers, packets. Unlisted devices are strangers to the registry.</summary>
internal static class World
{
    public const ushort Kind = PacketReport.Kind;

    public static readonly Address Operations = AddressOf("operations");
    public static readonly Address Treasury = AddressOf("treasury");

    public static long Start(long epochLength, int quarter) => Chain.Start + (quarter * epochLength / 4);

    public static DeviceId Device(int number) => new(HashOf($"device {number}"));

    public static Address Owner(int number) => AddressOf($"owner {number}");

    public static Address Gateway(int number) => AddressOf($"gateway {number}");

    public static Address Customer(int number) => AddressOf($"customer {number}");

    public static Bytes32 Packet(int number) => HashOf($"packet {number}");

    public static Usage2026Parameters Parameters(long window = 300_000, byte minimumTrust = 0, uint bytesPerCredit = 24, uint dataSharePpm = 800_000) => new()
    {
        DataSharePpm = dataSharePpm,
        Operations = new AccountPool("operations", 1_000_000 - dataSharePpm - (1_000_000 - dataSharePpm) / 3, Operations),
        Others = [new AccountPool("treasury", (1_000_000 - dataSharePpm) / 3, Treasury)],
        BytesPerCredit = bytesPerCredit,
        RetransmissionWindow = window,
        MinimumTrust = minimumTrust,
    };

    public static PacketReport Report(int packet = 1, byte bytes = 24, int customer = 1) => new(Packet(packet), bytes, Customer(customer), "SF12BW125", -1050, -42, "EU868");

    public static EvidencePiece Piece(long received, int device = 1, ulong sequence = 1, ulong boot = 0, int gateway = 1, byte trust = 2, long? signedAt = null, ushort kind = Kind, byte[]? body = null, params PacketReport[] reports)
    {
        body ??= PacketReport.Encode(reports.Length == 0 ? [Report()] : reports);
        var content = $"{device} {kind} {boot} {sequence} {signedAt ?? received} {Convert.ToHexString(body)}";
        return new EvidencePiece
        {
            Identity = HashOf(content),
            Device = Device(device),
            Kind = kind,
            Boot = boot,
            Sequence = sequence,
            DeviceTime = signedAt ?? received,
            ReceivedTime = received,
            Gateway = Gateway(gateway),
            Trust = trust,
            Body = body,
        };
    }

    /// <summary>A batch that a router signed: (packet, paid device, customer) for each record.</summary>
    public static EvidencePiece Batch(long received, int router = 5, ulong sequence = 1, int gateway = 1, params (int Packet, int Device, int Customer)[] records) =>
        Piece(received, router, sequence, gateway: gateway, kind: UsageBatch.Kind, body: UsageBatch.Encode("EU868", records.Select(record => Record(record.Packet, record.Device, record.Customer)).ToList()));

    /// <summary>A tally that a router signed: (hotspot, code, packets) for each record.</summary>
    public static EvidencePiece Tally(long received, int router = 5, ulong sequence = 1, int gateway = 1, params (int Device, int Code, uint Packets)[] records) =>
        Piece(received, router, sequence, gateway: gateway, kind: RefusalTally.Kind, body: RefusalTally.Encode(1, 2, records.Select(record => new RefusedPackets(Device(record.Device), (ushort)record.Code, record.Packets)).ToList()));

    public static UsageRecord Record(int packet, int device, int customer = 1, byte bytes = 24) => new(Device(device), Packet(packet), bytes, Customer(customer), "SF12BW125", -1050, -42);

    public static ServiceOrder Order(int customer = 1, ulong price = 1, ulong cap = 1_000_000, ulong from = 1, ulong until = 1_000, ulong nonce = 1, Address meter = default, string service = Usage2026Pack.Service) => new()
    {
        Customer = Customer(customer),
        Service = service,
        Meter = meter,
        Price = price,
        CapPerEpoch = cap,
        FromEpoch = from,
        UntilEpoch = until,
        Nonce = nonce,
    };

    public static EpochFacts Facts(EpochInputs inputs) => new()
    {
        Network = HashOf("network"),
        Epoch = inputs.Epoch,
        SnapshotBlock = 7,
        SnapshotHash = HashOf("block"),
        Entropy = inputs.Entropy,
        EvidenceRoot = HashOf("evidence"),
        Price = inputs.Price,
        Burned = default,
        Emission = inputs.Emission,
        CarryRoot = CarryDocument.Write(inputs.Carry).Root,
        RulesHash = HashOf("rules"),
    };

    public static Bytes32 HashOf(string text) => new(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static Address AddressOf(string text) => new(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, Address.Length));
}

/// <summary>Epochs of one network, one after the other; each starts from what the one before left, as read back from its files.</summary>
internal sealed class Chain(Usage2026Parameters parameters, long epochLength = 3_600_000)
{
    public const long Start = 1_767_225_600_000;

    private CarryOver _carry = CarryOver.Empty;

    public Usage2026Parameters Parameters { get; } = parameters;

    public Usage2026Pack Pack { get; } = new(parameters);

    public EpochNumber Epoch { get; private set; } = new(1);

    public long StartsAt => Start + (long)(Epoch.Value - 1) * epochLength;

    public long EndsAt => StartsAt + epochLength;

    /// <summary>Epochs declared empty right before the present one.</summary>
    public int EmptyBefore { get; private set; }

    /// <summary>The present epoch is declared empty: its evidence rolls forward to the next.</summary>
    public void DeclareEmpty()
    {
        EmptyBefore++;
        Epoch = Epoch.Next;
    }

    public Amount Emission { get; set; } = Amount.FromTokens(1_000);

    public Price Price { get; set; } = Price.Parse("0.5");

    /// <summary>1 to 4 are hotspots, 5 and 6 routers.</summary>
    public Dictionary<DeviceId, RegisteredDevice> Devices { get; } = Enumerable.Range(1, 6).ToDictionary(World.Device, i => new RegisteredDevice(World.Owner((i + 1) / 2), i < 5 ? WirelessDevices.Hotspot : WirelessDevices.Router, 2, Active: true, 0));

    public Dictionary<Address, UInt128> Deposits { get; } = Enumerable.Range(1, 3).ToDictionary(World.Customer, _ => (UInt128)1_000_000);

    public List<ServiceOrder> NewOrders { get; } = [.. Enumerable.Range(1, 3).Select(customer => World.Order(customer))];

    public EpochInputs Inputs() => new()
    {
        Epoch = Epoch,
        StartsAt = StartsAt,
        OpenSince = StartsAt - EmptyBefore * epochLength,
        EndsAt = EndsAt,
        Emission = Emission,
        Price = Price,
        Entropy = World.HashOf("entropy"),
        Registry = new RegistrySnapshot { Devices = DeviceTable.Of(Devices), Deposits = Deposits },
        Orders = OrderBook.Advance(_carry.Orders, NewOrders),
        Carry = _carry,
    };

    /// <summary>Settles the present epoch and begins the next.</summary>
    public Settled Settle(params IReadOnlyList<EvidencePiece> pieces)
    {
        var inputs = Inputs();
        var settled = new Settled(this, inputs, pieces, SettleIn(EvidenceDivision.Of(Pack, pieces, inputs, 4), inputs), ExplainAll(pieces, inputs));
        _carry = CarryDocument.Read(CarryDocument.Write(settled.Outcome.Carry));
        NewOrders.Clear();
        EmptyBefore = 0;
        Epoch = Epoch.Next;
        return settled;
    }

    /// <summary>The outcome of evidence that is divided into shards in some way.</summary>
    public EpochOutcome SettleIn(IEnumerable<EvidenceShard> shards, EpochInputs inputs) => Pack.Settle(shards.Select(shard => Pack.Verdicts(shard, inputs)).ToList(), inputs);

    // Device by device, put together again in the order in which pieces are judged.
    private List<ReportVerdict> ExplainAll(IReadOnlyList<EvidencePiece> pieces, EpochInputs inputs)
    {
        var judged = Pack.JudgeReplays(pieces, inputs).Verdicts.Select(verdict => verdict.Piece).ToList();
        var first = judged.Select((piece, i) => (piece.Identity, i)).DistinctBy(pair => pair.Identity).ToDictionary(pair => pair.Identity, pair => pair.i);
        var own = judged.Select((piece, i) => (piece, i)).ToDictionary(pair => (object)pair.piece, pair => pair.i, ReferenceEqualityComparer.Instance);
        // A report is judged where the first copy of its piece stands, even if another gateway's copy stands for it.
        VerdictCode[] ofTheCopyItself = [VerdictCode.Duplicate, VerdictCode.Clone, VerdictCode.Malformed, VerdictCode.UnknownKind, WirelessVerdicts.NotARouter];
        int Place(ReportVerdict verdict) => ofTheCopyItself.Contains(verdict.Code) ? own[verdict.Piece] : first[verdict.Piece.Identity];
        var devices = EvidenceDivision.Of(Pack, pieces, inputs, 1).SelectMany(shard => Pack.Verdicts(shard, inputs).Devices).Select(tally => tally.Device);
        return devices.SelectMany(device => Pack.Explain(device, pieces, inputs)).OrderBy(Place).ThenBy(verdict => verdict.Index).ToList();
    }
}

/// <summary>A settled epoch: what the rules saw, what they decided, and the verdict of each report in order of receipt.</summary>
internal sealed record Settled(Chain Chain, EpochInputs Inputs, IReadOnlyList<EvidencePiece> Pieces, EpochOutcome Outcome, IReadOnlyList<ReportVerdict> Verdicts)
{
    public Usage2026Pack Pack => Chain.Pack;

    public byte Trust => Chain.Parameters.MinimumTrust;

    public VerdictCode Only => Assert.Single(Verdicts).Code;

    public IEnumerable<ReportVerdict> Accepted => Verdicts.Where(verdict => verdict.Code == VerdictCode.Accepted);

    public DeviceLine Line(int device) => Outcome.Devices.Single(line => line.Device == World.Device(device));

    public UInt128 Charged(int customer = 1) => Outcome.Charges.SingleOrDefault(line => line.Customer == World.Customer(customer)).Charged;
}
