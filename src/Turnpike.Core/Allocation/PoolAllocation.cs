namespace Turnpike.Core.Allocation;

/// <summary>How a pool was divided. The amounts, the dust and the unallocated part sum to exactly the pool.</summary>
/// <param name="Amounts">One amount a contribution, in the contributions' order.</param>
/// <param name="Dust">What rounding down left: fewer base units than contributions with units.</param>
/// <param name="Unallocated">The whole pool when nobody contributed, else nothing.</param>
public sealed record PoolAllocation(IReadOnlyList<Amount> Amounts, Amount Dust, Amount Unallocated);
