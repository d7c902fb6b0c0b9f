namespace Turnpike.Simulation;

/// <summary>What is recorded of a run, every fourth week.</summary>
public enum Metric
{
    /// <summary>Dollars a token.</summary>
    Price,

    /// <summary>Tokens that exist.</summary>
    Supply,

    /// <summary>Devices that run.</summary>
    Operators,

    /// <summary>Dollars a week that customers would spend.</summary>
    Demand,

    /// <summary>Dollars a week that they do.</summary>
    Revenue,

    /// <summary>Dollars a week that contributors get.</summary>
    Rewards,

    /// <summary>Tokens minted a week.</summary>
    Minted,

    /// <summary>Tokens burned a week.</summary>
    Burned,

    /// <summary>Percent of contributors' pay that customers do not cover.</summary>
    Subsidy,

    /// <summary>Percent of what is minted that is burned.</summary>
    BurnToMint,

    /// <summary>Percent of capacity that customers use.</summary>
    Utilisation,

    /// <summary>Weeks until a device has paid for itself: quickest tenth of the owners.</summary>
    PaybackP10,

    /// <summary>The middle.</summary>
    PaybackP50,

    /// <summary>All but the slowest tenth.</summary>
    PaybackP90,

    /// <summary>Percent growth of the supply a year.</summary>
    Dilution,

    /// <summary>Gini coefficient of operators' income, percent.</summary>
    Gini,

    /// <summary>Millions of dollars that the hardware in use has still to earn back.</summary>
    HardwareDebt,

    /// <summary>Weeks that the treasury lasts.</summary>
    Runway,
}

/// <summary>A metric for people.</summary>
public static class Metrics
{
    /// <summary>Weeks between two records.</summary>
    public const int Stride = 4;

    /// <summary>A payback that never comes, in weeks: plotted as twenty years.</summary>
    public const double NeverPaysBack = 1_040;

    /// <summary>How many there are.</summary>
    public static int Count { get; } = Enum.GetValues<Metric>().Length;

    /// <summary>Title and unit.</summary>
    public static (string Title, string Unit) Describe(Metric metric) => metric switch
    {
        Metric.Price => ("Token price", "USD"),
        Metric.Supply => ("Supply", "tokens"),
        Metric.Operators => ("Devices", ""),
        Metric.Demand => ("Demand", "USD a week"),
        Metric.Revenue => ("Revenue", "USD a week"),
        Metric.Rewards => ("Rewards", "USD a week"),
        Metric.Minted => ("Minted", "tokens a week"),
        Metric.Burned => ("Burned", "tokens a week"),
        Metric.Subsidy => ("Subsidy", "% of rewards"),
        Metric.BurnToMint => ("Burn / mint", "%"),
        Metric.Utilisation => ("Utilisation", "% of capacity"),
        Metric.PaybackP10 => ("Payback, quickest tenth", "weeks"),
        Metric.PaybackP50 => ("Payback, median", "weeks"),
        Metric.PaybackP90 => ("Payback, slowest tenth", "weeks"),
        Metric.Dilution => ("Dilution", "% a year"),
        Metric.Gini => ("Inequality of income (Gini)", "%"),
        Metric.HardwareDebt => ("Hardware not yet earned back", "million USD"),
        _ => ("Treasury runway", "weeks"),
    };
}
