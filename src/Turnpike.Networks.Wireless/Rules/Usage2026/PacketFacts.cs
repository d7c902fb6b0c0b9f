using Turnpike.Core;
using Turnpike.Core.Rules;
using Turnpike.Networks.Wireless.Evidence;

namespace Turnpike.Networks.Wireless.Rules.Usage2026;

/// <summary>What is judged of a piece once, for all its reports.</summary>
/// <param name="Piece">The piece, or the copy of it that stands for some of its reports.</param>
/// <param name="ReceivedAt">Its time of receipt.</param>
/// <param name="Reading">Accepted, or why nothing of it is judged: its form or a replay.</param>
/// <param name="Standing">Accepted, or what speaks against all that it reports: trust or time.</param>
/// <param name="Tally">What a router refused, where the piece says that; null where it reports packets.</param>
internal readonly record struct PieceFacts(EvidencePiece Piece, long ReceivedAt, VerdictCode Reading, VerdictCode Standing, RefusalTally? Tally);

/// <summary>What is judged once of a customer and whoever metered for him.</summary>
internal readonly record struct OrderFacts(Address Organisation, VerdictCode Order);

/// <summary>
/// A report, taken out of its piece: all that is judged report by report, in 32 bytes without a reference, since ten million are sorted by device.
/// </summary>
/// <param name="Packet">The packet.</param>
/// <param name="Account">The device that it counts for, as in <see cref="ReportPlace"/>.</param>
/// <param name="Piece">Position of its <see cref="PieceFacts"/>.</param>
/// <param name="Order">Position of its <see cref="OrderFacts"/>.</param>
/// <param name="Index">Position within the piece.</param>
/// <param name="PayloadBytes">Payload size.</param>
/// <param name="IsOfStranger">Whether a router reports about a device that nobody registered: it counts with the router.</param>
internal readonly record struct PacketFacts(PacketKey Packet, int Account, int Piece, int Order, ushort Index, byte PayloadBytes, bool IsOfStranger);
