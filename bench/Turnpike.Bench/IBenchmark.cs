namespace Turnpike.Bench;

/// <summary>One measurement of docs/performance.md: it makes its own data, measures itself and its reference in the same run, and prints figures with units.</summary>
internal interface IBenchmark
{
    /// <summary>The verb.</summary>
    string Name { get; }

    /// <summary>One line for the list.</summary>
    string Summary { get; }

    /// <summary>Measures and prints; the exit code is 0 unless something did not work. Never a verdict on speed.</summary>
    Task<int> RunAsync(string[] arguments, CancellationToken cancellation);
}
