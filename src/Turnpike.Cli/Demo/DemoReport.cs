using System.Text.Json;
using Spectre.Console;
using Turnpike.Core;

namespace Turnpike.Cli.Demo;

/// <summary>The demonstration's closing words.</summary>
internal static class DemoReport
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public static void Print(DemoResult result, double seconds)
    {
        var operators = new Table().Border(TableBorder.Simple).AddColumns("operator", "hotspots", "reports").AddColumn(new TableColumn("tokens claimed").RightAligned());
        foreach (var owner in result.Operators) operators.AddRow(owner.Name, $"{owner.Keys.Count}", $"{owner.Reports}", owner.Claimed.ToTokenString());
        var customers = new Table().Border(TableBorder.Simple).AddColumns("customer", "credits deposited", "credits spent");
        foreach (var customer in result.Customers) customers.AddRow(customer.Name, $"{customer.Deposit}", $"{result.Charged.GetValueOrDefault(customer.Wallet.Address)}");
        AnsiConsole.Write(operators);
        AnsiConsole.Write(customers);
        Console.WriteLine($"supply: {result.Minted.ToTokenString()} minted, {result.Burned.ToTokenString()} burned");
        foreach (var failure in result.Failures) Console.WriteLine($"FAILED: {failure}");
        Console.WriteLine($"audit: {result.Audits.Count(audit => audit.IsReproduced)} of {result.Audits.Count} epochs reproduced");
        Console.WriteLine($"{seconds:0} seconds");
    }

    public static string Json(DemoResult result, double seconds) => JsonSerializer.Serialize(
        new
        {
            Operators = result.Operators.Select(owner => new { owner.Name, Address = owner.Wallet.Address.ToString(), Hotspots = owner.Keys.Count, owner.Reports, Claimed = owner.Claimed.ToTokenString() }),
            Customers = result.Customers.Select(customer => new { customer.Name, Address = customer.Wallet.Address.ToString(), Deposited = customer.Deposit, Spent = new Credits(result.Charged.GetValueOrDefault(customer.Wallet.Address)).ToString() }),
            Minted = result.Minted.ToTokenString(),
            Burned = result.Burned.ToTokenString(),
            EpochsAudited = result.Audits.Count,
            EpochsReproduced = result.Audits.Count(audit => audit.IsReproduced),
            result.Failures,
            Seconds = Math.Round(seconds, 1),
        },
        Indented);
}
