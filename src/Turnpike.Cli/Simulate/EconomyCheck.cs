using Turnpike.Core.Parameters;
using Turnpike.Simulation;

namespace Turnpike.Cli.Simulate;

/// <summary><c>turnpike blueprint check</c> of an economy without a protocol: problems, and the laws of design that it breaks.</summary>
internal static class EconomyCheck
{
    /// <summary>0 when it is right, with or without warnings; 1 when the reader refused it.</summary>
    public static int Run(string name, IReadOnlyList<PackDescription> packs, TextWriter output)
    {
        var (economy, blueprint) = EconomyFiles.Read(name, null, packs);
        foreach (var warning in EconomyWarnings.Of(economy, blueprint)) output.WriteLine($"{name}: warning {warning.Law}: {warning.Text}");
        output.WriteLine($"{name}: right (an economy: it can be simulated, not started or deployed)");
        return 0;
    }
}
