namespace Turnpike.Bench.Admission;

/// <summary>Individually signed reports of a fleet in rotation: bytes, all rules, log, fsync, acknowledged. The reference verifies and does nothing else.</summary>
internal sealed class AdmissionBenchmark : IBenchmark
{
    public string Name => "admission";

    public string Summary => "Signed reports a second and core, decode to durable, against openssl speed. --devices --rounds --folder";

    public async Task<int> RunAsync(string[] arguments, CancellationToken cancellation)
    {
        var sizes = Sizes.Parse(arguments, devices: 100_000, rounds: 3);
        Console.WriteLine($"preparing {sizes.Devices:N0} devices, {sizes.Rounds} rounds after the first");
        var fleet = Fleet.Create(sizes.Devices, sizes.Rounds + 1, readings: 1, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        await using var door = new Door(fleet, sizes.Folder);

        var cold = new Consumption();
        await door.ReceiveAllAsync(fleet.Rounds(0, 1), cancellation);
        Console.WriteLine($"first piece of a device {sizes.Devices / cold.Processor.TotalSeconds,10:N0} /s and core (its key is imported)");

        var ratios = new List<double>();
        for (var round = 1; round <= sizes.Rounds; round++)
        {
            var before = await OpenSslReference.VerificationsPerSecondAsync(cancellation);
            var warm = new Consumption();
            await door.ReceiveAllAsync(fleet.Rounds(round, 1), cancellation);
            var rate = sizes.Devices / warm.Processor.TotalSeconds;
            var wall = sizes.Devices / warm.Clock.TotalSeconds;
            var reference = (before + await OpenSslReference.VerificationsPerSecondAsync(cancellation)) / 2;
            ratios.Add(rate / reference);
            Console.WriteLine($"round {round}: {rate,10:N0} /s and core ({wall:N0} /s by the clock), openssl verifies {reference,8:N0} /s, ratio {rate / reference:F2}");
        }
        ratios.Sort();
        Console.WriteLine($"{fleet.PieceBytes} bytes a piece, peak memory {Consumption.PeakMebibytes:N0} MiB, median ratio {ratios[ratios.Count / 2]:F2} (bar: 0.85)");
        return 0;
    }
}
