using Turnpike.Bench;

// Benchmarks are found by type: a new file is a new verb.
var benchmarks = typeof(IBenchmark).Assembly.GetTypes()
    .Where(type => type is { IsAbstract: false, IsInterface: false } && type.IsAssignableTo(typeof(IBenchmark)))
    .Select(type => (IBenchmark)Activator.CreateInstance(type)!)
    .OrderBy(benchmark => benchmark.Name, StringComparer.Ordinal)
    .ToList();

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, press) =>
{
    press.Cancel = true;
    stop.Cancel();
};

if (args.Length > 0 && benchmarks.Find(benchmark => benchmark.Name == args[0]) is { } chosen) return await chosen.RunAsync(args[1..], stop.Token);

Console.Error.WriteLine("usage: dotnet run -c Release --project bench/Turnpike.Bench -- BENCHMARK [ARGUMENTS]");
foreach (var benchmark in benchmarks) Console.Error.WriteLine($"  {benchmark.Name,-16} {benchmark.Summary}");
return 2;
