using System.Numerics;

namespace Turnpike.Evm.Rpc;

/// <summary>An intent on its way: what the journal holds of it, and what the watch has seen since this process started.</summary>
internal sealed class OpenTransaction(JournalEntry entry)
{
    private readonly HashSet<SenderAlertCode> _told = [];

    public JournalEntry Entry { get; set; } = entry;

    public TaskCompletionSource<TransactionOutcome> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool HoldsSlot { get; set; }

    /// <summary>The answer to its publication was lost, so that its absence from the pool is no surprise.</summary>
    public bool IsUncertain { get; set; }

    /// <summary>The block that held it at the last look.</summary>
    public BlockPoint? SeenIn { get; set; }

    /// <summary>The head when the newest attempt was first looked at: without a block since, waiting is not the fees' fault.</summary>
    public ulong? HeadAtAttempt { get; set; }

    /// <summary>Looks in a row that found its nonce consumed by another transaction.</summary>
    public int ForeignSightings { get; set; }

    public SignedAttempt Newest => Entry.Attempts[^1];

    /// <summary>Most wei that it can still cost.</summary>
    public BigInteger MaxCost => Entry.Value + Entry.GasLimit * Newest.Fees.MaxFeePerGas;

    /// <summary>True the first time only, so that a lasting condition alerts once.</summary>
    public bool IsNews(SenderAlertCode code) => _told.Add(code);
}
