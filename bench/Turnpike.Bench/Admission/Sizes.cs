using System.Globalization;

namespace Turnpike.Bench.Admission;

/// <summary>Arguments: --devices N, --rounds N, --folder PATH (where the evidence goes; by default the system's temporary folder).</summary>
internal sealed record Sizes(int Devices, int Rounds, string? Folder)
{
    public static Sizes Parse(string[] arguments, int devices, int rounds)
    {
        var sizes = new Sizes(devices, rounds, null);
        for (var i = 0; i + 1 < arguments.Length; i += 2)
        {
            sizes = arguments[i] switch
            {
                "--devices" => sizes with { Devices = int.Parse(arguments[i + 1], CultureInfo.InvariantCulture) },
                "--rounds" => sizes with { Rounds = int.Parse(arguments[i + 1], CultureInfo.InvariantCulture) },
                "--folder" => sizes with { Folder = arguments[i + 1] },
                _ => throw new ArgumentException($"Unknown argument {arguments[i]}: --devices, --rounds, --folder.", nameof(arguments)),
            };
        }
        return sizes;
    }
}
