namespace Turnpike.Simulation;

/// <summary>
/// Where devices stand. A cell pays in full for so many devices; beyond, its contribution stays the same and each gets less, as density rules have it. A few cells are
/// popular and most are not (Zipf): what is seen of every network that pays for places.
/// </summary>
internal sealed class CellMap
{
    private readonly double _perCell;
    private readonly double[] _devices;
    private readonly double[] _cumulative;
    private readonly bool[] _off;

    public CellMap(int cells, double perCell)
    {
        _perCell = perCell;
        (_devices, _cumulative, _off) = (new double[cells], new double[cells], new bool[cells]);
        var total = 0.0;
        for (var i = 0; i < cells; i++) _cumulative[i] = total += 1 / PortableMath.Pow(i + 1, 0.8);
        for (var i = 0; i < cells; i++) _cumulative[i] /= total;
    }

    public int Count => _devices.Length;

    public void Begin() => Array.Clear(_off);

    public void Clear() => Array.Clear(_devices);

    public void Add(int cell, double devices) => _devices[cell] += devices;

    /// <summary>The cell of a point in (0, 1).</summary>
    public int Choose(double point)
    {
        var found = Array.BinarySearch(_cumulative, point);
        return Math.Min(found < 0 ? ~found : found, Count - 1);
    }

    /// <summary>Switches the first share of every hundred cells off, or all on.</summary>
    public void SwitchOff(double share)
    {
        for (var i = 0; i < Count; i++) _off[i] = i * 61 % 100 < share * 100;
    }

    /// <summary>What each device of a cell counts for.</summary>
    public double Factor(int cell) => _off[cell] ? 0 : _devices[cell] <= _perCell ? 1 : _perCell / _devices[cell];

    /// <summary>The mean factor over devices.</summary>
    public double MeanFactor()
    {
        var (weighted, devices) = (0.0, 0.0);
        for (var i = 0; i < Count; i++) (weighted, devices) = (weighted + _devices[i] * Factor(i), devices + _devices[i]);
        return devices > 0 ? weighted / devices : 1;
    }
}
