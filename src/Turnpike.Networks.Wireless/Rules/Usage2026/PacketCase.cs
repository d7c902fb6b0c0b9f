using Turnpike.Core;
using Turnpike.Core.Rules;

namespace Turnpike.Networks.Wireless.Rules.Usage2026;

/// <summary>One reported packet with all that a rule may look at.</summary>
/// <param name="Piece">The signed piece that reports it.</param>
/// <param name="Device">The device that delivered it, as registered; null when it is not.</param>
/// <param name="Organisation">The customer.</param>
/// <param name="Meter">Whose word it is, as orders name it.</param>
/// <param name="SoldMomentsAgo">Whether a copy of this packet through this device, received within the retransmission window of this one, was sold.</param>
/// <param name="Inputs">The epoch.</param>
/// <param name="Parameters">The network's settings.</param>
internal readonly record struct PacketCase(
    EvidencePiece Piece, RegisteredDevice? Device, Address Organisation, Address Meter, bool SoldMomentsAgo, EpochInputs Inputs, Usage2026Parameters Parameters);

/// <summary>One reason not to pay for a packet. Rules run in the order of <see cref="ShardVerdicts"/>' table; the first refusal stands.</summary>
internal interface IPacketRule
{
    /// <summary><see cref="VerdictCode.Accepted"/> to go on, or the reason.</summary>
    VerdictCode Judge(in PacketCase packet);
}
