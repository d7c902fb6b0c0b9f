using System.CommandLine;
using Turnpike.Cli;
using Turnpike.Cli.Accounts;
using Turnpike.Cli.Agents;
using Turnpike.Cli.Backup;
using Turnpike.Cli.Blueprints;
using Turnpike.Cli.Config;
using Turnpike.Cli.Customers;
using Turnpike.Cli.Demo;
using Turnpike.Cli.Deploy;
using Turnpike.Cli.Devices;
using Turnpike.Cli.Epochs;
using Turnpike.Cli.Governance;
using Turnpike.Cli.Nodes;
using Turnpike.Cli.Receipts;
using Turnpike.Cli.Replay;
using Turnpike.Cli.Status;
using Turnpike.Cli.Simulate;
using Turnpike.Cli.Up;
using Turnpike.Networks.Wireless;

var root = new RootCommand("Turnpike: launch, run, audit and simulate a decentralized physical infrastructure network.")
{
    DemoCommand.Create(),
    UpCommand.Create(),
    DeployCommand.Create(),
    DeviceCommands.Create(),
    AgentCommands.Create(),
    CustomerCommands.Create(),
    EpochCommands.Claim(),
    EpochCommands.Why(),
    EpochCommands.Epoch(),
    EpochCommands.Audit(),
    ReceiptCommands.Create(),
    StatusCommands.Status(),
    StatusCommands.Alerts(),
    NodeCommands.Create(),
    BackupCommands.Backup(),
    BackupCommands.Restore(),
    AccountCommands.Create(),
    MemberCommands.Oracles(),
    MemberCommands.Gateways(),
    ReplayCommand.Create(WirelessModule.Packs),
    SimulateCommand.Create(WirelessModule.Packs),
    ConfigCommands.Create(),
    BlueprintCommands.Create(WirelessModule.Packs),
};
return await Errors.GuardAsync(() => root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(30) }));
