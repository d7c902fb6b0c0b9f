using Turnpike.Core;

namespace Turnpike.Economics;

/// <summary>
/// Epochs until a device has paid for itself at the period's pace: at the tenth, fiftieth and ninetieth percentile of its owners, the quickest first. Null where so many
/// owners never get there. Debt is what their hardware cost and has to be earned back by production, as Glow books what a solar farm took to build.
/// </summary>
/// <param name="Hardware">The class.</param>
/// <param name="Devices">How many.</param>
/// <param name="P10">Epochs for the quickest tenth.</param>
/// <param name="P50">Epochs for the middle.</param>
/// <param name="P90">Epochs for all but the slowest tenth.</param>
/// <param name="LosingPpm">Share that earns less than it costs to run.</param>
/// <param name="Debt">Cost of the hardware of all devices that earn more than they cost to run.</param>
/// <param name="Stranded">Cost of the hardware of those that do not.</param>
public sealed record Payback(string Hardware, int Devices, ulong? P10, ulong? P50, ulong? P90, uint LosingPpm, Credits Debt, Credits Stranded)
{
    /// <summary>Measures a class over a period at a price.</summary>
    public static Payback Of(HardwareClass hardware, ulong epochs, Price price)
    {
        var running = checked(hardware.RunningPerEpoch.Count * epochs);
        var times = hardware.Earned.Select(earned => TimeOf(price.CreditsFloor(earned).Count)).Order().ToArray();
        var losing = times.Count(time => time == ulong.MaxValue);
        var devices = (UInt128)times.Length;
        return new Payback(
            hardware.Name, times.Length, At(10), At(50), At(90), times.Length == 0 ? 0 : (uint)((ulong)losing * 1_000_000 / (ulong)times.Length),
            new Credits(checked(hardware.Cost.Count * (devices - (ulong)losing))), new Credits(checked(hardware.Cost.Count * (ulong)losing)));

        ulong TimeOf(UInt128 earned)
        {
            if (earned <= running) return ulong.MaxValue;
            var needed = MulDiv.FloorUpTo(ulong.MaxValue, hardware.Cost.Count, epochs, earned - running);
            return (ulong)UInt128.Min(needed, ulong.MaxValue - 1);
        }

        // Nearest rank: the smallest time within which so many hundredths of the owners are paid back.
        ulong? At(int percent) => times.Length > 0 && times[Math.Max(0, (percent * times.Length + 99) / 100 - 1)] is not ulong.MaxValue and var time ? time : null;
    }
}
