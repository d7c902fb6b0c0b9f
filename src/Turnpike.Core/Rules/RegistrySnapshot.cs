namespace Turnpike.Core.Rules;

/// <summary>What a pack may know of a device: the registry as it stood at the snapshot block.</summary>
/// <param name="Beneficiary">Who earns the epoch: the payout address if one was set, else the owner.</param>
/// <param name="Kind">The kind of hardware, as registered.</param>
/// <param name="Trust">Trust level of the pieces its key signs.</param>
/// <param name="Active">False while suspended.</param>
/// <param name="Cell">Public H3 cell, resolution 8 at most; zero when none was asserted.</param>
public readonly record struct RegisteredDevice(Address Beneficiary, uint Kind, byte Trust, bool Active, ulong Cell);

/// <summary>Customers and devices at the snapshot block: the last block before the epoch's end.</summary>
public sealed record RegistrySnapshot
{
    /// <summary>Every registered device.</summary>
    public required DeviceTable Devices { get; init; }

    /// <summary>Credits that each customer has ever deposited.</summary>
    public required IReadOnlyDictionary<Address, UInt128> Deposits { get; init; }
}
