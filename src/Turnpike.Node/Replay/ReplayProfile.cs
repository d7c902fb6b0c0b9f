using System.Globalization;
using Turnpike.Blueprints;
using Turnpike.Core;
using Turnpike.Core.Parameters;
using Turnpike.Networks.Wireless;
using Turnpike.Networks.Wireless.Rules.Usage2026;

namespace Turnpike.Node.Replay;

/// <summary>
/// The network that a trace is replayed on: the blueprint's local profile with the trace's epochs, one gateway, one oracle of which none may lie, and archive imports
/// (trust 0) paid. Emission is scaled with the epoch's length, so that a day of the trace mints what a day of the network does.
/// </summary>
internal static class ReplayProfile
{
    /// <exception cref="ReplayException">The blueprint is not of a network that such a trace comes from.</exception>
    public static Blueprint Of(Blueprint local, ReplayCalendar calendar)
    {
        if (local.Network.Module != WirelessModule.Name)
            throw new ReplayException($"The trace holds packets of a {WirelessModule.Name} network; the blueprint '{local.Network.Name}' is of the module '{local.Network.Module}'.");
        return local with
        {
            Epoch = local.Epoch with
            {
                Start = DateTimeOffset.FromUnixTimeSeconds(calendar.Clock.StartUnixSeconds),
                Length = calendar.Length,
                Grace = calendar.Pause,
                ActivationDelay = calendar.Pause,
                EmptyAfter = calendar.Length,
            },
            Emission = Scale(local.Emission, local.Epoch.Length, calendar.Length),
            Oracles = new OraclesSection { Count = 1, Faulty = 0, Members = [] },
            Gateways = new GatewaysSection { Count = 1, Members = [] },
            Parameters = PayingArchives(local),
        };
    }

    private static EmissionSection Scale(EmissionSection emission, TimeSpan from, TimeSpan to)
    {
        var (numerator, denominator) = ((UInt128)to.Ticks, (UInt128)from.Ticks);
        return emission with
        {
            Steps = emission.Steps.Select(step => step with { PerEpoch = MulDiv.Floor(step.PerEpoch, numerator, denominator) }).ToList(),
            ReemissionCap = MulDiv.Floor(emission.ReemissionCap, numerator, denominator),
        };
    }

    private static ParameterSet PayingArchives(Blueprint local)
    {
        var pack = WirelessModule.Packs.Single(pack => pack.Id == local.Network.Pack);
        var values = local.Parameters.Values.Select(value => value.Key == Usage2026Names.MinimumTrust ? KeyValuePair.Create(value.Key, 0.ToString(CultureInfo.InvariantCulture)) : value);
        return new ParameterSet(pack, values);
    }
}
