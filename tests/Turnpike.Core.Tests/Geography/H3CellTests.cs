using FsCheck.Fluent;
using Turnpike.Core.Geography;
using Turnpike.Core.Geography.Physics;

namespace Turnpike.Core.Tests.Geography;

public class H3CellTests
{
    [Fact]
    public void Cell_of_a_known_place_is_the_published_one()
    {
        // The example of H3's own documentation.
        var cell = H3Cell.Containing(new Position(377_752_702, -1_224_184_298), 9);
        Assert.Equal("8928308280fffff", cell.ToString());
        Assert.Equal(9, cell.Resolution);
        Assert.Equal(20, cell.BaseCell);
        Assert.False(cell.IsPentagon);
        Assert.Equal("8828308281fffff", cell.Parent(8).ToString());
    }

    [Fact]
    public void Centre_of_a_cell_lies_in_it_and_its_centre_child_too()
    {
        var random = new RandomCells(11);
        for (var i = 0; i < 20_000; i++)
        {
            var cell = random.Cell();
            Assert.Equal(cell, H3Sphere.CellOf(H3Sphere.CenterOf(cell), cell.Resolution));
            Assert.Equal(cell, cell.CenterChild(15).Parent(cell.Resolution));
            if (cell.Resolution <= 13) Assert.Equal(cell, H3Cell.Containing(cell.Center, cell.Resolution));
        }
    }

