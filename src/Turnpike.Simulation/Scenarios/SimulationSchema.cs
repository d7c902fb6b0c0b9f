using Turnpike.Blueprints.Schema;

namespace Turnpike.Simulation;

/// <summary>Every key of an economy for its documentation.</summary>
internal static class SimulationSchema
{
    /// <summary>Keys with their path, parents before children, the scenario's own first.</summary>
    internal static IEnumerable<(string Path, string Expected, string WhenAbsent, string Meaning)> AllKeys() => Below("", new Schema("", "", [EconomyKeys.Scenario, .. EconomyKeys.Root.Keys]));

    private static IEnumerable<(string Path, string Expected, string WhenAbsent, string Meaning)> Below(string prefix, Schema schema)
    {
        foreach (var key in schema.Keys)
        {
            yield return (prefix + key.Name, key.Expected, key.WhenAbsent, key.Meaning);
            if (key.Inner is not { } inner) continue;
            foreach (var below in Below(prefix + key.Name + (key is ListKey ? "[]." : "."), inner)) yield return below;
        }
    }
}
