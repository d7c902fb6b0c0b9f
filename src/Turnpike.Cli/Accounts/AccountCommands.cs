using System.CommandLine;
using Turnpike.Core;
using Turnpike.Evm;
using Turnpike.Evm.Rpc;
using Turnpike.Node.Deploy;

namespace Turnpike.Cli.Accounts;

/// <summary>The verbs <c>turnpike account new|list|send</c>.</summary>
internal static class AccountCommands
{
    public static Command Create() =>
        new Command("account", "Make and look at accounts, send tokens.") { New(), List(), Send() }
            .WithExamples("turnpike account new oracle --network ./node-1", "turnpike account list", "turnpike account send holders shop 100");

    private static Command New()
    {
        var name = new Argument<string>("name") { Description = "What the account is called here." };
        var (network, json) = (CommonOptions.Network(), CommonOptions.Json());
        var command = new Command("new", $"Make a key, encrypted under {KeyRing.PasswordVariable} or the file of {KeyRing.PasswordFileVariable}, and print its address. Needs no network yet.") { name, network, json }.WithExamples("turnpike account new oracle --network ./node-1");
        command.SetAction(parsed =>
        {
            var folder = parsed.Folder(network);
            using var key = Secp256k1PrivateKey.Generate();
            (folder.HasNetwork ? KeyRing.On(folder.Read().Deployment.ChainId, folder.Keys) : KeyRing.Guarded(folder.Keys)).Save(parsed.GetRequiredValue(name), key);
            if (parsed.GetValue(json)) NetworkSession.WriteJson(new { name = parsed.GetValue(name), address = ChecksumAddress.Format(key.Address) });
            else Console.WriteLine(ChecksumAddress.Format(key.Address));
            return 0;
        });
        return command;
    }

    private static Command List()
    {
        var (network, json) = (CommonOptions.Network(), CommonOptions.Json());
        var command = new Command("list", "List the accounts whose keys are here, with their gas money and tokens.") { network, json }.WithExamples("turnpike account list --json");
        command.SetAction(async (parsed, cancellation) =>
        {
            using var session = new NetworkSession(parsed.Folder(network));
            var rows = new List<(string Name, string Address, string Coins, string Tokens)>();
            foreach (var name in session.Keys.Names)
            {
                if (!session.Keys.TryAddressOf(name, out var address)) continue;
                var coins = await session.Node.Chain.BalanceAsync(address, BlockReference.Latest, cancellation);
                var tokens = await session.Node.Chain.CallAsync(session.Node.Deployment.Token, new Ledger.Contracts.NetworkToken.BalanceOfCall(address), BlockReference.Latest, cancellation);
                rows.Add((name, ChecksumAddress.Format(address), new Amount((UInt128)coins).ToTokenString(), new Amount((UInt128)tokens).ToTokenString()));
            }
            if (parsed.GetValue(json)) NetworkSession.WriteJson(rows.Select(row => new { name = row.Name, address = row.Address, coins = row.Coins, tokens = row.Tokens }));
            else foreach (var row in rows) Console.WriteLine($"{row.Name,-16} {row.Address}  {row.Coins} coins, {row.Tokens} tokens");
            return 0;
        });
        return command;
    }

    private static Command Send()
    {
        var from = new Argument<string>("from") { Description = "The account's name here." };
        var to = new Argument<string>("to") { Description = "A name here, or an address." };
        var amount = new Argument<ulong>("tokens") { Description = "Whole tokens." };
        var (network, json) = (CommonOptions.Network(), CommonOptions.Json());
        var command = new Command("send", "Send tokens of the network.") { from, to, amount, network, json }.WithExamples("turnpike account send holders shop 100");
        command.SetAction(async (parsed, cancellation) =>
        {
            using var session = new NetworkSession(parsed.Folder(network));
            var receiver = session.AddressOf(parsed.GetRequiredValue(to));
            await using var wallet = await session.WalletAsync(parsed.GetRequiredValue(from), cancellation);
            var outcome = await wallet.TransferAsync(receiver, Amount.FromTokens(parsed.GetValue(amount)), cancellation);
            if (parsed.GetValue(json)) NetworkSession.WriteJson(new { from = ChecksumAddress.Format(wallet.Address), to = ChecksumAddress.Format(receiver), transaction = outcome.TransactionHash.ToString() });
            else Console.WriteLine($"{parsed.GetValue(amount)} tokens sent to {ChecksumAddress.Format(receiver)}; transaction {outcome.TransactionHash}");
            return 0;
        });
        return command;
    }
}
