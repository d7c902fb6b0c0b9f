using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using Turnpike.Core;
using Turnpike.Evidence;
using Turnpike.Networks.Wireless.Evidence;
using Turnpike.Node.Local;

namespace Turnpike.Bench.Faults;

/// <summary>One report of the fleet.</summary>
internal sealed class FaultReport(byte[] piece, int[] gateways)
{
    /// <summary>The signed bytes, the same at every sending.</summary>
    public byte[] Piece { get; } = piece;

    /// <summary>Gateways that are still to acknowledge it.</summary>
    public List<int> Open { get; } = [.. gateways];

    /// <summary>Its identity by the receipts; zero before the first.</summary>
    public Bytes32 Identity { get; set; }

    /// <summary>When it was signed, unix milliseconds.</summary>
    public required long SignedAt { get; init; }

    /// <summary>Whether a final commit on chain lists it, so that the device forgets it.</summary>
    public bool IsCertified { get; set; }
}

/// <summary>
/// Devices that are honest and careful: each report goes to two gateways and stays in the device's spool until a certified commit that lists it is final. What is not acknowledged is
/// sent again, byte for byte; what an epoch after its signing is in no commit goes to the remaining gateways too.
/// </summary>
internal sealed class FaultFleet(FaultOptions options, IReadOnlyList<IDeviceKey> keys, Bytes32 networkId, IReadOnlyList<Uri> gateways, Address organisation, HttpClient http)
{
    private readonly List<FaultReport> _reports = [];
    private readonly VirtualDevice[] _devices = [.. keys.Select(key => new VirtualDevice(key, networkId, gateways[0], http, TimeProvider.System, boot: 1))];
    private readonly Random _random = new(options.Seed ^ 0x5eed);
    private ulong _frame;

    /// <summary>Every report signed so far.</summary>
    public IReadOnlyList<FaultReport> Reports
    {
        get
        {
            lock (_reports) return [.. _reports];
        }
    }

    /// <summary>Refusals by honest gateways of honest reports: each is a failure of the run.</summary>
    public List<string> Refusals { get; } = [];

    /// <summary>Lets every device report through all epochs, then goes on until each report is acknowledged and certified.</summary>
    public async Task RunAsync(long epochOne, CancellationToken cancellation)
    {
        var moments = Enumerable.Range(0, options.Devices * options.Reports * options.Epochs)
            .Select(i => (Device: i % options.Devices, At: epochOne + (i / (options.Devices * options.Reports)) * options.EpochMilliseconds + _random.Next(options.EpochMilliseconds)))
            .OrderBy(moment => moment.At).ToArray();
        var sending = new List<Task>();
        foreach (var (device, at) in moments)
        {
            var wait = at - Now;
            if (wait > 0) await Task.Delay((int)wait, cancellation);
            var report = Sign(device);
            lock (_reports) _reports.Add(report);
            sending.Add(Task.Run(() => DeliverAsync(report, cancellation), cancellation));
        }
        await Task.WhenAll(sending);
    }

    private static long Now => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    private FaultReport Sign(int device)
    {
        Span<byte> frame = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(frame, ++_frame);
        var packet = new PacketReport(new Bytes32(SHA256.HashData(frame)), PayloadBytes: 20, organisation, "SF9BW125", Rssi: -900, Snr: 50, Region: "EU868");
        var chosen = Enumerable.Range(0, gateways.Count).ToArray();
        _random.Shuffle(chosen);
        return new FaultReport(_devices[device].Sign(packet), [.. chosen.Take(2)]) { SignedAt = Now };
    }

    private async Task DeliverAsync(FaultReport report, CancellationToken cancellation)
    {
        var hasSpread = false;
        while (!report.IsCertified)
        {
            foreach (var gateway in report.Open.ToArray())
                if (await TrySendAsync(report, gateway, cancellation)) report.Open.Remove(gateway);
            if (!hasSpread && Now - report.SignedAt > options.EpochMilliseconds)
            {
                hasSpread = true;
                report.Open.AddRange(Enumerable.Range(0, gateways.Count));
            }
            await Task.Delay(400, cancellation);
        }
    }

    private async Task<bool> TrySendAsync(FaultReport report, int gateway, CancellationToken cancellation)
    {
        try
        {
            using var content = new ByteArrayContent(report.Piece);
            using var answer = await http.PostAsync(new Uri(gateways[gateway], "v1/evidence"), content, cancellation);
            var body = await answer.Content.ReadAsStringAsync(cancellation);
            if ((int)answer.StatusCode == 202)
            {
                using var receipt = JsonDocument.Parse(body);
                report.Identity = Bytes32.Parse(receipt.RootElement.GetProperty("identity").GetString());
                return true;
            }
            // 5xx passes; anything else is what no honest report should meet.
            if ((int)answer.StatusCode is < 500 and not 429)
                lock (Refusals) Refusals.Add($"{(int)answer.StatusCode} {body}");
            return false;
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or JsonException || (fault is TaskCanceledException && !cancellation.IsCancellationRequested))
        {
            return false;
        }
    }
}
