using System.CommandLine;
using Turnpike.Core;
using Turnpike.Evm;
using Turnpike.Evm.Abi;
using Turnpike.Ledger.Contracts;

namespace Turnpike.Cli.Governance;

/// <summary>A node's account and URL, as an option gives them: ACCOUNT=URL.</summary>
internal static class Member
{
    /// <summary>Reads ACCOUNT=URL; the account by its address, or by a name that <paramref name="find"/> knows.</summary>
    public static (Address Account, Uri Url) Parse(string option, string text, Func<string, Address> find)
    {
        if (text.Split('=', 2) is not [var account, var address] || !Uri.TryCreate(address, UriKind.Absolute, out var url) || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps))
            throw new CommandException($"{option} is '{text}'; it takes ACCOUNT=URL, such as 0x...=https://oracle-1.example.org/.");
        return (find(account), url);
    }
}

/// <summary>The verbs <c>turnpike oracles set</c> and <c>turnpike gateway add|remove</c>: the admin changes who takes part.</summary>
internal static class MemberCommands
{
    // The contract wants two epochs of notice, so that no epoch that runs or is about to is concerned.
    private const ulong NoticeEpochs = 2;

    // The name that every blueprint gives it.
    private const string Admin = "admin";

    public static Command Oracles()
    {
        var members = new Option<string[]>("--oracle") { Description = "An oracle as ACCOUNT=URL; all of them, in order, the ones that stay too.", Required = true };
        var faulty = new Option<byte>("--faulty") { Description = "How many of them may lie: fewer than a third.", Required = true };
        var from = new Option<ulong?>("--from-epoch") { Description = "The first epoch that they settle. Default: the earliest that the contract allows." };
        var set = new Command("set", "Replace the oracle configuration from a coming epoch on: to add or remove an oracle, change its URL or its key.") { members, faulty, from };
        Complete(set, async (parsed, session, cancellation) =>
        {
            var list = parsed.GetRequiredValue(members).Select(text => Member.Parse("--oracle", text, session.AddressOf)).ToList();
            var now = (await session.ClockAsync(cancellation)).GetUtcNow().ToUnixTimeMilliseconds();
            var epoch = parsed.GetValue(from) ?? (await session.LedgerAsync(cancellation)).Read(state => (state.Clock.TryAt(now, out var running) ? running.Value : 0) + NoticeEpochs + 1);
            var call = new EpochSettlement.ScheduleOraclesCall(list.Select(member => member.Account).ToList(), parsed.GetValue(faulty), list.Select(member => member.Url.ToString()).ToList(), epoch);
            return (call, $"{list.Count} oracles, of which {parsed.GetValue(faulty)} may lie, settle from epoch {epoch} on");
        });
        return new Command("oracles", "Change who the oracles are.") { set.WithExamples("turnpike oracles set --faulty 1 --oracle 0xA...=https://o1.example/ --oracle 0xB...=https://o2.example/ --oracle 0xC...=https://o3.example/ --oracle 0xD...=https://o4.example/") };
    }

    public static Command Gateways()
    {
        var added = new Argument<string>("gateway") { Description = "The gateway as ACCOUNT=URL." };
        var add = new Command("add", "Register a gateway, or change its URL: from now on its evidence can be certified.") { added };
        Complete(add, (parsed, session, _) =>
        {
            var (account, url) = Member.Parse("gateway", parsed.GetRequiredValue(added), session.AddressOf);
            return Task.FromResult<(IContractCall, string)>((new EpochSettlement.AddGatewayCall(account, url.ToString()), $"{ChecksumAddress.Format(account)} is a gateway at {url}"));
        });
        var removed = new Argument<string>("account") { Description = "The gateway's account." };
        var remove = new Command("remove", "Remove a gateway: what it has not had certified by now is lost to its devices, who keep it and send it to another.") { removed };
        Complete(remove, (parsed, session, _) =>
        {
            var account = session.AddressOf(parsed.GetRequiredValue(removed));
            return Task.FromResult<(IContractCall, string)>((new EpochSettlement.RemoveGatewayCall(account), $"{ChecksumAddress.Format(account)} is no gateway any more"));
        });
        return new Command("gateway", "Change who the gateways are.") { add.WithExamples("turnpike gateway add 0x...=https://gateway-2.example.org/"), remove.WithExamples("turnpike gateway remove 0x...") };
    }

    private static void Complete(Command command, Func<ParseResult, NetworkSession, CancellationToken, Task<(IContractCall Call, string Done)>> prepare)
    {
        var admin = new Option<string>("--admin") { Description = "The account that administers the network; its key is here.", DefaultValueFactory = _ => Admin };
        var (network, json) = (CommonOptions.Network(), CommonOptions.Json());
        command.Add(admin);
        command.Add(network);
        command.Add(json);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var session = new NetworkSession(parsed.Folder(network));
            var (call, done) = await prepare(parsed, session, cancellation);
            await using var wallet = await session.WalletAsync(parsed.GetRequiredValue(admin), cancellation);
            var outcome = await wallet.SendAsync(command.Name, session.Node.Deployment.Settlement, call, cancellation);
            if (parsed.GetValue(json)) NetworkSession.WriteJson(new { done, transaction = outcome.TransactionHash.ToString() });
            else Console.WriteLine($"{done}; transaction {outcome.TransactionHash}");
            return 0;
        });
    }
}
