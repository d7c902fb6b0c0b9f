using System.Buffers.Binary;
using System.Diagnostics;
using Turnpike.Core.Geography;
using Turnpike.Core.Geography.Physics;
using Turnpike.Tests;

namespace Turnpike.Core.Tests.Geography;

/// <summary>Questions for h3-js, Uber's own library compiled to JavaScript, put and answered in one run of tests/peers/h3.cjs.</summary>
internal sealed class H3Peer
{
    private static readonly string Folder = Path.Combine(SharedData.RepositoryRoot, "tests", "peers");

    private readonly MemoryStream _questions = new();
    private byte[] _answers = [];
    private int _at;

    public void Ask(byte operation, int resolution, ulong a, ulong b = 0)
    {
        Span<byte> record = stackalloc byte[24];
        record.Clear();
        record[0] = operation;
        record[4] = (byte)resolution;
        BinaryPrimitives.WriteUInt64LittleEndian(record[8..], a);
        BinaryPrimitives.WriteUInt64LittleEndian(record[16..], b);
        _questions.Write(record);
    }

    public void Ask(byte operation, int resolution, double a, double b) => Ask(operation, resolution, BitConverter.DoubleToUInt64Bits(a), BitConverter.DoubleToUInt64Bits(b));

    public void Ask(byte operation, int resolution, H3Cell a, H3Cell b = default) => Ask(operation, resolution, a.Value, b.Value);

    /// <summary>Runs the peer; then answers are read in the order of the questions. Skips the test where Node.js or h3-js is absent.</summary>
    public void Run()
    {
        if (!Directory.Exists(Path.Combine(Folder, "node_modules", "h3-js"))) Assert.Skip("h3-js is not installed: npm ci --prefix tests/peers.");
        var start = new ProcessStartInfo("node") { WorkingDirectory = Folder, RedirectStandardInput = true, RedirectStandardOutput = true };
        start.ArgumentList.Add("h3.cjs");
        using var process = Process.Start(start)!;
        var reading = Task.Run(() =>
        {
            using var answers = new MemoryStream();
            process.StandardOutput.BaseStream.CopyTo(answers);
            return answers.ToArray();
        });
        _questions.WriteTo(process.StandardInput.BaseStream);
        process.StandardInput.Close();
        _answers = reading.GetAwaiter().GetResult();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    /// <summary>The next answer's values; null if the peer refused.</summary>
    public ReadOnlySpan<byte> Next(out bool refused)
    {
        var count = BinaryPrimitives.ReadUInt32LittleEndian(_answers.AsSpan(_at));
        _at += 4;
        refused = count == uint.MaxValue;
        if (refused) return [];
        var values = _answers.AsSpan(_at, 8 * (int)count);
        _at += values.Length;
        return values;
    }

    public H3Cell[] NextCells(out bool refused)
    {
        var values = Next(out refused);
        var cells = new H3Cell[values.Length / 8];
        for (var i = 0; i < cells.Length; i++) cells[i] = H3Cell.Create(BinaryPrimitives.ReadUInt64LittleEndian(values[(8 * i)..]));
        return cells;
    }

    public double[] NextNumbers(out bool refused)
    {
        var values = Next(out refused);
        var numbers = new double[values.Length / 8];
        for (var i = 0; i < numbers.Length; i++) numbers[i] = BinaryPrimitives.ReadDoubleLittleEndian(values[(8 * i)..]);
        return numbers;
    }

    /// <summary>Whether every answer was read.</summary>
    public bool IsAtEnd => _at == _answers.Length;
}

/// <summary>Random places and cells from a seed.</summary>
internal sealed class RandomCells(int seed)
{
    private readonly Random _random = new(seed);

    /// <summary>Evenly over the sphere; one in fifty beside a pole, one in fifty beside the antimeridian.</summary>
    public SphericalPoint Point() => _random.Next(50) switch
    {
        0 => new(_random.Next(2) == 0 ? 90 - Tiny() : Tiny() - 90, _random.NextDouble() * 360 - 180),
        1 => new(Math.Asin(_random.NextDouble() * 2 - 1) * 180 / Math.PI, _random.Next(2) == 0 ? 180 - Tiny() : Tiny() - 180),
        _ => new(Math.Asin(_random.NextDouble() * 2 - 1) * 180 / Math.PI, _random.NextDouble() * 360 - 180),
    };

    public int Resolution() => _random.Next(16);

    /// <summary>Over all base cells and digits, so every resolution's far corners; one in ten in a pentagon's family, one in fifty a pentagon.</summary>
    public H3Cell Cell(int? resolution = null)
    {
        var r = resolution ?? Resolution();
        if (_random.Next(50) == 0) return Pentagon(r);
        var cell = _random.Next(10) == 0 ? Pentagon(_random.Next(r + 1)) : H3Cell.OfBaseCell(_random.Next(122));
        Span<H3Cell> children = stackalloc H3Cell[7];
        while (cell.Resolution < r) cell = children[_random.Next(cell.Children(cell.Resolution + 1, children))];
        return cell;
    }

    public int Next(int below) => _random.Next(below);

    public ulong Word()
    {
        Span<byte> bytes = stackalloc byte[8];
        _random.NextBytes(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    private H3Cell Pentagon(int resolution)
    {
        Span<H3Cell> pentagons = stackalloc H3Cell[H3Cell.PentagonCount];
        H3Cell.Pentagons(resolution, pentagons);
        return pentagons[_random.Next(pentagons.Length)];
    }

    private double Tiny() => _random.NextDouble() * Math.Pow(10, -_random.Next(12));
}
