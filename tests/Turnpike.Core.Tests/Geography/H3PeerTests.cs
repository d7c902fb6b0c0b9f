using System.Buffers.Binary;
using FsCheck.Fluent;
using Turnpike.Core.Geography;
using Turnpike.Core.Geography.Physics;

namespace Turnpike.Core.Tests.Geography;

/// <summary>Every function against h3-js on random input of all resolutions, pentagons, poles and the antimeridian included. TURNPIKE_H3_CASES asks for more of the first; the default is 1,000,000.</summary>
public class H3PeerTests
{
    private static readonly int Many = int.TryParse(Environment.GetEnvironmentVariable("TURNPIKE_H3_CASES"), out var cases) ? cases : 1_000_000;

    [Fact]
    public void Places_lie_in_the_cells_of_h3_js()
    {
        var random = new RandomCells(1);
        var peer = new H3Peer();
        var asked = new (SphericalPoint Point, int Resolution)[Many];
        for (var i = 0; i < asked.Length; i++)
        {
            asked[i] = (random.Point(), random.Resolution());
            peer.Ask(1, asked[i].Resolution, asked[i].Point.Latitude, asked[i].Point.Longitude);
        }
        peer.Run();
        foreach (var (point, resolution) in asked)
        {
            var expected = BinaryPrimitives.ReadUInt64LittleEndian(peer.Next(out _));
            if (H3Sphere.CellOf(point, resolution).Value != expected) Assert.Fail($"{point} at {resolution}: {H3Sphere.CellOf(point, resolution)}, h3-js says {expected:x}");
        }
        Assert.True(peer.IsAtEnd);
    }

    [Fact]
    public void Centres_and_boundaries_are_those_of_h3_js()
    {
        var random = new RandomCells(2);
        var peer = new H3Peer();
        var cells = Enumerable.Range(0, Many / 10).Select(_ => random.Cell()).ToArray();
        foreach (var cell in cells)
        {
            peer.Ask(2, 0, cell);
            peer.Ask(3, 0, cell);
        }
        peer.Run();
        var corners = new SphericalPoint[H3Cell.MaxCorners];
        foreach (var cell in cells)
        {
            var center = peer.NextNumbers(out _);
            AssertSame(new SphericalPoint(center[0], center[1]), H3Sphere.CenterOf(cell), cell);
            var boundary = peer.NextNumbers(out _);
            var count = H3Sphere.BoundaryOf(cell, corners);
            if (2 * count != boundary.Length) Assert.Fail($"{cell} has {count} corners, h3-js says {boundary.Length / 2}");
            for (var i = 0; i < count; i++) AssertSame(new SphericalPoint(boundary[2 * i], boundary[2 * i + 1]), corners[i], cell);
        }
    }

    [Fact]
    public void Families_are_those_of_h3_js()
    {
        var random = new RandomCells(3);
        var peer = new H3Peer();
        var cells = Enumerable.Range(0, Many / 50).Select(_ => random.Cell()).Select(cell => (Cell: cell, Up: random.Next(cell.Resolution + 1), Down: cell.Resolution + random.Next(Math.Min(4, 16 - cell.Resolution)))).ToArray();
        foreach (var (cell, up, down) in cells)
        {
            peer.Ask(4, up, cell);
            peer.Ask(5, down, cell);
            peer.Ask(6, down, cell);
            peer.Ask(13, down, cell);
        }
        for (var resolution = 0; resolution <= 15; resolution++) peer.Ask(12, resolution, 0UL);
        peer.Run();
        foreach (var (cell, up, down) in cells)
        {
            Assert.Equal(cell.Parent(up), Assert.Single(peer.NextCells(out _)));
            Assert.Equal(cell.CenterChild(down), Assert.Single(peer.NextCells(out _)));
            var children = new H3Cell[cell.ChildrenCount(down)];
            Assert.Equal(children.Length, cell.Children(down, children));
            Assert.Equal(peer.NextCells(out _), children);
            Assert.Equal(new double[] { children.Length, H3Cell.Count(down) }, peer.NextNumbers(out _));
        }
        var pentagons = new H3Cell[H3Cell.PentagonCount];
        for (var resolution = 0; resolution <= 15; resolution++)
        {
            H3Cell.Pentagons(resolution, pentagons);
            Assert.Equal(peer.NextCells(out _).Order(), pentagons);
        }
    }

