using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Turnpike.Core;
using Turnpike.Core.Parameters;

namespace Turnpike.Blueprints;

/// <summary>A network, complete and checked: everything that deploying and running it needs.</summary>
public sealed record Blueprint
{
    /// <summary>Name and rules.</summary>
    public required NetworkSection Network { get; init; }

    /// <summary>The token.</summary>
    public required TokenSection Token { get; init; }

    /// <summary>What epochs mint.</summary>
    public required EmissionSection Emission { get; init; }

    /// <summary>Fees, and when credits are sold.</summary>
    public required CreditsSection Credits { get; init; }

    /// <summary>The price feed.</summary>
    public required PriceSection Price { get; init; }

    /// <summary>The clock.</summary>
    public required EpochSection Epoch { get; init; }

    /// <summary>Who recomputes epochs.</summary>
    public required OraclesSection Oracles { get; init; }

    /// <summary>Who accepts evidence.</summary>
    public required GatewaysSection Gateways { get; init; }

    /// <summary>The circuit breaker of rewards.</summary>
    public required DistributorSection Distributor { get; init; }

    /// <summary>The guardian's limits.</summary>
    public required GuardianSection Guardian { get; init; }

    /// <summary>Who gets the emission, in file order; shares sum to exactly 1,000,000 ppm.</summary>
    public required IReadOnlyList<PoolSection> Pools { get; init; }

    /// <summary>The rule pack's parameters, defaults filled in.</summary>
    public required ParameterSet Parameters { get; init; }

    /// <summary>Named accounts in file order; "admin" and "guardian" are always among them.</summary>
    public required IReadOnlyList<NamedAccount> Accounts { get; init; }

    /// <summary>The administrator's account.</summary>
    public static AccountReference Admin { get; } = new(AccountsKeys.Admin);

    /// <summary>The guardian's account.</summary>
    public static AccountReference GuardianAccount { get; } = new(AccountsKeys.Guardian);

    /// <summary>Names of accounts whose key is still to be made.</summary>
    public IEnumerable<string> GeneratedAccounts => Accounts.Where(account => account.Address is null).Select(account => account.Name);

    /// <summary>This blueprint with addresses for accounts that were to be generated; accounts that have an address keep it.</summary>
    public Blueprint WithAccounts(IReadOnlyDictionary<string, Address> generated)
    {
        ArgumentNullException.ThrowIfNull(generated);
        return this with { Accounts = [.. Accounts.Select(account => account.Address is null && generated.TryGetValue(account.Name, out var address) ? account with { Address = address } : account)] };
    }

    /// <summary>The address behind a reference; false when its key is still to be made.</summary>
    public bool TryAddressOf(AccountReference reference, [NotNullWhen(true)] out Address? address)
    {
        address = reference.IsAddress ? Address.Parse(reference.Text) : Accounts.FirstOrDefault(account => account.Name == reference.Text).Address;
        return address is not null;
    }

    /// <summary>The address behind a reference.</summary>
    /// <exception cref="InvalidOperationException">Its key is still to be made: see <see cref="WithAccounts"/>.</exception>
    public Address AddressOf(AccountReference reference) =>
        TryAddressOf(reference, out var address) ? address.Value : throw new InvalidOperationException($"The account '{reference}' has no address yet; generate a key for it first.");

    /// <summary>
    /// What the rules depend on, as ASCII lines ending in LF: pack, module, each pool in file order with its accounts as addresses ("-" where none), each parameter sorted by name.
    /// The same network gives the same bytes however its file is laid out. They go into the rules' hash on chain, so this form never changes.
    /// </summary>
    /// <exception cref="InvalidOperationException">A pool pays an account whose key is still to be made.</exception>
    public byte[] CanonicalParameters()
    {
        var lines = new StringBuilder();
        lines.Append("turnpike-parameters 1\n");
        lines.Append(CultureInfo.InvariantCulture, $"pack {Network.Pack}\n");
        lines.Append(CultureInfo.InvariantCulture, $"module {Network.Module}\n");
        foreach (var pool in Pools)
            lines.Append(CultureInfo.InvariantCulture, $"pool {pool.Name} {pool.SharePpm} {pool.Shape} {Written(pool.To)} {Written(pool.Leftovers)}\n");
        foreach (var (name, value) in Parameters.Values)
            lines.Append(CultureInfo.InvariantCulture, $"parameter {name} {value}\n");
        return Encoding.ASCII.GetBytes(lines.ToString());
    }

    private string Written(AccountReference? reference) => reference is { } account ? AddressOf(account).ToString() : "-";
}
