using Turnpike.Core;
using Turnpike.Economics;

namespace Turnpike.Simulation;

/// <summary>What a week did to the market.</summary>
internal readonly record struct MarketFlows(double BurnUsd, double SoldUsd, Amount Sold, double NetMintShare, double DemandGrowth, double RevenueUsd, Amount Liquid);

/// <summary>
/// The token's price by one of four policies. Quantity theory and pool are the library's integers; the walk and the bounded returns are the scenario's assumption:
/// strengths 0.08 buying, 0.12 selling, 0.15 demand and 0.35 dilution, each through tanh, are those of the DTSE stress test (reported there after a search over 240
/// samples; they are no law). Speculators follow the trend until it breaks. Below what demand alone holds (Fisher's price) customers, who must buy what they burn, lift it.
/// </summary>
internal sealed class TokenMarket(MarketTerms terms, Price initial)
{
    private const double Buying = 0.08, Selling = 0.12, Demand = 0.15, Dilution = 0.35, MostReturn = 0.7;

    // A token of a millionth of a dollar is dead; below it only the integers would overflow.
    private const double Least = 1e-6, Most = 1e6;

    private readonly double _initial = (double)initial.UsdE8 / 1e8;
    private Philox _random;
    private ConstantProductPool _pool = null!;
    private double _momentum;

    public double Price { get; private set; }

    /// <summary>The price as the rules see it.</summary>
    public Price Exact => new((UInt128)Math.Max(1, Price * 1e8));

    public void Begin(ulong seed)
    {
        _random = new Philox(seed, 3);
        (Price, _momentum) = (_initial, 0);
        var tokens = new Amount((UInt128)(terms.DepthUsd / _initial * 1e18));
        _pool = new ConstantProductPool(tokens.IsZero ? new Amount(1) : tokens, UsdOf(terms.DepthUsd), 30);
    }

    public void Jump(double factor)
    {
        Price = Math.Clamp(Price * factor, Least, Most);
        if (terms.Policy == PricePolicy.Pool) _pool = new ConstantProductPool(new Amount((UInt128)Math.Max(1, terms.DepthUsd / Price * 1e18)), UsdOf(terms.DepthUsd), 30);
    }

    public void Advance(in MarketFlows flows)
    {
        var noise = terms.Volatility * _random.NextNormal() - terms.Volatility * terms.Volatility / 2;
        var before = Price;
        Price = Math.Clamp(terms.Policy switch
        {
            PricePolicy.Exogenous => before * PortableMath.Exp(noise + PortableMath.Log(1 + terms.DriftPerYear) / 52),
            PricePolicy.Quantity => Toward(QuantityPrice(flows), noise),
            PricePolicy.Pool => Trade(flows, noise),
            _ => before * PortableMath.Exp(Math.Clamp(Pressure(flows) + Support(flows) + noise, -MostReturn, MostReturn)),
        }, Least, Most);
        _momentum = 0.8 * _momentum + 0.2 * PortableMath.Log(Price / before);
    }

    private double Pressure(in MarketFlows flows)
    {
        var mood = terms.Volatility > 0 ? PortableMath.Tanh(2 * _momentum / terms.Volatility) : 0;
        return Buying * PortableMath.Tanh(4 * flows.BurnUsd / terms.DepthUsd) - Selling * PortableMath.Tanh(4 * flows.SoldUsd / terms.DepthUsd)
            + Demand * PortableMath.Tanh(flows.DemandGrowth) - Dilution * PortableMath.Tanh(flows.NetMintShare) + terms.Speculation * mood;
    }

    private double Support(in MarketFlows flows)
    {
        var held = QuantityPrice(flows);
        return held > Price ? 0.25 * PortableMath.Log(held / Price) : 0;
    }

    private double QuantityPrice(in MarketFlows flows)
    {
        var theory = new QuantityTheory(new Ratio((ulong)(terms.HoldingDays * 1_000), 7_000));
        return (double)theory.Of(UsdOf(flows.RevenueUsd), flows.Liquid).UsdE8 / 1e8;
    }

    // A quarter of the way each week.
    private double Toward(double target, double noise) => target <= 0 ? Price * PortableMath.Exp(noise) : Price * PortableMath.Exp(0.25 * PortableMath.Log(target / Price) + noise);

    private double Trade(in MarketFlows flows, double noise)
    {
        if (flows.BurnUsd > 0) _pool.Buy(UsdOf(flows.BurnUsd));
        if (!flows.Sold.IsZero) _pool.Sell(flows.Sold);
        // Others trade as much as moves the price by the noise.
        var move = PortableMath.Exp(noise / 2) - 1;
        if (move > 0) _pool.Buy(new Credits((UInt128)((double)_pool.Credits.Count * move)));
        else _pool.Sell(new Amount((UInt128)((double)_pool.Tokens.BaseUnits * (1 / (1 + move) - 1))));
        return (double)_pool.Price.UsdE8 / 1e8;
    }

    private static Credits UsdOf(double usd) => new((UInt128)Math.Max(0, usd * Credits.PerUsd));
}
