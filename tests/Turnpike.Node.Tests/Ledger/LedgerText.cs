using System.Text;
using Turnpike.Ledger;

namespace Turnpike.Node.Tests.Ledger;

/// <summary>Everything a ledger state holds, as text: two states are equal when their texts are.</summary>
internal static class LedgerText
{
    public static string Of(LedgerState state)
    {
        var text = new StringBuilder();
        foreach (var (id, device) in state.Devices.OrderBy(entry => entry.Key.ToString(), StringComparer.Ordinal))
            text.AppendLine($"device {id} {device with { Key = default }} {Convert.ToHexString(device.Key.Span)}");
        Sorted(text, "deposit", state.Deposits);
        Sorted(text, "burned", state.Burned);
        Sorted(text, "claimed", state.Claimed);
        Sorted(text, "drawn", state.Drawn);
        Sorted(text, "gateway", state.Gateways);
        Sorted(text, "minted", state.Minted);
        foreach (var report in state.Reports) text.AppendLine($"report {report}");
        text.AppendLine($"price {state.LastPrice}; {state.Clock.StartUnixSeconds} {state.Clock.LengthSeconds} {state.Grace} {state.ActivationDelay}; fee {state.OnboardingFee}; closed {state.LastClosedEpoch}");
        for (var epoch = 1ul; epoch <= state.LastClosedEpoch + 20; epoch++)
        {
            var number = new Core.EpochNumber(epoch);
            var oracles = state.OraclesAt(number);
            text.AppendLine($"epoch {epoch}: {state.EvidenceRootOf(number)} {string.Join(',', state.CommitsOf(number))}; {state.AllowanceOf(number)}; {state.RulesAt(number)}; {oracles.ConfigDigest} {oracles.Faulty} {string.Join(',', oracles.Oracles)} {string.Join(',', oracles.Endpoints)}");
        }
        return text.ToString();
    }

    private static void Sorted<TKey, TValue>(StringBuilder text, string name, IReadOnlyDictionary<TKey, TValue> entries)
    {
        foreach (var (key, value) in entries.OrderBy(entry => $"{entry.Key}", StringComparer.Ordinal)) text.AppendLine($"{name} {key} {value}");
    }
}
