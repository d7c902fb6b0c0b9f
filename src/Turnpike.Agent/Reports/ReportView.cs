namespace Turnpike.Agent.Reports;

/// <summary>Where usage reports stand.</summary>
/// <param name="Unsigned">Packets whose report waits for its signature.</param>
/// <param name="Signed">Packets reported since the start.</param>
/// <param name="Pieces">Signed pieces that wait for their place on the chain's record.</param>
/// <param name="WithoutReceipt">Of those, pieces that no gateway gave a receipt for.</param>
/// <param name="Dropped">Packets that were not reported since the spool of evidence was full.</param>
public sealed record ReportView(int Unsigned, long Signed, int Pieces, int WithoutReceipt, long Dropped);
