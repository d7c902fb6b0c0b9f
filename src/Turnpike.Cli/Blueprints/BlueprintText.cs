using System.Globalization;
using System.Text;
using Turnpike.Blueprints;

namespace Turnpike.Cli.Blueprints;

/// <summary>Blueprints for people.</summary>
internal static class BlueprintText
{
    internal static string ListLine(string path, BlueprintReading reading) => reading.Blueprint is { } blueprint
        ? $"{blueprint.Network.Name,-24} {blueprint.Network.Title} ({blueprint.Network.Module}, {blueprint.Network.Pack})"
        : $"{Path.GetFileNameWithoutExtension(path),-24} {Count(reading)}: turnpike blueprint check {path}";

    internal static string Check(string path, BlueprintReading reading) => reading.Problems.Count == 0
        ? string.Concat(DesignWarnings.Of(reading.Blueprint!).Select(warning => $"{path}: warning {warning.Law}: {warning.Text}\n")) + $"{path}: right"
        : string.Join('\n', reading.Problems) + $"\n{path}: {Count(reading)}";

    internal static string Show(Blueprint blueprint)
    {
        var text = new StringBuilder();
        var symbol = blueprint.Token.Symbol;
        Line(text, "network", $"{blueprint.Network.Title} ({blueprint.Network.Name})");
        Line(text, "", blueprint.Network.Description);
        Line(text, "rules", $"{blueprint.Network.Module}, {blueprint.Network.Pack}");
        foreach (var (name, value) in blueprint.Parameters.Values) Line(text, "", $"{name} {value}");
        Line(text, "token", $"{symbol}, {blueprint.Token.Name}");
        foreach (var genesis in blueprint.Token.Genesis) Line(text, "", $"{Notation.Tokens(genesis.Amount)} {symbol} to {genesis.Account}");
        foreach (var (index, step) in blueprint.Emission.Steps.Index()) Line(text, index == 0 ? "emission" : "", $"{Notation.Tokens(step.PerEpoch)} {symbol} an epoch from epoch {step.FromEpoch}");
        Line(text, "", $"and up to {Notation.Tokens(blueprint.Emission.ReemissionCap)} {symbol} of what was burned, smoothed over {blueprint.Emission.SmoothingEpochs} epochs");
        foreach (var (index, pool) in blueprint.Pools.Index()) Line(text, index == 0 ? "pools" : "", Describe(pool));
        Line(text, "credits", $"$0.00001 each; onboarding {blueprint.Credits.OnboardingFee}, location {blueprint.Credits.LocationFee}");
        Line(text, "price", $"${Notation.Dollars(blueprint.Price.InitialUsd)} at launch");
        Line(text, "epoch", $"{Notation.Duration(blueprint.Epoch.Length)} from {Start(blueprint)}; grace {Notation.Duration(blueprint.Epoch.Grace)}, activation after {Notation.Duration(blueprint.Epoch.ActivationDelay)}, may be declared empty after {Notation.Duration(blueprint.Epoch.EmptyAfter)}");
        Line(text, "oracles", $"{blueprint.Oracles.Count}, of which {blueprint.Oracles.Faulty} may lie; {blueprint.Oracles.Faulty + 1} signatures settle");
        Line(text, "gateways", blueprint.Gateways.Count.ToString(CultureInfo.InvariantCulture));
        foreach (var (index, account) in blueprint.Accounts.Index()) Line(text, index == 0 ? "accounts" : "", $"{account.Name} {account.Address?.ToString() ?? "generated at launch"}");
        return text.ToString().TrimEnd();
    }

    private static string Start(Blueprint blueprint) =>
        blueprint.Epoch.Start?.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "the launch";

    private static string Describe(PoolSection pool) =>
        $"{pool.Name} {Notation.Percent(pool.SharePpm)}, "
        + (pool.To is { } to ? $"to {to}" : $"by {pool.Shape}, leftovers {(pool.Leftovers is { } leftovers ? $"to {leftovers}" : "not minted")}");

    private static string Count(BlueprintReading reading) => reading.Problems.Count == 1 ? "1 problem" : string.Create(CultureInfo.InvariantCulture, $"{reading.Problems.Count} problems");

    private static void Line(StringBuilder text, string head, string value) => text.Append(CultureInfo.InvariantCulture, $"{head,-10}{value}").Append('\n');
}
