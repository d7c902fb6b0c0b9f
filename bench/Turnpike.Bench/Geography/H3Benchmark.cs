using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Turnpike.Bench.Hashing;
using Turnpike.Core.Geography;
using Turnpike.Core.Geography.Physics;

namespace Turnpike.Bench.Geography;

/// <summary>
/// H3 on one core against h3-js and, where gcc and a checkout of github.com/uber/h3 are present (--c FOLDER, kept outside the repository), the C library in the same run.
/// Arguments: resolution, number of points, --c FOLDER.
/// </summary>
internal sealed class H3Benchmark : IBenchmark
{
    private const int Rounds = 9;
    private static readonly string[] Calls = ["latLngToCell", "cellToLatLng", "cellToBoundary", "gridDisk(2)"];

    public string Name => "h3";

    public string Summary => "cells of random places against h3-js and C H3 [resolution] [points] [--c FOLDER of uber/h3]";

    public async Task<int> RunAsync(string[] arguments, CancellationToken cancellation)
    {
        var c = Array.IndexOf(arguments, "--c") is >= 0 and var at && at + 1 < arguments.Length ? arguments[at + 1] : null;
        var plain = arguments.TakeWhile(argument => argument != "--c").ToArray();
        var resolution = plain.Length > 0 ? int.Parse(plain[0], CultureInfo.InvariantCulture) : 9;
        var count = plain.Length > 1 ? int.Parse(plain[1], CultureInfo.InvariantCulture) : 200_000;
        var random = new Random(1);
        var points = Enumerable.Range(0, count).Select(_ => new SphericalPoint(Math.Asin(random.NextDouble() * 2 - 1) * 180 / Math.PI, random.NextDouble() * 360 - 180)).ToArray();

        var peers = new List<(string Name, double[] Seconds)>();
        if (Peer.Folder("tests/peers", "h3-js") is { } folder) peers.Add(("h3-js", await JavaScriptAsync(folder, points, resolution, cancellation)));
        else Console.Error.WriteLine("h3-js is absent: npm ci --prefix tests/peers");
        if (c is not null) peers.Add(("C", await CAsync(c, points, resolution, cancellation)));
        var ours = Ours(points, resolution);

        Console.WriteLine($"resolution {resolution}, {count:N0} random places, one core, nanoseconds a call");
        Console.WriteLine($"{"",-16}{"Turnpike",10}{string.Concat(peers.Select(peer => $"{peer.Name,10}{"ratio",8}"))}");
        for (var i = 0; i < Calls.Length; i++)
            Console.WriteLine($"{Calls[i],-16}{ours[i] / count * 1e9,10:N1}{string.Concat(peers.Select(peer => $"{peer.Seconds[i] / count * 1e9,10:N1}{peer.Seconds[i] / ours[i],8:N1}"))}");
        return 0;
    }

