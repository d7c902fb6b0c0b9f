using Turnpike.Core;

namespace Turnpike.Blueprints.Schema;

/// <summary>How accounts are written.</summary>
internal static class AccountTypes
{
    /// <summary>The word that asks the launcher to make a key.</summary>
    internal const string Generated = "generated";

    internal static ScalarType<AccountReference> Reference { get; } = new("a name from the accounts section, or 0x and 40 hexadecimal digits (not zero; mixed case must be a right EIP-55 checksum)", (string text, out AccountReference value) =>
    {
        value = new AccountReference(text);
        if (!value.IsAddress) return ScalarTypes.Slug.Parse(text, out _);
        if (!AccountReference.TryParseAddress(text, out var address)) return Reading.WrongType;
        value = new AccountReference(address.ToString());
        return Reading.Right;
    });

    /// <summary>An address, or null for a key made at launch.</summary>
    internal static ScalarType<Address?> Value { get; } = new($"{Generated}, or 0x and 40 hexadecimal digits (not zero; mixed case must be a right EIP-55 checksum)", (string text, out Address? value) =>
    {
        value = null;
        if (text == Generated) return Reading.Right;
        if (!AccountReference.TryParseAddress(text, out var address)) return Reading.WrongType;
        value = address;
        return Reading.Right;
    });
}
