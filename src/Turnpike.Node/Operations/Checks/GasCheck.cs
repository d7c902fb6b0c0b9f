using System.Globalization;
using System.Numerics;
using Turnpike.Core;
using Turnpike.Evm.Rpc;
using Turnpike.Node.Settings;

namespace Turnpike.Node.Operations;

/// <summary>The node's accounts can pay for what they will have to send.</summary>
internal sealed class GasCheck(NodeContext node, IReadOnlyList<(string Role, Address Account)> accounts, HealthOptions options) : INodeCheck
{
    // Settle with 7 signatures costs 128,293 gas (contracts/snapshots/gas.json); 32 oracles sign up to 11 times.
    private const int GasPerSettlement = 200_000;

    public string Name => "gas";

    public async Task<CheckResult> RunAsync(CancellationToken cancellation)
    {
        var price = await node.Chain.GasPriceAsync(cancellation);
        var (texts, findings) = (new List<string>(), new List<Finding>());
        foreach (var (role, account) in accounts)
        {
            var balance = await node.Chain.BalanceAsync(account, BlockReference.Latest, cancellation);
            node.Meters.Chain.NoteBalance(account, (double)balance / 1e18);
            var settlements = price.IsZero ? BigInteger.One << 32 : balance / (price * GasPerSettlement);
            texts.Add(string.Create(CultureInfo.InvariantCulture, $"{role} {(double)balance / 1e18:0.####}"));
            if (settlements < options.MinSettlements)
                findings.Add(new Finding(AlertCode.GasLow, account.ToString(), string.Create(CultureInfo.InvariantCulture, $"The {role}'s account {account} has {(double)balance / 1e18:0.######} of gas money, enough for {settlements} settlements at {(double)price / 1e9:0.###} gwei.")));
        }
        return new CheckResult(string.Join(", ", texts), findings);
    }
}
