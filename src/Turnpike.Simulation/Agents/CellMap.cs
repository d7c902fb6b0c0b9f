using Turnpike.Core.Geography;

namespace Turnpike.Simulation;

/// <summary>
/// Where devices stand: real H3 cells of resolution 7 (5 km²), ring by ring around the centres of large cities, so the middle of a city is crowded and its edge is not. A cell pays in
/// full for so many devices; beyond, its contribution stays the same and each gets less, as density rules have it. A region that is switched off is a whole city.
/// </summary>
internal sealed class CellMap
{
    private const int Resolution = 7;

    // Latitude and longitude in 1e-7 degrees, the largest market first.
    private static readonly (int Latitude, int Longitude)[] Cities =
    [
        (407128000, -740060000), (340522000, -1182437000), (515074000, -1278000), (525200000, 134050000), (488566000, 23522000), (416500000, -874000000), (437001000, -794163000),
        (356762000, 1396503000), (190760000, 728777000), (-235505000, -466333000), (404168000, -37038000), (410082000, 289784000), (-338688000, 1512093000), (64541000, 33947000),
        (12521000, 1038198000), (298604000, -952698000),
    ];

    private readonly double _perCell;
    private readonly double[] _devices;
    private readonly double[] _cumulative;
    private readonly bool[] _off;

    public CellMap(int cells, double perCell)
    {
        _perCell = perCell;
        (_devices, _cumulative, _off) = (new double[cells], new double[cells], new bool[cells]);
        Cells = Around(cells);
        var total = 0.0;
        // A cell's people fall with its ring (Zipf over the order in which rings are laid).
        for (var i = 0; i < cells; i++) _cumulative[i] = total += 1 / PortableMath.Pow(i + 1, 0.8);
        for (var i = 0; i < cells; i++) _cumulative[i] /= total;
    }

    /// <summary>The H3 cells, most popular first; cell i belongs to the city i modulo their number.</summary>
    public IReadOnlyList<H3Cell> Cells { get; }

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

    /// <summary>Switches whole cities off until so large a share of the cells is, from the smallest market up; 0 switches all on.</summary>
    public void SwitchOff(double share)
    {
        var citiesOff = (int)Math.Ceiling(share * Cities.Length - 1e-9);
        for (var i = 0; i < Count; i++) _off[i] = i % Cities.Length >= Cities.Length - citiesOff;
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

    private static H3Cell[] Around(int count)
    {
        var perCity = (count + Cities.Length - 1) / Cities.Length;
        var rings = 0;
        while (H3Grid.DiskSize(rings) < perCity) rings++;
        var disks = Cities.Select(city =>
        {
            var cells = new H3Cell[H3Grid.DiskSize(rings)];
            // A disk is laid ring by ring from its middle.
            H3Grid.Disk(H3Cell.Containing(new Position(city.Latitude, city.Longitude), Resolution), rings, cells);
            return cells;
        }).ToArray();
        return [.. Enumerable.Range(0, count).Select(i => disks[i % Cities.Length][i / Cities.Length])];
    }
}
