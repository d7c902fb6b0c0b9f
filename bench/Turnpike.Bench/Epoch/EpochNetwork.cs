using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Turnpike.Core;
using Turnpike.Evidence;
using Turnpike.Evm;
using Turnpike.Evm.Abi;
using Turnpike.Evm.Rpc;
using Turnpike.Ledger;
using Turnpike.Ledger.Contracts;
using Turnpike.Networks.Wireless;
using Turnpike.Networks.Wireless.Rules.Usage2026;
using CreditsContract = Turnpike.Ledger.Contracts.Credits;

namespace Turnpike.Bench.Epoch;

/// <summary>A network of any size, the same in every process: contracts, keys, hotspots, customers, and the event logs that tell of them.</summary>
internal sealed class EpochNetwork(EpochSize size)
{
    public const long StartSeconds = 1_790_000_000;
    public const long LengthSeconds = 86_400;

    private const int LogsABlock = 1_000;

    public static readonly NetworkDeployment Deployment = new()
    {
        Name = "bench",
        ChainId = 1_337_000,
        FirstBlock = 1,
        Token = AccountOf("token"),
        Emissions = AccountOf("emissions"),
        PriceFeed = AccountOf("feed"),
        Credits = AccountOf("credits"),
        Registry = AccountOf("registry"),
        Settlement = AccountOf("settlement"),
        Distributor = AccountOf("distributor"),
    };

    public static Secp256k1PrivateKey Oracle => SecretOf("oracle");

    public static Address Gateway => AccountOf("gateway");

    public static Usage2026Pack Pack => new(new Usage2026Parameters
    {
        DataSharePpm = 500_000,
        Operations = new AccountPool("operations", 430_000, AccountOf("operations")),
        Others = [new AccountPool("oracles", 70_000, AccountOf("oracles"))],
        BytesPerCredit = 24,
        RetransmissionWindow = 300_000,
        MinimumTrust = 2,
    });

    public static P256DeviceKey RouterKey(int number) => P256DeviceKey.FromPrivateKey(HashOf($"router {number}").ToArray());

    public static Secp256k1PrivateKey CustomerKey(int number) => SecretOf($"customer {number}");

    /// <summary>A hotspot signs nothing here, so any 64 bytes are its key.</summary>
    public static (Bytes32 X, Bytes32 Y) HotspotKey(int number)
    {
        Span<byte> seed = stackalloc byte[sizeof(int) + 1];
        BinaryPrimitives.WriteInt32BigEndian(seed, number);
        var x = new Bytes32(SHA256.HashData(seed));
        seed[^1] = 1;
        return (x, new Bytes32(SHA256.HashData(seed)));
    }

    public static DeviceId HotspotId(int number)
    {
        var (x, y) = HotspotKey(number);
        return DeviceId.OfPublicKey([.. x.ToArray(), .. y.ToArray()]);
    }

    /// <summary>The history as a follower would have built it, from logs alone.</summary>
    public LedgerHistory Follow()
    {
        var history = new LedgerHistory(Deployment);
        var number = Deployment.FirstBlock;
        foreach (var logs in Logs().Chunk(LogsABlock))
        {
            history.Add(Header(number), logs.Select(log => log with { BlockNumber = number }).ToList());
            number++;
        }
        return history;
    }

    public static BlockHeader Header(ulong number) => new()
    {
        Number = number,
        Hash = HashOf($"block {number}"),
        ParentHash = HashOf($"block {number - 1}"),
        Timestamp = (ulong)StartSeconds,
        GasLimit = 1,
        GasUsed = 1,
        PrevRandao = HashOf("randao"),
    };

    private IEnumerable<LogEntry> Logs()
    {
        yield return Log(Deployment.Settlement, [EpochSettlement.SettlementConfiguredEvent.Topic0, Deployment.NetworkId], Word(Deployment.Registry), Word(StartSeconds), Word(LengthSeconds), Word(900), Word(900), Word(900), Word(3), Word(900));
        // Arrays of one element each, behind four heads.
        yield return Log(Deployment.Emissions, [Emissions.ScheduleSetEvent.Topic0], Word(128), Word(192), Word(0), Word(7), Word(1), Word(1), Word(1), WideWord(Amount.FromTokens(20_548).BaseUnits));
        yield return Log(Deployment.PriceFeed, [PriceFeed.PriceUpdatedEvent.Topic0, Word(1)], Word(300_000_000), Word(300_000_000), Word(0), Word(StartSeconds));
        for (var i = 0; i < EpochSize.Customers; i++)
            yield return Log(Deployment.Credits, [CreditsContract.DepositedEvent.Topic0, Word(AccountOf("payer")), Word(CustomerKey(i).Address)], Word(1_000_000_000));
        for (var i = 0; i < size.Routers; i++)
        {
            using var key = RouterKey(i);
            yield return Registered(key.Public.X, key.Public.Y, AccountOf("router owner"), WirelessDevices.Router);
        }
        for (var i = 0; i < size.Devices; i++)
        {
            var (x, y) = HotspotKey(i);
            yield return Registered(x, y, OwnerOf(i), WirelessDevices.Hotspot);
        }
    }

    // Everybody owns one device, which makes the reward tree as large as it can be.
    private static Address OwnerOf(int device)
    {
        Span<byte> seed = stackalloc byte[sizeof(int) + 1];
        BinaryPrimitives.WriteInt32BigEndian(seed, device);
        seed[^1] = 2;
        return new Address(SHA256.HashData(seed).AsSpan(0, Address.Length));
    }

    private static LogEntry Registered(Bytes32 x, Bytes32 y, Address owner, uint kind)
    {
        var id = DeviceId.OfPublicKey([.. x.ToArray(), .. y.ToArray()]);
        return Log(Deployment.Registry, [DeviceRegistry.DeviceRegisteredEvent.Topic0, id.Value, Word(owner)], Word(1), x, y, Word(kind), Word(0), Bytes32.Zero, Bytes32.Zero, Word(2));
    }

    private static LogEntry Log(Address contract, Bytes32[] topics, params Bytes32[] words) => new()
    {
        Address = contract,
        Topics = topics,
        Data = words.SelectMany(word => word.ToArray()).ToArray(),
        BlockNumber = 0,
        BlockHash = Bytes32.Zero,
        TransactionHash = Bytes32.Zero,
        TransactionIndex = 0,
        LogIndex = 0,
    };

    private static Bytes32 WideWord(UInt128 value)
    {
        Span<byte> word = stackalloc byte[Bytes32.Length];
        word.Clear();
        BinaryPrimitives.WriteUInt128BigEndian(word[16..], value);
        return new Bytes32(word);
    }

    private static Bytes32 Word(long value) => WideWord((UInt128)value);

    private static Bytes32 Word(Address account) => new([.. new byte[12], .. account.ToArray()]);

    private static Secp256k1PrivateKey SecretOf(string name) => Secp256k1PrivateKey.TryCreate(HashOf(name).ToArray(), out var key) ? key : throw new InvalidOperationException($"The hash of '{name}' is no key.");

    private static Address AccountOf(string name) => new(HashOf(name).ToArray().AsSpan(0, Address.Length));

    private static Bytes32 HashOf(string name) => new(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
}
