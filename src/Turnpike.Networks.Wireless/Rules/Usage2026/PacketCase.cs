using Turnpike.Core;
using Turnpike.Core.Rules;
using Turnpike.Networks.Wireless.Evidence;

namespace Turnpike.Networks.Wireless.Rules.Usage2026;

/// <summary>One reported packet with all that a rule may look at.</summary>
/// <param name="Piece">The signed piece that reports it.</param>
/// <param name="Packet">The report.</param>
/// <param name="Inputs">The epoch.</param>
/// <param name="Parameters">The network's settings.</param>
/// <param name="SoldMomentsAgo">Whether a copy of this packet through this device, received within the retransmission window of this one, was sold.</param>
internal readonly record struct PacketCase(EvidencePiece Piece, PacketReport Packet, EpochInputs Inputs, Usage2026Parameters Parameters, bool SoldMomentsAgo);

/// <summary>One reason not to pay for a packet. Rules run in the order of <see cref="ShardVerdicts"/>' table; the first refusal stands.</summary>
internal interface IPacketRule
{
    /// <summary><see cref="VerdictCode.Accepted"/> to go on, or the reason.</summary>
    VerdictCode Judge(in PacketCase packet);
}
