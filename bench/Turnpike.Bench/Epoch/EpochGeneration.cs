using System.Buffers.Binary;
using Turnpike.Core;
using Turnpike.Core.Rules;
using Turnpike.Evidence;
using Turnpike.Evm;
using Turnpike.Ledger;
using Turnpike.Networks.Wireless.Evidence;
using Turnpike.Networks.Wireless.Rules.Usage2026;
using Turnpike.Node.Market;

namespace Turnpike.Bench.Epoch;

/// <summary>Writes an epoch's evidence through the log that gateways use: real keys, real signatures, real segments. Not part of what is timed.</summary>
internal static class EpochGeneration
{
    private const int AppendsAtOnce = 256;

    public static async Task RunAsync(EpochSize size, CancellationToken cancellation)
    {
        if (Directory.Exists(size.Folder)) Directory.Delete(size.Folder, recursive: true);
        Directory.CreateDirectory(size.Folder);
        await using var log = EvidenceLog.Open(new EvidenceLogOptions { Folder = size.EvidenceFolder, NetworkId = EpochNetwork.Deployment.NetworkId }, TimeProvider.System);
        await WriteOrdersAsync(log, cancellation);
        await WriteBatchesAsync(log, size, cancellation);
        var book = ManifestBook.Open(log, size.EvidenceFolder, EpochNetwork.Deployment.NetworkId, EpochNetwork.Gateway);
        await book.SealAsync(EpochNumber.First, cancellation);
    }

    private static async Task WriteOrdersAsync(EvidenceLog log, CancellationToken cancellation)
    {
        var domain = new SigningDomain(EpochNetwork.Deployment.ChainId, EpochNetwork.Deployment.Credits);
        await Parallel.ForAsync(0, EpochSize.Customers, new ParallelOptions { MaxDegreeOfParallelism = AppendsAtOnce, CancellationToken = cancellation }, async (i, stop) =>
        {
            using var key = EpochNetwork.CustomerKey(i);
            var order = new ServiceOrder { Customer = key.Address, Service = Usage2026Pack.Service, Meter = Address.Zero, Price = 1, CapPerEpoch = 1_000_000_000, FromEpoch = 1, UntilEpoch = 100, Nonce = 1 };
            var signed = await SignedOrder.SignAsync(order, domain, new LocalDigestSigner(key), stop);
            await AppendAsync(log, RecordType.Order, signed.Encode(), ReceivedAt(0), stop);
        });
    }

    private static async Task WriteBatchesAsync(EvidenceLog log, EpochSize size, CancellationToken cancellation)
    {
        var hotspots = new DeviceId[size.Devices];
        Parallel.For(0, hotspots.Length, i => hotspots[i] = EpochNetwork.HotspotId(i));
        var customers = Enumerable.Range(0, EpochSize.Customers).Select(i => EpochNetwork.CustomerKey(i).Address).ToArray();
        var options = new ParallelOptions { MaxDegreeOfParallelism = AppendsAtOnce, CancellationToken = cancellation };
        // A router after the other keeps one key in memory; its batches are spread over the day.
        await Parallel.ForAsync(0, size.Routers, options, async (router, stop) =>
        {
            using var key = EpochNetwork.RouterKey(router);
            var signer = new EnvelopeSigner(key, EpochNetwork.Deployment.NetworkId);
            for (var batch = router; batch < size.Batches; batch += size.Routers)
            {
                var receivedAt = ReceivedAt((long)batch * EpochNetwork.LengthSeconds * 1_000 / size.Batches);
                var content = new EnvelopeContent
                {
                    Kind = UsageBatch.Kind,
                    Boot = 1,
                    Sequence = (ulong)(batch / size.Routers) + 1,
                    UnixMilliseconds = receivedAt,
                    PublicBody = UsageBatch.Encode("EU868", RecordsOf(batch, hotspots, customers)),
                };
                await AppendAsync(log, RecordType.Evidence, signer.Sign(content), receivedAt, stop);
            }
        });
    }

    // A batch names a hundred hotspots anywhere in the registry and a handful of customers; one record in fifty is a copy of the one before it, which is not paid.
    private static List<UsageRecord> RecordsOf(int batch, DeviceId[] hotspots, Address[] customers)
    {
        var random = new SplitMix((ulong)batch);
        var records = new List<UsageRecord>(EpochSize.RecordsABatch);
        for (var i = 0; i < EpochSize.RecordsABatch; i++)
        {
            if (i % 50 == 49)
            {
                records.Add(records[^1]);
                continue;
            }
            var hotspot = hotspots[((long)batch * EpochSize.RecordsABatch + i) * 7_919 % hotspots.Length];
            var rate = random.Next(6) is var factor && factor == 5 ? "SF12BW125" : $"SF{7 + factor}BW125";
            records.Add(new UsageRecord(hotspot, random.NextHash(), (byte)random.Next(120), customers[(batch + random.Next(5)) % customers.Length], rate, (short)-random.Next(1_300), (short)(random.Next(300) - 200)));
        }
        return records;
    }

    private static long ReceivedAt(long offset) => EpochNetwork.StartSeconds * 1_000 + offset;

    private static async Task AppendAsync(EvidenceLog log, RecordType type, byte[] body, long receivedAt, CancellationToken cancellation)
    {
        var outcome = await log.AppendAsync(type, body, receivedAt, cancellation);
        if (!outcome.IsDurable) throw new IOException($"The log refused a record: {outcome.Code}.");
    }

    /// <summary>The same numbers on every machine.</summary>
    private struct SplitMix(ulong seed)
    {
        private ulong _state = seed * 0x9E3779B97F4A7C15 + 1;

        public int Next(int below) => (int)(NextWord() % (ulong)below);

        public Bytes32 NextHash()
        {
            Span<byte> bytes = stackalloc byte[Bytes32.Length];
            for (var i = 0; i < Bytes32.Length; i += sizeof(ulong)) BinaryPrimitives.WriteUInt64BigEndian(bytes[i..], NextWord());
            return new Bytes32(bytes);
        }

        private ulong NextWord()
        {
            var z = _state += 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }
}
