using System.Text.Json;
using Turnpike.Node.Replay;

namespace Turnpike.Cli.Replay;

/// <summary>A replay's result as JSON; names and order of the fields stay.</summary>
internal static class ReplayJson
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public static string Write(ReplayResult result) => JsonSerializer.Serialize(
        new
        {
            result.Receptions,
            Hotspots = result.Hotspots.Count,
            result.Sold,
            Refused = result.Refused.Select(refusal => new { refusal.Code, refusal.Reason, refusal.Receptions }),
            Credits = (ulong)result.Credits.Count,
            result.Epochs,
            result.Reproduced,
            Minted = result.Minted.ToTokenString(),
            PerHotspot = result.Hotspots.Select(hotspot => new { hotspot.Hotspot, Device = hotspot.Device.ToString(), Credits = (ulong)hotspot.Credits.Count, Amount = hotspot.Amount.ToTokenString() }),
        },
        Indented);
}
