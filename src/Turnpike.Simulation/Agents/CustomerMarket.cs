namespace Turnpike.Simulation;

/// <summary>
/// Customers as one demand: a trend, a shock that fades, a part under contract that follows slowly, cheaper service while the network is idle, and customers who leave for good
/// when they are not served.
/// </summary>
internal sealed class CustomerMarket(CustomerTerms terms)
{
    private Philox _random;
    private double _shock, _contracted, _kept, _trend;

    /// <summary>Dollars that customers would spend this week.</summary>
    public double Wanted { get; private set; }

    /// <summary>Change of the logarithm of what they want.</summary>
    public double Growth { get; private set; }

    public void Begin(ulong seed)
    {
        _random = new Philox(seed, 2);
        (_shock, _contracted, _kept, _trend, Wanted, Growth) = (0, terms.DemandUsdPerWeek, 1, 1, terms.DemandUsdPerWeek, 0);
    }

    /// <summary>A week: what is wanted and what of it the capacity can serve.</summary>
    public double Serve(double factor, double capacityUsd)
    {
        var before = Wanted;
        _shock = terms.Persistence * _shock + terms.Volatility * _random.NextNormal();
        // Less half the variance, so that the trend is the mean.
        var variance = terms.Persistence >= 1 ? 0 : terms.Volatility * terms.Volatility / (1 - terms.Persistence * terms.Persistence);
        var spot = terms.DemandUsdPerWeek * _trend * _kept * factor * PortableMath.Exp(_shock - variance / 2);
        _contracted += (spot - _contracted) / terms.ContractWeeks;
        var wanted = terms.ContractShare * _contracted + (1 - terms.ContractShare) * spot;
        if (terms.Elasticity > 0 && wanted > 0 && capacityUsd > 0)
            wanted *= PortableMath.Pow(Math.Clamp(capacityUsd / wanted, 0.25, 4), terms.Elasticity * 0.1);
        _trend *= PortableMath.Pow(1 + terms.GrowthPerYear, 1.0 / 52);
        Wanted = wanted;
        Growth = before > 0 && wanted > 0 ? PortableMath.Log(wanted / before) : 0;
        var served = Math.Min(wanted, capacityUsd);
        if (wanted > served) _kept *= 1 - terms.Churn * (1 - served / wanted);
        return served;
    }
}
