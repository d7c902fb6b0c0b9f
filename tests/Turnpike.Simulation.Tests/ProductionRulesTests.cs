using System.Buffers.Binary;
using Turnpike.Core;
using Turnpike.Core.Parameters;
using Turnpike.Core.Rules;
using Turnpike.Economics;
using Turnpike.Networks.Wireless;
using Turnpike.Networks.Wireless.Evidence;
using Turnpike.Networks.Wireless.Rules.Usage2026;

namespace Turnpike.Simulation.Tests;

/// <summary>The simulator runs the very rules of production: a simulated epoch divides as the rule pack does over real evidence of the same deliveries.</summary>
public class ProductionRulesTests
{
    private const int Devices = 12;
    private const long Start = 1_785_931_200_000;
    private const long Length = 604_800_000;

    [Theory]
    [InlineData("1.60", 5_000)]
    [InlineData("0.0001", 5_000)]
    [InlineData("1.60", 3)]
    public void Simulated_epoch_pays_what_the_pack_pays_over_evidence_of_the_same_deliveries(string price, int packets)
    {
        var (economy, blueprint) = Economies.Read("helium-iot");
        var accounts = blueprint!.WithAccounts(blueprint.GeneratedAccounts.Select((name, i) => (name, i)).ToDictionary(account => account.name, account => AddressOf(0xA000 + (ulong)account.i)));
        Assert.True(WirelessModule.TryCreatePack(NetworkParameters.Parse(accounts.CanonicalParameters()), out var pack));
        var random = new Random(149);
        var delivered = new int[Devices];
        for (var i = 0; i < packets; i++) delivered[random.Next(Devices)]++;

        // Production: every delivery is a signed piece; verdicts, then settlement.
        var devices = Enumerable.Range(1, Devices).Select(i => new DeviceId(BytesOf((ulong)i))).ToArray();
        var customer = AddressOf(0xC0FFEE);
        var emission = economy.Emission.TotalThrough(new EpochNumber(7)) + Reemitted(economy, Credits.FromUsd(0) + new Credits((UInt128)packets), Price.Parse(price));
        var inputs = new EpochInputs
        {
            Epoch = new EpochNumber(1), StartsAt = Start, OpenSince = Start, EndsAt = Start + Length, Emission = emission, Price = Price.Parse(price), Entropy = default,
            Registry = new RegistrySnapshot { Devices = DeviceTable.Of([.. devices.Select(device => KeyValuePair.Create(device, new RegisteredDevice(AddressOf(1), 1, 3, true, 0)))]), Deposits = new Dictionary<Address, UInt128> { [customer] = 1UL << 62 } },
            Orders = OrderBook.Advance([], [new ServiceOrder { Customer = customer, Service = Usage2026Pack.Service, Meter = default, Price = 1, CapPerEpoch = 1UL << 62, FromEpoch = 1, UntilEpoch = 9, Nonce = 1 }]),
            Carry = CarryOver.Empty,
        };
        var pieces = devices.SelectMany((device, i) => Enumerable.Range(0, delivered[i]).Select(n => PieceOf(device, (ulong)n, customer))).ToList();
        var outcome = pack.Settle([.. EvidenceDivision.Of(pack, pieces, inputs, 3).Select(shard => pack.Verdicts(shard, inputs))], inputs);
        var paid = outcome.Devices.ToDictionary(line => line.Device, line => line.Amount);
        Assert.Equal((UInt128)packets, outcome.Charges.Single().Charged);

        // The simulator: the same deliveries as contributions of a week.
        var simulated = new UsagePackRules(blueprint, economy.Emission).Settle(new WeekFacts(1, 7, Price.Parse(price), new Credits((UInt128)packets), economy.Token.Supply), [.. delivered.Select(count => (UInt128)count)]);
        Assert.Equal(devices.Select(device => paid.GetValueOrDefault(device)), simulated.Amounts);
        Assert.Equal(outcome.Mint, simulated.Minted);
    }

    private static Amount Reemitted(Economy economy, Credits revenue, Price price)
    {
        var rule = new NetEmission(economy.Rules[0].ReemissionCap, economy.Rules[0].SmoothingEpochs);
        var (smoothed, sum) = (Amount.Zero, Amount.Zero);
        for (var day = 0; day < 7; day++)
        {
            (smoothed, var reemitted) = rule.Advance(smoothed, new Amount(price.AmountFloor(revenue).BaseUnits / 7));
            sum += reemitted;
        }
        return sum;
    }

    private static EvidencePiece PieceOf(DeviceId device, ulong sequence, Address customer)
    {
        var hash = Keccak256.Hash([.. device.Value.ToArray(), .. BitConverter.GetBytes(sequence)]);
        return new EvidencePiece
        {
            Identity = hash, Device = device, Kind = PacketReport.Kind, Boot = 1, Sequence = sequence, DeviceTime = Start + (long)sequence, ReceivedTime = Start + (long)sequence, Gateway = AddressOf(7), Trust = 3,
            Body = PacketReport.Encode([new PacketReport(hash, 20, customer, "SF7BW125", -900, 50, "EU868")]),
        };
    }

    private static Bytes32 BytesOf(ulong number)
    {
        var bytes = new byte[32];
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(24), number);
        return new Bytes32(bytes);
    }

    private static Address AddressOf(ulong number) => Address.Parse("0x" + number.ToString("x40", null));
}
