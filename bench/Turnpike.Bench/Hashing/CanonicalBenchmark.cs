using System.Buffers;
using System.Text.Json;
using Turnpike.Core;
using Turnpike.Core.Canonical;

namespace Turnpike.Bench.Hashing;

/// <summary>Device lines of an outcome, written and hashed as shards, against the same lines through Utf8JsonWriter without hashing.</summary>
internal sealed class CanonicalBenchmark : IBenchmark
{
    private const int Lines = 200_000;
    private const int Rounds = 7;

    public string Name => "canonical";

    public string Summary => "canonical outcome lines written and hashed, against Utf8JsonWriter";

    public Task<int> RunAsync(string[] arguments, CancellationToken cancellation)
    {
        var devices = Enumerable.Range(0, Lines).Select(i => new DeviceId(Keccak256.Hash(BitConverter.GetBytes(i)))).ToArray();
        Ours(devices);
        Theirs(devices);
        var times = Enumerable.Range(0, Rounds).Select(_ => (Ours: CpuTime.Of(() => Ours(devices)), Theirs: CpuTime.Of(() => Theirs(devices)))).ToArray();
        double Median(IEnumerable<double> values) => values.Order().ElementAt(Rounds / 2);
        var bytes = Ours(devices).Shards.Sum(shard => shard.Bytes.Length);
        Console.WriteLine($"canonical and hashed: {Lines / Median(times.Select(time => time.Ours.TotalSeconds)):N0} lines/s of {bytes / Lines} bytes");
        Console.WriteLine($"Utf8JsonWriter:       {Lines / Median(times.Select(time => time.Theirs.TotalSeconds)):N0} lines/s");
        Console.WriteLine($"ratio:                {Median(times.Select(time => time.Theirs / time.Ours)):N2}");
        return Task.FromResult(0);
    }

    private static ShardSet Ours(DeviceId[] devices)
    {
        var writer = new CanonicalWriter("devices", 8 << 20);
        for (var i = 0; i < devices.Length; i++)
        {
            writer.BeginLine().Field("device", devices[i]).Field("beneficiary", Address.Zero).Field("units", (UInt128)i).Field("amount", new Amount((UInt128)i << 40))
                .BeginArray("verdicts").BeginObject().Field("code", 200UL).Field("name", "accepted").Field("reports", 10UL).EndObject().EndArray().EndLine();
        }
        return writer.Complete();
    }

    private static void Theirs(DeviceId[] devices)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        for (var i = 0; i < devices.Length; i++)
        {
            writer.Reset(buffer);
            writer.WriteStartObject();
            writer.WriteString("device", devices[i].ToString());
            writer.WriteString("beneficiary", Address.Zero.ToString());
            writer.WriteString("units", ((UInt128)i).ToString());
            writer.WriteString("amount", ((UInt128)i << 40).ToString());
            writer.WriteStartArray("verdicts");
            writer.WriteStartObject();
            writer.WriteString("code", "200");
            writer.WriteString("name", "accepted");
            writer.WriteString("reports", "10");
            writer.WriteEndObject();
            writer.WriteEndArray();
            writer.WriteEndObject();
            writer.Flush();
            if (buffer.WrittenCount > 8 << 20) buffer.ResetWrittenCount();
        }
    }
}
