using Turnpike.Networks.Wireless.Protocol.LoRaWan;

namespace Turnpike.Networks.Wireless.Service;

/// <summary>
/// Adaptive data rate as Semtech recommends and ChirpStack does by default: of the last 20 uplinks take the best signal to noise ratio; each 3 dB above what the data rate
/// needs plus a margin is a step, first toward faster data rates, then toward less power; below it power comes back. Repetitions follow the loss.
/// </summary>
public static class AdaptiveDataRate
{
    // dB x 10: fading that the link must bear.
    private const int InstallationMargin = 100;
    private const int StepTenths = 30;

    /// <summary>The settings that the device should have; its own while there are too few samples.</summary>
    public static (byte DataRate, byte Power, byte Repetitions) Choose(EndDeviceSession session, RegionPlan plan)
    {
        var now = (session.DataRate, session.Power, session.Repetitions);
        if (plan.DataRates[session.DataRate] is not { IsLoRa: true } rate || session.DataRate > plan.AdrRange.Max) return now;
        var repetitions = Repetitions(session);
        if (session.Samples.Count < EndDeviceSession.MaxSamples) return (session.DataRate, session.Power, session.Repetitions);
        var steps = (session.Samples.Max(sample => sample.Snr) - rate.RequiredSnr - InstallationMargin) / StepTenths;
        var (dataRate, power) = (session.DataRate, session.Power);
        for (; steps > 0 && dataRate < plan.AdrRange.Max; steps--) dataRate++;
        for (; steps > 0 && power < plan.MaxPowerIndex; steps--) power++;
        for (; steps < 0 && power > 0; steps++) power--;
        return (dataRate, power, repetitions);
    }

    // Rows: loss below 5, 10, 30 percent and above; columns: repetitions now (1 to 3).
    private static byte Repetitions(EndDeviceSession session)
    {
        if (session.Samples.Count < 2) return session.Repetitions;
        var sent = session.Samples[^1].Counter - session.Samples[0].Counter + 1;
        var lostPercent = (int)((sent - (uint)session.Samples.Count) * 100 / sent);
        ReadOnlySpan<byte> table = [1, 1, 2, 1, 2, 3, 2, 3, 3, 3, 3, 3];
        var row = lostPercent < 5 ? 0 : lostPercent < 10 ? 1 : lostPercent < 30 ? 2 : 3;
        return table[3 * row + Math.Clamp((int)session.Repetitions, 1, 3) - 1];
    }
}
