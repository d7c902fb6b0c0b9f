using Turnpike.Core;

namespace Turnpike.Networks.Wireless.Evidence;

/// <summary>One uplink that a router bought from a hotspot for an organisation. Public fields only: the frame itself stays on the private leg.</summary>
/// <param name="Device">The hotspot that delivered it, and that is paid.</param>
/// <param name="PayloadHash">SHA-256 of the frame: names the packet without showing it.</param>
/// <param name="PayloadBytes">Application payload size, 0 to 255 bytes: what the customer is charged by.</param>
/// <param name="Organisation">The customer's account.</param>
/// <param name="DataRate">Such as "SF12BW125".</param>
/// <param name="Rssi">Received signal strength in tenths of a dBm.</param>
/// <param name="Snr">Signal to noise ratio in tenths of a dB.</param>
public sealed record UsageRecord(DeviceId Device, Bytes32 PayloadHash, byte PayloadBytes, Address Organisation, string DataRate, short Rssi, short Snr);
