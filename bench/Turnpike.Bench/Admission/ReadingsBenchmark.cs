namespace Turnpike.Bench.Admission;

/// <summary>Batches of 100 readings under one signature, through the same door.</summary>
internal sealed class ReadingsBenchmark : IBenchmark
{
    private const int Readings = 100;

    public string Name => "readings";

    public string Summary => "Readings a second and core, 100 under a signature, decode to durable. --devices --rounds --folder";

    public async Task<int> RunAsync(string[] arguments, CancellationToken cancellation)
    {
        var sizes = Sizes.Parse(arguments, devices: 10_000, rounds: 5);
        Console.WriteLine($"preparing {sizes.Devices:N0} devices, {sizes.Rounds} rounds after the first, {Readings} readings a piece");
        var fleet = Fleet.Create(sizes.Devices, sizes.Rounds + 1, Readings, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        await using var door = new Door(fleet, sizes.Folder);
        await door.ReceiveAllAsync(fleet.Rounds(0, 1), cancellation);

        var reference = await OpenSslReference.VerificationsPerSecondAsync(cancellation);
        var rates = new List<double>();
        for (var round = 1; round <= sizes.Rounds; round++)
        {
            var warm = new Consumption();
            await door.ReceiveAllAsync(fleet.Rounds(round, 1), cancellation);
            rates.Add(sizes.Devices / warm.Processor.TotalSeconds);
        }
        rates.Sort();
        var rate = rates[rates.Count / 2];
        Console.WriteLine($"{rate * Readings,12:N0} readings/s and core (bar: 500,000) in {rate:N0} pieces of {fleet.PieceBytes:N0} bytes, peak memory {Consumption.PeakMebibytes:N0} MiB");
        Console.WriteLine($"openssl verifies {reference:N0} /s: {rate * Readings / reference:F1} readings for each of its verifications");
        return 0;
    }
}
