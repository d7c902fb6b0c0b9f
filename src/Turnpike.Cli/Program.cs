using System.CommandLine;
using Turnpike.Cli;
using Turnpike.Cli.Blueprints;
using Turnpike.Cli.Demo;
using Turnpike.Networks.Wireless;

var root = new RootCommand("Turnpike: launch, run, audit and simulate a decentralized physical infrastructure network.")
{
    DemoCommand.Create(),
    BlueprintCommands.Create(WirelessModule.Packs),
};
return await Errors.GuardAsync(() => root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false }));
