using System.Globalization;

namespace Turnpike.Simulation;

/// <summary>All that an economy assumes, for the report.</summary>
internal static class AssumptionList
{
    public static IEnumerable<(string What, string Value)> Of(Economy economy)
    {
        yield return ("Supply at the start", $"{Readable.Number((double)economy.Token.Supply.BaseUnits / 1e18)} {economy.Token.Symbol}, {Readable.Percent(economy.Token.LiquidShare)} liquid");
        yield return ("Price at the start", $"${economy.Token.Price}");
        foreach (var rules in economy.Rules)
            yield return ($"Rules from week {rules.FromWeek.ToString(CultureInfo.InvariantCulture)}", string.Create(CultureInfo.InvariantCulture, $"{rules.Kind}; contributors' share {rules.PoolShare}, burn share {rules.BurnShare}, re-emission up to {rules.ReemissionCap.ToTokenString()} an epoch over {rules.SmoothingEpochs} epochs"));
        foreach (var hardware in economy.Operators.Classes)
            yield return (hardware.Name, string.Create(CultureInfo.InvariantCulture, $"{Readable.Number(hardware.Initial)} devices; ${hardware.CostUsd:0.##} each, ${hardware.RunningUsdPerWeek:0.##} a week ± {hardware.RunningSpread:0.##}; wants payback in {hardware.HurdleWeeks:0} weeks, waits {hardware.LeadWeeks} weeks for it"));
        var operators = economy.Operators;
        yield return ("Owners", string.Create(CultureInfo.InvariantCulture, $"{operators.Cohorts} cohorts in {operators.Cells} cells; expect over {operators.ExpectationWeeks:0.#} weeks; join at {operators.JoinRate * 100:0.##}% a week per time the hurdle is beaten, at most {operators.JoinCap * 100:0.#}%; leave at {operators.ExitHazard * 100:0.##}%, later {operators.SettledHazard * 100:0.##}% a week, and {operators.LossHazard * 100:0.##}% more at a full loss"));
        var customers = economy.Customers;
        yield return ("Customers", string.Create(CultureInfo.InvariantCulture, $"${Readable.Number(customers.DemandUsdPerWeek)} a week, {customers.GrowthPerYear * 100:+0;-0}% a year ± {customers.Volatility * 100:0}% a week; {customers.ContractShare * 100:0}% under contracts of {customers.ContractWeeks:0} weeks; {customers.Payers} payers"));
        var market = economy.Market;
        yield return ("Market", string.Create(CultureInfo.InvariantCulture, $"{market.Policy}; ± {market.Volatility * 100:0}% a week, depth ${Readable.Number(market.DepthUsd)}, {market.SoldShare * 100:0}% of rewards sold at once"));
        foreach (var happening in economy.Events)
            yield return ($"Week {happening.Week.ToString(CultureInfo.InvariantCulture)}", string.Create(CultureInfo.InvariantCulture, $"{happening.Kind} {happening.Size * 100:+0;-0}% for {happening.Weeks} weeks"));
    }
}
