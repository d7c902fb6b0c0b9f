using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Turnpike.Blueprints;

namespace Turnpike.Cli.Blueprints;

/// <summary>Blueprints for programs: amounts are decimal strings of base units, durations are seconds.</summary>
internal static class BlueprintJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static string List(IReadOnlyList<(string Path, BlueprintReading Reading)> found) => Write(found.Select(entry => new
    {
        name = entry.Reading.Blueprint?.Network.Name ?? Path.GetFileNameWithoutExtension(entry.Path),
        title = entry.Reading.Blueprint?.Network.Title,
        module = entry.Reading.Blueprint?.Network.Module,
        pack = entry.Reading.Blueprint?.Network.Pack,
        file = entry.Path,
        problems = entry.Reading.Problems.Count,
    }));

    internal static string Check(IReadOnlyList<(string Path, BlueprintReading Reading)> readings) => Write(readings.Select(entry => new
    {
        file = entry.Path,
        problems = entry.Reading.Problems.Select(problem => new
        {
            fault = problem.Fault.ToString(), problem.Line, problem.Column, problem.Path, problem.Wrong, problem.Right,
        }),
        warnings = entry.Reading.Blueprint is { } blueprint ? DesignWarnings.Of(blueprint) : [],
    }));

    internal static string Show(Blueprint blueprint) => Write(new
    {
        blueprint.Network,
        token = new { blueprint.Token.Name, blueprint.Token.Symbol, genesis = blueprint.Token.Genesis.Select(genesis => new { account = genesis.Account.Text, amount = Digits(genesis.Amount) }) },
        emission = new
        {
            steps = blueprint.Emission.Steps.Select(step => new { step.FromEpoch, perEpoch = Digits(step.PerEpoch) }),
            reemissionCap = Digits(blueprint.Emission.ReemissionCap),
            blueprint.Emission.SmoothingEpochs,
        },
        credits = new { blueprint.Credits.OnboardingFee, blueprint.Credits.LocationFee, maxPriceAge = Seconds(blueprint.Credits.MaxPriceAge), blueprint.Credits.MaxConfidenceBps },
        price = new { initialUsd = Digits(blueprint.Price.InitialUsd), blueprint.Price.MaxStepBps },
        epoch = new
        {
            start = blueprint.Epoch.Start?.ToUnixTimeSeconds(),
            length = Seconds(blueprint.Epoch.Length),
            grace = Seconds(blueprint.Epoch.Grace),
            activationDelay = Seconds(blueprint.Epoch.ActivationDelay),
            emptyAfter = Seconds(blueprint.Epoch.EmptyAfter),
        },
        oracles = new { blueprint.Oracles.Count, blueprint.Oracles.Faulty, members = Members(blueprint.Oracles.Members) },
        gateways = new { blueprint.Gateways.Count, members = Members(blueprint.Gateways.Members) },
        distributor = new { breakerWindow = Seconds(blueprint.Distributor.BreakerWindow), blueprint.Distributor.BreakerMultiple },
        guardian = new { blueprint.Guardian.VetoMax, blueprint.Guardian.VetoWindowEpochs, pauseMax = Seconds(blueprint.Guardian.PauseMax) },
        pools = blueprint.Pools.Select(pool => new { pool.Name, pool.SharePpm, pool.Shape, to = pool.To?.Text, leftovers = pool.Leftovers?.Text }),
        parameters = blueprint.Parameters.Values.ToDictionary(pair => pair.Key, pair => pair.Value),
        accounts = blueprint.Accounts.ToDictionary(account => account.Name, account => account.Address?.ToString()),
    });

    private static IEnumerable<object> Members(IReadOnlyList<NodeMember> members) => members.Select(member => new { account = member.Account.Text, url = member.Url.ToString() });

    private static long Seconds(TimeSpan duration) => duration.Ticks / TimeSpan.TicksPerSecond;

    private static string Digits(UInt128 number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Write(object value) => JsonSerializer.Serialize(value, Options);
}
