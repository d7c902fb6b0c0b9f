using System.Globalization;
using Turnpike.Core.Geography;
using Turnpike.Core.Geography.Physics;
using Turnpike.Tests;

namespace Turnpike.Core.Tests.Geography;

/// <summary>The published input files of Uber's H3.</summary>
public class H3FilesTests
{
    [Theory]
    [InlineData("geo/h3_rand09centers.txt", 9)]
    [InlineData("geo/h3_rand15centers.txt", 15)]
    public void Published_points_lie_in_their_cells(string file, int resolution)
    {
        var lines = File.ReadAllLines(SharedData.Path(file)).Where(line => line.Length > 0).ToArray();
        Assert.Equal(5000, lines.Length);
        foreach (var line in lines)
        {
            var parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var point = new SphericalPoint(Number(parts[1]), Number(parts[2]));
            Assert.Equal(parts[0], H3Sphere.CellOf(point, resolution).ToString().PadLeft(parts[0].Length, '0'));
        }
    }

    [Theory]
    [InlineData("geo/h3_rand09centers.txt", 9)]
    [InlineData("geo/h3_rand15centers.txt", 15)]
    public void Published_points_rounded_to_integers_lie_in_the_cell_of_the_rounded_place(string file, int resolution)
    {
        var moved = 0;
        foreach (var line in File.ReadLines(SharedData.Path(file)).Where(line => line.Length > 0))
        {
            var parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var position = new SphericalPoint(Number(parts[1]), Number(parts[2])).ToPosition();
            var cell = H3Cell.Containing(position, resolution);
            Assert.Equal(H3Sphere.CellOf(SphericalPoint.Of(position), resolution), cell);
            if (cell != H3Cell.Parse(parts[0])) moved++;
        }
        // A centimetre matters to cells of half a metre across, to those of 200 metres hardly ever.
        Assert.InRange(moved, 0, resolution == 15 ? 250 : 2);
    }

    [Theory]
    [InlineData("geo/h3_res01cells.txt", 842)]
    [InlineData("geo/h3_bc14r12cells.txt", 286)]
    public void Published_boundaries_are_ours(string file, int cells)
    {
        var lines = File.ReadAllLines(SharedData.Path(file)).Select(line => line.Trim()).Where(line => line.Length > 0).ToArray();
        var corners = new SphericalPoint[H3Cell.MaxCorners];
        var read = 0;
        for (var i = 0; i < lines.Length; read++)
        {
            var cell = H3Cell.Parse(lines[i++].TrimStart('0'));
            Assert.Equal("{", lines[i++]);
            var count = H3Sphere.BoundaryOf(cell, corners);
            for (var corner = 0; corner < count; corner++)
            {
                var parts = lines[i++].Split(' ', StringSplitOptions.RemoveEmptyEntries);
                Assert.Equal(Number(parts[0]), corners[corner].Latitude, 1e-8);
                Assert.Equal(0, Math.IEEERemainder(Number(parts[1]) - corners[corner].Longitude, 360), 1e-8);
            }
            Assert.Equal("}", lines[i++]);
        }
        Assert.Equal(cells, read);
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