    private static double[] Ours(SphericalPoint[] points, int resolution)
    {
        var cells = points.Select(point => H3Sphere.CellOf(point, resolution)).ToArray();
        var corners = new SphericalPoint[H3Cell.MaxCorners];
        var disk = new H3Cell[H3Grid.DiskSize(2)];
        var positions = points.Select(point => point.ToPosition()).ToArray();
        var sink = 0UL;
        double[] seconds =
        [
            Time(() => { foreach (var point in points) sink ^= H3Sphere.CellOf(point, resolution).Value; }),
            Time(() => { foreach (var cell in cells) sink ^= (ulong)H3Sphere.CenterOf(cell).Latitude; }),
            Time(() => { foreach (var cell in cells) sink ^= (ulong)H3Sphere.BoundaryOf(cell, corners); }),
            Time(() => { foreach (var cell in cells) sink ^= (ulong)H3Grid.Disk(cell, 2, disk); }),
        ];
        var integer = Time(() => { foreach (var position in positions) sink ^= H3Cell.Containing(position, resolution).Value; });
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var point in points) sink ^= H3Sphere.CellOf(point, resolution).Value;
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Console.WriteLine($"from integer positions {integer / points.Length * 1e9:N1} ns a call; {allocated} bytes allocated in {points.Length:N0} calls (checksum {sink:x})");
        return seconds;
    }

    // Processor time of one round, the median of all.
    private static double Time(Action work)
    {
        for (var i = 0; i < 5; i++) work();
        return Enumerable.Range(0, Rounds).Select(_ => CpuTime.Of(work).TotalSeconds).Order().ElementAt(Rounds / 2);
    }

    private static async Task<double[]> JavaScriptAsync(string folder, SphericalPoint[] points, int resolution, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("node") { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true };
        start.ArgumentList.Add("h3.cjs");
        var question = new byte[24 * (points.Length + 1)];
        question[0] = 17;
        question[4] = (byte)resolution;
        BinaryPrimitives.WriteUInt64LittleEndian(question.AsSpan(8), (ulong)points.Length);
        for (var i = 0; i < points.Length; i++) Write(question.AsSpan(24 * (i + 1) + 8), points[i]);
        return ReadSeconds((await AskAsync(start, question, cancellation)).AsSpan(4));
    }

    private static async Task<double[]> CAsync(string checkout, SphericalPoint[] points, int resolution, CancellationToken cancellation)
    {
        var build = Directory.CreateTempSubdirectory("h3-bench-");
        try
        {
            await ShellAsync($"cmake -S '{checkout}' -B '{build}' -DCMAKE_BUILD_TYPE=Release -DBUILD_TESTING=OFF -DBUILD_GENERATORS=OFF -DBUILD_FILTERS=OFF -DBUILD_FUZZERS=OFF -DBUILD_BENCHMARKS=OFF -DENABLE_DOCS=OFF -DENABLE_FORMAT=OFF -DENABLE_LINTING=OFF >/dev/null && make -C '{build}' h3 >/dev/null", cancellation);
            await File.WriteAllTextAsync(Path.Combine(build.FullName, "bench.c"), CProgram, cancellation);
            await ShellAsync($"gcc -O3 -I '{build}/src/h3lib/include' '{build}/bench.c' $(find '{build}' -name 'libh3.a') -lm -o '{build}/bench'", cancellation);
            var question = new byte[16 * (points.Length + 1)];
            BinaryPrimitives.WriteInt64LittleEndian(question, points.Length);
            BinaryPrimitives.WriteInt64LittleEndian(question.AsSpan(8), resolution);
            for (var i = 0; i < points.Length; i++) Write(question.AsSpan(16 * (i + 1)), points[i]);
            return ReadSeconds(await AskAsync(new ProcessStartInfo(Path.Combine(build.FullName, "bench")) { RedirectStandardInput = true, RedirectStandardOutput = true }, question, cancellation));
        }
        finally
        {
            build.Delete(recursive: true);
        }
    }

    private static async Task ShellAsync(string command, CancellationToken cancellation)
    {
        using var process = Process.Start("sh", ["-c", command]);
        await process.WaitForExitAsync(cancellation);
        if (process.ExitCode != 0) throw new InvalidOperationException("C H3 was not built: " + command);
    }

    private static async Task<byte[]> AskAsync(ProcessStartInfo start, byte[] question, CancellationToken cancellation)
    {
        using var process = Process.Start(start) ?? throw new InvalidOperationException(start.FileName + " did not start.");
        using var answer = new MemoryStream();
        var reading = process.StandardOutput.BaseStream.CopyToAsync(answer, cancellation);
        await process.StandardInput.BaseStream.WriteAsync(question, cancellation);
        process.StandardInput.Close();
        await reading;
        await process.WaitForExitAsync(cancellation);
        return process.ExitCode == 0 ? answer.ToArray() : throw new InvalidOperationException($"{start.FileName} ended with {process.ExitCode}.");
    }

    private static void Write(Span<byte> at, SphericalPoint point)
    {
        BinaryPrimitives.WriteDoubleLittleEndian(at, point.Latitude);
        BinaryPrimitives.WriteDoubleLittleEndian(at[8..], point.Longitude);
    }

    private static double[] ReadSeconds(ReadOnlySpan<byte> bytes) => MemoryMarshal.Cast<byte, double>(bytes)[..Calls.Length].ToArray();

    private const string CProgram = """
        #include <h3api.h>
        #include <stdint.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <time.h>
        static double now(void) { struct timespec t; clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t); return t.tv_sec + t.tv_nsec / 1e9; }
        static int compare(const void *a, const void *b) { double d = *(const double *)a - *(const double *)b; return d < 0 ? -1 : d > 0; }
        int main(void) {
          int64_t head[2];
          if (fread(head, 16, 1, stdin) != 1) return 1;
          int64_t n = head[0];
          int resolution = (int)head[1];
          double *degrees = malloc(16 * n);
          if (fread(degrees, 16, n, stdin) != (size_t)n) return 1;
          H3Index *cells = malloc(8 * n);
          double times[4][9], median[4];
          volatile uint64_t sink = 0;
          for (int round = -1; round < 9; round++)
            for (int call = 0; call < 4; call++) {
              double start = now();
              for (int64_t i = 0; i < n; i++) {
                LatLng place; CellBoundary boundary; H3Index disk[19];
                switch (call) {
                  case 0: place.lat = degsToRads(degrees[2 * i]); place.lng = degsToRads(degrees[2 * i + 1]); latLngToCell(&place, resolution, &cells[i]); sink ^= cells[i]; break;
                  case 1: cellToLatLng(cells[i], &place); sink ^= (uint64_t)place.lat; break;
                  case 2: cellToBoundary(cells[i], &boundary); sink ^= boundary.numVerts; break;
                  default: gridDisk(cells[i], 2, disk); sink ^= disk[7]; break;
                }
              }
              if (round >= 0) times[call][round] = now() - start;
            }
          for (int call = 0; call < 4; call++) { qsort(times[call], 9, sizeof(double), compare); median[call] = times[call][4]; }
          fwrite(median, sizeof median, 1, stdout);
          return 0;
        }
        """;
}
