using Turnpike.Networks.Wireless.Protocol.LoRaWan;

namespace Turnpike.Networks.Wireless.Service;

/// <summary>What became of a frame.</summary>
/// <param name="Refusal">None when it was taken.</param>
/// <param name="Device">Whose frame it is; null when nobody's.</param>
/// <param name="IsJoin">Whether a device joined by it. Joins are free.</param>
/// <param name="Uplink">What it says; null for joins and refusals.</param>
/// <param name="Session">The session after it.</param>
/// <param name="Downlink">The answer to send; null for none.</param>
/// <param name="SentDownlink">The customer's name for the payload that the answer carries.</param>
/// <param name="AcknowledgesDownlink">Whether the device acknowledges the last confirmed downlink.</param>
public sealed record NetworkAnswer(UplinkRefusal Refusal, EndDevice? Device = null, bool IsJoin = false, Uplink? Uplink = null, EndDeviceSession? Session = null, Downlink? Downlink = null, string? SentDownlink = null, bool AcknowledgesDownlink = false)
{
    /// <summary>Application payload, which a customer pays by; 0 for joins and repetitions.</summary>
    public int PayloadBytes => Uplink is { IsRepetition: false } uplink ? uplink.Payload.Length : 0;

    /// <summary>Whether there is something for the customer.</summary>
    public bool IsDelivered => Refusal == UplinkRefusal.None && Uplink is { IsRepetition: false, Frame.Port: not (null or 0) };

    /// <summary>The device's address, where it has one.</summary>
    public DevAddr? Address => Session?.Address;
}
