using Turnpike.Agent;
using Turnpike.Evidence;
using Turnpike.Evm.Rpc;
using Turnpike.Networks.Wireless.Archive;
using Turnpike.Node;
using Turnpike.Node.Backup;
using Turnpike.Node.Deploy;
using Turnpike.Node.Epochs;
using Turnpike.Node.Local;
using Turnpike.Node.Replay;
using Turnpike.Node.Settings;
using Turnpike.Node.Wallets;

namespace Turnpike.Cli;

/// <summary>Turns what people can mend into one sentence on standard error and exit code 1; a defect of the program keeps its stack trace.</summary>
internal static class Errors
{
    public static async Task<int> GuardAsync(Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (Exception problem) when (problem is CommandException or AgentException or DevicePermitException or NetworkFolderException or KeyRingException or DeploymentException or LocalChainException or WalletException
            or ReplayException or TraceFormatException or UnknownRulesException or EvidenceException or RpcException or IntentRefusedException or EvidenceLockedException or EvidenceCorruptException or NodeConfigurationException or BackupException or TimeoutException or HttpRequestException)
        {
            await Console.Error.WriteLineAsync($"turnpike: {problem.Message}");
            return 1;
        }
        catch (OperationCanceledException)
        {
            return 130;
        }
    }
}
