using System.CommandLine;
using Turnpike.Core;
using Turnpike.Core.Rules;
using Turnpike.Evm;
using Turnpike.Networks.Wireless.Rules.Usage2026;

namespace Turnpike.Cli.Customers;

/// <summary>The verbs <c>turnpike customer new|deposit|order|show</c>.</summary>
internal static class CustomerCommands
{
    public static Command Create() =>
        new Command("customer", "Make customers, deposit credits, sign orders.") { New(), Deposit(), Order(), Show() }
            .WithExamples("turnpike customer new shop", "turnpike customer deposit shop 10", "turnpike customer order shop --cap 100000", "turnpike customer show shop");

    private static Command New()
    {
        var (name, network, json) = (Name(), CommonOptions.Network(), CommonOptions.Json());
        var command = new Command("new", "Make a customer's account; on a local network it gets tokens to try with.") { name, network, json }.WithExamples("turnpike customer new shop");
        command.SetAction(async (parsed, cancellation) =>
        {
            using var session = new NetworkSession(parsed.Folder(network));
            using var key = Evm.Secp256k1PrivateKey.Generate();
            session.Keys.Save(parsed.GetRequiredValue(name), key);
            if (session.IsLocal && session.Keys.Names.Contains("me"))
            {
                await using var me = await session.WalletAsync("me", cancellation);
                await me.TransferAsync(key.Address, Amount.FromTokens(100), cancellation);
            }
            if (parsed.GetValue(json)) NetworkSession.WriteJson(new { name = parsed.GetValue(name), address = ChecksumAddress.Format(key.Address) });
            else Console.WriteLine(ChecksumAddress.Format(key.Address));
            return 0;
        });
        return command;
    }

    private static Command Deposit()
    {
        var name = Name();
        var usd = new Argument<ulong>("usd") { Description = "Whole dollars' worth of credits; 100,000 credits each." };
        var (network, json) = (CommonOptions.Network(), CommonOptions.Json());
        var command = new Command("deposit", "Burn tokens for credits and deposit them for service. Final.") { name, usd, network, json }.WithExamples("turnpike customer deposit shop 10");
        command.SetAction(async (parsed, cancellation) =>
        {
            using var session = new NetworkSession(parsed.Folder(network));
            await using var wallet = await session.WalletAsync(parsed.GetRequiredValue(name), cancellation);
            var credits = Credits.FromUsd(parsed.GetValue(usd));
            var burned = await wallet.DepositAsync(wallet.Address, credits, cancellation);
            if (parsed.GetValue(json)) NetworkSession.WriteJson(new { customer = ChecksumAddress.Format(wallet.Address), credits = credits.ToString(), burned = burned.ToTokenString() });
            else Console.WriteLine($"{credits} credits deposited; {burned.ToTokenString()} tokens burned");
            return 0;
        });
        return command;
    }

    private static Command Order()
    {
        var name = Name();
        var cap = new Option<ulong>("--cap") { Description = "Most credits that an epoch may charge.", DefaultValueFactory = _ => 1_000_000 };
        var price = new Option<ulong>("--price") { Description = "Most credits for one unit (24 bytes).", DefaultValueFactory = _ => Usage2026Pack.CreditsPerUnit };
        var meter = new Option<string?>("--meter") { Description = "Accept this gateway's metering only; by default any registered gateway's." };
        var until = new Option<ulong>("--until") { Description = "Last epoch.", DefaultValueFactory = _ => 1_000_000_000 };
        var (network, json) = (CommonOptions.Network(), CommonOptions.Json());
        var command = new Command("order", "Sign an order: from the next commit on, usage is charged within its cap. It replaces the customer's earlier order.") { name, cap, price, meter, until, network, json }
            .WithExamples("turnpike customer order shop", "turnpike customer order shop --cap 5000 --until 400");
        command.SetAction(async (parsed, cancellation) =>
        {
            using var session = new NetworkSession(parsed.Folder(network));
            await using var wallet = await session.WalletAsync(parsed.GetRequiredValue(name), cancellation);
            var order = new ServiceOrder
            {
                Customer = wallet.Address,
                Service = Usage2026Pack.Service,
                Meter = parsed.GetValue(meter) is { } gateway ? session.AddressOf(gateway) : Address.Zero,
                Price = parsed.GetValue(price),
                CapPerEpoch = parsed.GetValue(cap),
                FromEpoch = 1,
                UntilEpoch = parsed.GetValue(until),
                // Milliseconds grow with every order and need no state.
                Nonce = (ulong)DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(),
            };
            await wallet.OrderAsync(order, cancellation);
            if (parsed.GetValue(json)) NetworkSession.WriteJson(new { customer = ChecksumAddress.Format(wallet.Address), order.Service, order.Price, order.CapPerEpoch, order.UntilEpoch, order.Nonce });
            else Console.WriteLine($"ordered {order.Service}: up to {order.CapPerEpoch} credits an epoch until epoch {order.UntilEpoch}");
            return 0;
        });
        return command;
    }

    private static Command Show()
    {
        var (name, network, json) = (Name(), CommonOptions.Network(), CommonOptions.Json());
        var command = new Command("show", "Show a customer's tokens, deposit and charges.") { name, network, json }.WithExamples("turnpike customer show shop", "turnpike customer show 0x... --json");
        command.SetAction(async (parsed, cancellation) =>
        {
            using var session = new NetworkSession(parsed.Folder(network));
            var address = session.AddressOf(parsed.GetRequiredValue(name));
            var ledger = await session.LedgerAsync(cancellation);
            var leaf = await session.GetAsync<Node.Api.LeafProof>($"v1/customers/{address}/charge", cancellation);
            var (deposited, drawn) = ledger.Read(state => (state.Deposits.GetValueOrDefault(address), state.Drawn.GetValueOrDefault(address)));
            var charged = leaf is null ? UInt128.Zero : Credits.Parse(leaf.Cumulative).Count;
            var view = new { address = ChecksumAddress.Format(address), deposited = new Credits(deposited).ToString(), charged = new Credits(charged).ToString(), spendable = new Credits(deposited > charged ? deposited - charged : 0).ToString(), drawn = new Credits(drawn).ToString() };
            if (parsed.GetValue(json)) NetworkSession.WriteJson(view);
            else Console.WriteLine($"customer   {view.address}\ndeposited  {view.deposited} credits\ncharged    {view.charged}\nspendable  {view.spendable}\ndrawn      {view.drawn}");
            return 0;
        });
        return command;
    }

    private static Argument<string> Name() => new("customer") { Description = "A name given here, or an address." };
}
