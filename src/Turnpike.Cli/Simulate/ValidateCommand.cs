using System.CommandLine;
using Turnpike.Simulation;

namespace Turnpike.Cli.Simulate;

/// <summary>The verb <c>turnpike simulate validate</c>: recomputes docs/validation.md and its plots from the data.</summary>
internal static class ValidateCommand
{
    public static Command Create()
    {
        var data = new Option<DirectoryInfo>("--data") { Description = "Folder of the public data: economics/ and storage/.", Required = true };
        var output = new Option<DirectoryInfo?>("--out") { Description = "Folder to write validation.md and validation/*.svg to; without it the page is printed." };
        var command = new Command("validate", "Back-test the simulator on the history of real networks and write down how right it was.") { data, output }
            .WithExamples("turnpike simulate validate --data ../shared/data --out docs");
        command.SetAction(parsed => Run(parsed.GetRequiredValue(data), parsed.GetValue(output), parsed.InvocationConfiguration.Output));
        return command;
    }

    private static int Run(DirectoryInfo data, DirectoryInfo? output, TextWriter console)
    {
        try
        {
            var tests = ValidationDocument.Backtests(data.FullName);
            if (output is null) console.Write(ValidationDocument.Page(tests));
            else
            {
                Directory.CreateDirectory(Path.Combine(output.FullName, "validation"));
                File.WriteAllText(Path.Combine(output.FullName, "validation.md"), ValidationDocument.Page(tests));
                foreach (var (name, plot) in ValidationDocument.Plots(tests)) File.WriteAllText(Path.Combine(output.FullName, "validation", name), plot);
                console.WriteLine($"{tests.Count} back-tests written to {Path.Combine(output.FullName, "validation.md")}");
            }
            return 0;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"The data or the output cannot be used: {fault.Message}");
        }
    }
}
