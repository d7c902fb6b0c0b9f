namespace Turnpike.Simulation;

/// <summary>
/// One cheat and his books. He contributes what the rules let him claim: presence can be invented, delivered work only by paying for it. Found, he stops and loses
/// four weeks of pay, which had not vested, and his bond; but an oracle whose bond thaws sooner than a dispute is over has taken it out by then.
/// </summary>
internal sealed class Attacker(AttackerTerms terms, int number)
{
    private const int UnvestedWeeks = 4;

    private readonly double[] _recent = new double[UnvestedWeeks];
    private Philox _random;
    private bool _found;

    public AttackerTerms Terms => terms;

    /// <summary>Dollars gained so far, all costs taken off.</summary>
    public double Profit { get; private set; }

    public bool IsActive(int week) => week >= terms.FromWeek && !_found;

    public void Begin(ulong seed)
    {
        _random = new Philox(seed, 100 + (ulong)number);
        (_found, Profit) = (false, 0);
        Array.Clear(_recent);
    }

    /// <summary>Dollars that he pays to himself this week.</summary>
    public double OwnDemand(int week) => IsActive(week) && terms.Kind == AttackKind.SelfDealing ? terms.Size : 0;

    /// <summary>What he claims, in the pool's units.</summary>
    public double Units(int week, bool paysForWork, double capacityPerDevice, double capacity, double revenue) => !IsActive(week) ? 0 : terms.Kind switch
    {
        AttackKind.Sybil when !paysForWork => terms.Size * capacityPerDevice,
        AttackKind.LocationSpoof => terms.Size * capacityPerDevice,
        // His own traffic is delivered by his own device: as large a part of the work as of the revenue.
        AttackKind.SelfDealing when paysForWork && revenue > 0 => capacity * terms.Size / revenue,
        _ => 0,
    };

    /// <summary>Books a week.</summary>
    /// <param name="week">The week.</param>
    /// <param name="income">Dollars that his contribution got.</param>
    /// <param name="honest">Of each dollar, what the same devices would have got where they stand.</param>
    /// <param name="pool">Dollars that all contributors got.</param>
    /// <param name="rules">The rules in force: how many oracles may lie without harm, and whether bonds outlast disputes.</param>
    public void Book(int week, double income, double honest, double pool, RulesTerms rules)
    {
        if (!IsActive(week)) return;
        if (week == terms.FromWeek) Profit -= terms.CostUsd;
        var gain = terms.Kind switch
        {
            AttackKind.LocationSpoof => income * (1 - honest),
            // Fewer than f + 1 signatures settle nothing; more pay themselves the pool until they are found.
            AttackKind.OracleMinority => terms.Size > rules.FaultyOracles ? pool : 0,
            _ => income,
        };
        Profit += gain - terms.CostUsdPerWeek - OwnDemand(week);
        _recent[week % UnvestedWeeks] = gain;
        if (_random.NextUnit() >= terms.DetectionPerWeek) return;
        _found = true;
        if (terms.Kind != AttackKind.OracleMinority || rules.BondOutlastsDispute) Profit -= terms.BondUsd;
        foreach (var unvested in _recent) Profit -= unvested;
    }
}