    [Fact]
    public void Integer_boundary_is_the_rounded_one()
    {
        var random = new RandomCells(12);
        var corners = new Position[H3Cell.MaxCorners];
        var points = new SphericalPoint[H3Cell.MaxCorners];
        for (var i = 0; i < 2000; i++)
        {
            var cell = random.Cell();
            var count = cell.Boundary(corners);
            Assert.Equal(count, H3Sphere.BoundaryOf(cell, points));
            Assert.Equal(points.Take(count).Select(point => point.ToPosition()), corners.Take(count));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("0x8928308280fffff")]
    [InlineData("08928308280fffff")]
    [InlineData("8928308280fffff ")]
    [InlineData("8928308280ffff")]
    [InlineData("8928308280ffffff1")]
    [InlineData("zz28308280fffff")]
    [InlineData("880800000000000f")]
    public void Text_that_is_no_cell_is_refused(string text)
    {
        Assert.False(H3Cell.TryParse(text, out var cell));
        Assert.Equal(default, cell);
        Assert.Throws<FormatException>(() => H3Cell.Parse(text));
    }

    [Fact]
    public void Whatever_is_parsed_is_written_alike() => Property.Holds(
        from word in Any.Byte.ArrayOf(8)
        from isLikeACell in Gen.Choose(0, 3)
        select isLikeACell == 0 ? BitConverter.ToUInt64(word) : (BitConverter.ToUInt64(word) >> 8) | (8UL << 56),
        word =>
        {
            var text = word.ToString("x", System.Globalization.CultureInfo.InvariantCulture);
            Assert.Equal(H3Cell.IsValid(word), H3Cell.TryParse(text, out var cell));
            if (H3Cell.IsValid(word)) Assert.Equal(text, cell.ToString());
        }, cases: 5000);

    [Fact]
    public void Resolutions_and_places_out_of_range_are_refused()
    {
        var cell = H3Cell.Parse("8928308280fffff");
        Assert.Throws<ArgumentOutOfRangeException>(() => cell.Parent(10));
        Assert.Throws<ArgumentOutOfRangeException>(() => cell.Parent(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => cell.CenterChild(8));
        Assert.Throws<ArgumentOutOfRangeException>(() => cell.ChildrenCount(16));
        Assert.Throws<ArgumentOutOfRangeException>(() => cell.Digit(10));
        Assert.Throws<ArgumentOutOfRangeException>(() => H3Cell.Containing(default, 16));
        Assert.Throws<ArgumentOutOfRangeException>(() => H3Sphere.CellOf(new SphericalPoint(double.NaN, 0), 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => H3Cell.OfBaseCell(122));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Position(900_000_001, 0));
        Assert.Throws<ArgumentException>(() => cell.Children(11, new H3Cell[48]));
        Assert.Throws<ArgumentException>(() => H3Grid.Disk(cell, 1, new H3Cell[6]));
        Assert.Throws<ArgumentException>(() => H3Cell.Create(0));
        Assert.False(Position.TryCreate(0, 1_800_000_001, out _));
    }

    [Fact]
    public void Cells_of_a_disk_are_as_far_as_the_disk_says()
    {
        var random = new RandomCells(13);
        var disk = new H3Cell[H3Grid.DiskSize(5)];
        for (var i = 0; i < 500; i++)
        {
            var origin = random.Cell();
            var count = H3Grid.Disk(origin, 5, disk);
            Assert.Equal(count, disk.Take(count).Distinct().Count());
            foreach (var cell in disk.Take(count))
            {
                if (H3Grid.TryDistance(origin, cell, out var steps)) Assert.Equal(steps == 1, H3Grid.AreNeighbors(origin, cell));
            }
        }
    }

    [Fact]
    public void Compaction_refuses_what_is_no_set_of_one_resolution()
    {
        var cell = H3Cell.Parse("8928308280fffff");
        Assert.Throws<ArgumentException>(() => H3Set.Compact([cell, cell], new H3Cell[2]));
        Assert.Throws<ArgumentException>(() => H3Set.Compact([cell, cell.Parent(8)], new H3Cell[2]));
        Assert.Equal(0, H3Set.Compact([], []));
    }

    [Fact]
    public void All_cells_of_resolution_two_compact_to_the_base_cells()
    {
        var all = Enumerable.Range(0, H3Cell.BaseCellCount).SelectMany(baseCell =>
        {
            var children = new H3Cell[H3Cell.OfBaseCell(baseCell).ChildrenCount(2)];
            H3Cell.OfBaseCell(baseCell).Children(2, children);
            return children;
        }).ToArray();
        Assert.Equal(H3Cell.Count(2), all.Length);
        var compacted = new H3Cell[all.Length];
        Assert.Equal(H3Cell.BaseCellCount, H3Set.Compact(all, compacted));
        Assert.Equal(Enumerable.Range(0, H3Cell.BaseCellCount).Select(H3Cell.OfBaseCell), compacted.Take(H3Cell.BaseCellCount));
    }

    [Fact]
    public void Distance_of_a_degree_of_latitude_is_that_of_the_sphere()
    {
        // 2 pi R / 360 with R = 6371007180.918475 mm.
        Assert.Equal(111_195_052, GreatCircle.Millimetres(new Position(0, 0), new Position(10_000_000, 0)), 100L);
        Assert.Equal(0, GreatCircle.Millimetres(new Position(5, 5), new Position(5, 5)));
        Assert.Equal(GreatCircle.Millimetres(new Position(0, -1_800_000_000), new Position(0, 0)), GreatCircle.Millimetres(new Position(900_000_000, 0), new Position(-900_000_000, 7)));
    }

    [Fact]
    public void Polygon_refuses_what_needs_too_many_cells_or_is_no_ring()
    {
        Position[] square = [new(0, 0), new(0, 10_000_000), new(10_000_000, 10_000_000), new(10_000_000, 0)];
        Assert.Throws<ArgumentException>(() => H3Polygon.Cells(square, [], 9, most: 1000));
        Assert.Throws<ArgumentException>(() => H3Polygon.Cells(square.AsSpan(0, 2), [], 5));
    }

    [Fact]
    public void Polygon_across_the_antimeridian_holds_cells_of_both_sides()
    {
        Position[] square = [new(-20_000_000, 1_780_000_000), new(-20_000_000, -1_780_000_000), new(20_000_000, -1_780_000_000), new(20_000_000, 1_780_000_000)];
        var cells = H3Polygon.Cells(square, [], 4);
        // 197,000 square kilometres; a cell of resolution 4 has 1,770 on average, here less.
        Assert.InRange(cells.Length, 112, 160);
        Assert.Contains(cells, cell => cell.Center.LongitudeE7 > 0);
        Assert.Contains(cells, cell => cell.Center.LongitudeE7 < 0);
        Assert.All(cells, cell => Assert.InRange(Math.Abs(cell.Center.LongitudeE7), 1_780_000_000, 1_800_000_000));
    }

    [Fact]
    public void Hot_calls_allocate_nothing()
    {
        var disk = new H3Cell[H3Grid.DiskSize(3)];
        var corners = new Position[H3Cell.MaxCorners];
        var place = new Position(377_752_702, -1_224_184_298);
        Run();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Run()
        {
            for (var resolution = 0; resolution <= 15; resolution++)
            {
                var cell = H3Cell.Containing(place, resolution);
                _ = cell.Center;
                cell.Boundary(corners);
                H3Grid.Disk(cell, 3, disk);
                H3Grid.Ring(cell, 3, disk);
                H3Grid.TryDistance(cell, disk[4], out _);
                H3Grid.AreNeighbors(cell, disk[1]);
                H3Set.Compact(disk.AsSpan(0, 1), disk);
            }
        }
    }
}