    [Fact]
    public void Disks_and_rings_are_those_of_h3_js()
    {
        var random = new RandomCells(4);
        var peer = new H3Peer();
        var asked = Enumerable.Range(0, Many / 50).Select(_ => (Cell: random.Cell(), K: random.Next(7))).ToArray();
        foreach (var (cell, k) in asked)
        {
            peer.Ask(7, k, cell);
            peer.Ask(8, k, cell);
        }
        peer.Run();
        var places = new H3Cell[H3Grid.DiskSize(6)];
        foreach (var (cell, k) in asked)
        {
            var disk = places[..H3Grid.Disk(cell, k, places)];
            Assert.Equal(peer.NextCells(out _).Order(), disk.Order());
            var ring = places[..H3Grid.Ring(cell, k, places)];
            Assert.Equal(peer.NextCells(out _).Order(), ring.Order());
            Assert.Equal(disk[^ring.Length..], ring);
        }
    }

    [Fact]
    public void Distances_and_neighbours_are_those_of_h3_js()
    {
        var random = new RandomCells(5);
        var peer = new H3Peer();
        var near = new H3Cell[H3Grid.DiskSize(20)];
        var asked = Enumerable.Range(0, Many / 10).Select(_ =>
        {
            var from = random.Cell();
            // Mostly in reach; sometimes anywhere at the same resolution, or at another.
            var to = random.Next(20) switch
            {
                0 => random.Cell(from.Resolution),
                1 => random.Cell(),
                _ => near[random.Next(H3Grid.Disk(from, 1 + random.Next(random.Next(20) == 0 ? 20 : 2), near))],
            };
            return (From: from, To: to);
        }).ToArray();
        foreach (var (from, to) in asked)
        {
            peer.Ask(9, 0, from, to);
            peer.Ask(10, 0, from, to);
        }
        peer.Run();
        foreach (var (from, to) in asked)
        {
            var distance = peer.NextNumbers(out var refused);
            if (H3Grid.TryDistance(from, to, out var steps) == refused || (!refused && steps != distance[0])) Assert.Fail($"{from} to {to}: {steps}, h3-js says {(refused ? "nothing" : distance[0])}");
            var neighbours = peer.NextNumbers(out refused);
            Assert.Equal(!refused && neighbours[0] == 1, H3Grid.AreNeighbors(from, to));
        }
    }

    [Fact]
    public void Random_words_are_cells_where_h3_js_says_so()
    {
        var random = new RandomCells(6);
        var peer = new H3Peer();
        // Pure noise is hardly ever a cell: two of three words are cells with a few bits changed, or noise under a cell's first byte.
        var words = Enumerable.Range(0, Many / 5).Select(i => (i % 3) switch
        {
            0 => random.Word(),
            1 => random.Cell().Value ^ (1UL << random.Next(64)) ^ (random.Next(2) == 0 ? 1UL << random.Next(64) : 0),
            _ => (random.Word() >> 8) | (8UL << 56),
        }).ToArray();
        foreach (var word in words) peer.Ask(11, 0, word);
        peer.Run();
        var valid = 0;
        foreach (var word in words)
        {
            var expected = peer.NextNumbers(out var refused);
            var isValid = H3Cell.TryCreate(word, out var cell);
            if (isValid != (!refused && expected[0] == 1)) Assert.Fail($"{word:x} is {(isValid ? "a" : "no")} cell, h3-js disagrees");
            if (!isValid) continue;
            valid++;
            Assert.Equal(expected[1] == 1, cell.IsPentagon);
            Assert.Equal(cell, H3Cell.Parse(cell.ToString()));
        }
        Assert.True(valid > words.Length / 100);
    }

