using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Turnpike.Cli;

/// <summary>Examples below a command's help, and only below its own: a description would repeat them in the parent's list.</summary>
internal static class HelpExamples
{
    /// <summary>Adds the examples and returns the command.</summary>
    internal static Command WithExamples(this Command command, params string[] examples)
    {
        var help = new HelpOption();
        help.Action = new HelpThenExamples((SynchronousCommandLineAction)help.Action!, examples);
        command.Add(help);
        return command;
    }

    private sealed class HelpThenExamples(SynchronousCommandLineAction help, string[] examples) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            var exit = help.Invoke(parseResult);
            var output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (var example in examples) output.WriteLine($"  {example}");
            return exit;
        }
    }
}
