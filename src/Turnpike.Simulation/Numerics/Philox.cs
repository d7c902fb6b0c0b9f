namespace Turnpike.Simulation;

/// <summary>
/// Counter-based random numbers: Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011). Key = seed, counter = (block, stream), so every
/// run and every purpose has its own sequence, nothing depends on who drew before, and the numbers are the same on every machine. Not for secrets.
/// </summary>
public struct Philox
{
    private const uint Multiplier0 = 0xD2511F53, Multiplier1 = 0xCD9E8D57, Weyl0 = 0x9E3779B9, Weyl1 = 0xBB67AE85;

    private readonly ulong _seed;
    private readonly ulong _stream;
    private ulong _block;
    private ulong _spare;
    private bool _hasSpare;

    /// <summary>The sequence of a seed for one purpose.</summary>
    public Philox(ulong seed, ulong stream)
    {
        (_seed, _stream) = (seed, stream);
        (_block, _spare, _hasSpare) = (0, 0, false);
    }

    /// <summary>Ten rounds over a counter.</summary>
    public static (uint X0, uint X1, uint X2, uint X3) Block(uint x0, uint x1, uint x2, uint x3, uint key0, uint key1)
    {
        for (var round = 0; round < 10; round++)
        {
            var product0 = (ulong)Multiplier0 * x0;
            var product1 = (ulong)Multiplier1 * x2;
            (x0, x1, x2, x3) = ((uint)(product1 >> 32) ^ x1 ^ key0, (uint)product1, (uint)(product0 >> 32) ^ x3 ^ key1, (uint)product0);
            key0 = unchecked(key0 + Weyl0);
            key1 = unchecked(key1 + Weyl1);
        }
        return (x0, x1, x2, x3);
    }

    /// <summary>64 random bits.</summary>
    public ulong NextBits()
    {
        if (_hasSpare)
        {
            _hasSpare = false;
            return _spare;
        }
        var (x0, x1, x2, x3) = Block((uint)_block, (uint)(_block >> 32), (uint)_stream, (uint)(_stream >> 32), (uint)_seed, (uint)(_seed >> 32));
        _block++;
        (_spare, _hasSpare) = ((ulong)x3 << 32 | x2, true);
        return (ulong)x1 << 32 | x0;
    }

    /// <summary>Uniform in (0, 1): never 0, never 1.</summary>
    public double NextUnit() => ((NextBits() >> 11) + 0.5) * (1.0 / (1UL << 53));

    /// <summary>Normal with mean 0 and deviation 1.</summary>
    public double NextNormal() => PortableMath.NormalQuantile(NextUnit());
}