    [Fact]
    public void Compacted_disks_are_those_of_h3_js()
    {
        var random = new RandomCells(7);
        var peer = new H3Peer();
        var asked = Enumerable.Range(0, 500).Select(_ => (Cell: random.Cell(), K: random.Next(12))).ToArray();
        foreach (var (cell, k) in asked) peer.Ask(14, k, cell);
        peer.Run();
        foreach (var (cell, k) in asked)
        {
            var disk = new H3Cell[H3Grid.DiskSize(k)];
            disk = disk[..H3Grid.Disk(cell, k, disk)];
            var compacted = new H3Cell[disk.Length];
            compacted = compacted[..H3Set.Compact(disk, compacted)];
            Assert.Equal(peer.NextCells(out _).Order(), compacted.Order());
            var back = new H3Cell[H3Set.UncompactedCount(compacted, cell.Resolution)];
            Assert.Equal(back.Length, H3Set.Uncompact(compacted, cell.Resolution, back));
            Assert.Equal(disk.Order(), back.Order());
        }
    }

    [Fact]
    public void Polygons_with_holes_hold_the_cells_of_h3_js()
    {
        var random = new RandomCells(8);
        var peer = new H3Peer();
        var asked = Enumerable.Range(0, 400).Select(_ => Polygon(random)).ToArray();
        foreach (var (outer, holes, resolution) in asked)
        {
            peer.Ask(15, resolution, (ulong)(outer.Length + holes.Sum(hole => hole.Length)));
            Position[][] rings = [outer, .. holes];
            for (var ring = 0; ring < rings.Length; ring++)
            {
                foreach (var corner in rings[ring]) peer.Ask(0, ring, SphericalPoint.Of(corner).Latitude, SphericalPoint.Of(corner).Longitude);
            }
        }
        peer.Run();
        var total = 0;
        foreach (var (outer, holes, resolution) in asked)
        {
            var expected = peer.NextCells(out _);
            total += expected.Length;
            Assert.Equal(expected.Order(), H3Polygon.Cells(outer, holes, resolution));
        }
        Assert.True(total > 10_000);
    }

    [Fact]
    public void Great_circles_are_as_long_as_those_of_h3_js()
    {
        var random = new RandomCells(9);
        var peer = new H3Peer();
        var asked = Enumerable.Range(0, 20_000).Select(_ => (A: random.Point(), B: random.Point())).ToArray();
        foreach (var (a, b) in asked)
        {
            peer.Ask(16, 0, a.Latitude, a.Longitude);
            peer.Ask(0, 0, b.Latitude, b.Longitude);
        }
        peer.Run();
        // Near the antipode the formula magnifies the last bit of an arctangent's argument: a tenth of a millimetre.
        foreach (var (a, b) in asked) Assert.Equal(peer.NextNumbers(out _)[0], SphericalDistance.Kilometres(a, b), 1e-4);
    }

    // A star around a cell's centre, a few to a few dozen cells wide, with one or no hole; some cross the antimeridian.
    private static (Position[] Outer, Position[][] Holes, int Resolution) Polygon(RandomCells random)
    {
        var resolution = 3 + random.Next(12);
        var center = random.Point();
        while (Math.Abs(center.Latitude) > 45) center = random.Point();
        var width = 250.0 / Math.Pow(Math.Sqrt(7), resolution);
        var outer = Star(center, width, 3 + random.Next(12));
        return (outer, random.Next(2) == 0 ? [] : [Star(center, width / 3, 3 + random.Next(5))], resolution);

        Position[] Star(SphericalPoint middle, double radius, int corners) => Enumerable.Range(0, corners).Select(i =>
        {
            var angle = 2 * Math.PI * i / corners;
            var reach = radius * (0.5 + random.Next(1000) / 2000.0);
            return new SphericalPoint(middle.Latitude + reach * Math.Sin(angle), middle.Longitude + reach * Math.Cos(angle)).ToPosition();
        }).ToArray();
    }

    private static void AssertSame(SphericalPoint expected, SphericalPoint actual, H3Cell cell)
    {
        // 1e-12 degrees is a ten-millionth of a metre. Longitudes lose digits towards the poles and may sit on either side of the antimeridian; so do h3-js's latitudes, which
        // come from an arcsine (ours from an arctangent).
        const double Tolerance = 1e-12;
        var parallel = Math.Max(Math.Cos(expected.Latitude * Math.PI / 180), 2e-8);
        var apart = Math.Abs(expected.Longitude - actual.Longitude);
        if (Math.Abs(expected.Latitude - actual.Latitude) > Tolerance + 3e-14 / parallel || Math.Min(apart, Math.Abs(apart - 360)) * parallel > Tolerance) Assert.Fail($"{cell}: {actual}, h3-js says {expected}");
    }
}
