using Turnpike.Evm.Rpc;

namespace Turnpike.Node.Operations;

/// <summary>An alert code with all that is said of it.</summary>
/// <param name="Code">Which.</param>
/// <param name="Name">Stable name, lowercase words with hyphens.</param>
/// <param name="Severity">How bad.</param>
/// <param name="Meaning">What is the matter.</param>
/// <param name="Action">What to do.</param>
public sealed record AlertDescription(AlertCode Code, string Name, AlertSeverity Severity, string Meaning, string Action);

/// <summary>The registry of alert codes.</summary>
public static class AlertCodes
{
    // The numbers of SenderAlertCode and EndpointAlertCode begin at 1.
    private const int SenderBase = 540;
    private const int EndpointBase = 560;

    /// <summary>Every code, ascending.</summary>
    public static IReadOnlyList<AlertDescription> All { get; } =
    [
        new(AlertCode.ChainUnreachable, "chain-unreachable", AlertSeverity.Critical, "No JSON-RPC endpoint of the chain answers.", "Check the network and the provider; name a second endpoint in chain.rpc."),
        new(AlertCode.ChainStalled, "chain-stalled", AlertSeverity.Critical, "The newest block is older than health.maxHeadAge.", "Compare with another endpoint or a block explorer: the endpoint lags, or the chain stands still. Nothing is lost; the node goes on when blocks come."),
        new(AlertCode.LedgerBehind, "ledger-behind", AlertSeverity.Warning, "The node has not yet read the newest blocks.", "After a start it catches up by itself; otherwise the endpoint is too slow or refuses log queries: see the log, take another endpoint."),
        new(AlertCode.ClockBehind, "clock-behind", AlertSeverity.Critical, "This machine's clock is behind the chain's.", "Start time synchronisation (timedatectl set-ntp true)."),
        new(AlertCode.LogRefuses, "log-refuses", AlertSeverity.Critical, "The evidence log cannot store durably; new evidence is refused with code 120, everything else goes on.", "Free space or mend the disk; the log tries again by itself each second."),
        new(AlertCode.DiskLow, "disk-low", AlertSeverity.Warning, "Less than health.minFreeBytes are free.", "Free space or move the node's folder to a larger disk (turnpike backup, turnpike restore)."),
        new(AlertCode.DiskFull, "disk-full", AlertSeverity.Critical, "Less than a quarter of health.minFreeBytes is free.", "Free space now; evidence is refused when nothing is left."),
        new(AlertCode.EpochLate, "epoch-late", AlertSeverity.Critical, "More than health.maxEpochLag epochs have passed their whole course and are not settled.", "Look at the other alerts of the oracles: fewer than f + 1 of them compute the same. If it stays so, governance may declare the epoch empty; its evidence rolls forward."),
        new(AlertCode.QuorumLost, "quorum-lost", AlertSeverity.Critical, "Fewer than f + 1 oracles answer, so nothing is certified or settled.", "Call the operators of the silent oracles; check this machine's own connection first."),
        new(AlertCode.OracleSilent, "oracle-silent", AlertSeverity.Warning, "An oracle does not answer at the URL that the chain names.", "Call its operator. f oracles may be away; settlement goes on without them."),
        new(AlertCode.GasLow, "gas-low", AlertSeverity.Warning, "An account has gas money for fewer than health.minSettlements settlements.", "Send it money; the address is the alert's subject."),
        new(AlertCode.PriceStale, "price-stale", AlertSeverity.Warning, "The price is older than credits accept: nobody can buy credits. Emission goes on.", "Fewer than 2f + 1 oracles observe a price: see their logs and their price source."),
        new(AlertCode.MirrorBehind, "mirror-behind", AlertSeverity.Warning, "Sealed segments wait to be copied to the object store.", "Check the store's address, key and quota. Nothing is deleted before it is mirrored."),
        new(AlertCode.NotConfigured, "not-configured", AlertSeverity.Critical, "A key of this node is neither a registered gateway's nor in the oracle configuration of the present epoch.", "Register it (turnpike oracles set, turnpike gateway add), or name the right key in roles."),
        new(AlertCode.UrlDiffers, "url-differs", AlertSeverity.Warning, "The chain names another URL for this node than network.json.", "Correct node in network.json, or register the new URL; peers use the chain's."),
        new(AlertCode.AbstainsAfterRestore, "abstains-after-restore", AlertSeverity.Notice, "The node was restored from a backup: it signs no report of an epoch that it may have signed before.", "Nothing: it signs again from the epoch that the alert names."),
        new(AlertCode.LoopFails, "loop-fails", AlertSeverity.Warning, "A part of the node failed several times in a row; it goes on trying.", "The alert's text says why; where it names no outside cause, report it with the log."),
        new(AlertCode.RulesUnknown, "rules-unknown", AlertSeverity.Critical, "The chain names rules that this program with its parameters.txt does not have.", "Install the version that governance announced, and its parameters.txt; until then the oracle signs nothing."),
        new(AlertCode.OraclesDisagree, "oracles-disagree", AlertSeverity.Critical, "An epoch is settled with another outcome than this oracle computed.", "Run turnpike audit: if it finds the published outcome wrong, tell the guardian, who can veto a pending report; if it agrees, this machine's files or memory are damaged."),
        new(AlertCode.CheckFails, "check-fails", AlertSeverity.Warning, "A check could not be made.", "The alert's text says why."),
        new(AlertCode.NotCertified, "not-certified", AlertSeverity.Warning, "The gateway's evidence of the last epoch is not certified, and its commit window is open.", "Oracles must reach the gateway's URL and fetch its segments. What misses the window is listed again in the next epoch."),
        new(AlertCode.OracleDiffers, "oracle-differs", AlertSeverity.Warning, "An oracle signed another report than the settled one, from the same inputs: an error or a lie.", "turnpike epoch show gives the proof. Tell its operator and governance; f such oracles bend nothing."),
        new(AlertCode.PublicationUncertain, "publication-uncertain", AlertSeverity.Notice, "The answer to a publication was lost; the identical bytes are published again.", "Nothing."),
        new(AlertCode.TransactionDropped, "transaction-dropped", AlertSeverity.Notice, "The pool lost a transaction; it was published again.", "Nothing; if it repeats, take another endpoint."),
        new(AlertCode.FeesRaised, "fees-raised", AlertSeverity.Notice, "A transaction waited too long; one with higher fees took its place.", "Nothing; if it repeats, the chain is busy."),
        new(AlertCode.FeeCapReached, "fee-cap-reached", AlertSeverity.Warning, "A transaction waits and its fees may not be raised further.", "Wait for lower fees, or raise the cap."),
        new(AlertCode.InsufficientFunds, "insufficient-funds", AlertSeverity.Warning, "An account cannot pay for a transaction that is signed already.", "Send the account money; the transaction follows by itself. Meanwhile other oracles settle."),
        new(AlertCode.NonceGapFilled, "nonce-gap-filled", AlertSeverity.Notice, "A nonce belonged to nobody; an empty transfer fills it.", "Nothing; if it repeats, another program uses the key."),
        new(AlertCode.ForeignTransaction, "foreign-transaction", AlertSeverity.Warning, "A transaction that this node did not make used the account's nonce.", "Find the other program; an account belongs to one node only. If there is none, the key is stolen: replace it."),
        new(AlertCode.TransactionReorganised, "transaction-reorganised", AlertSeverity.Notice, "A mined transaction disappeared in a reorganisation and is watched again.", "Nothing; if it repeats, raise chain.confirmations."),
        new(AlertCode.TransactionRefused, "transaction-refused", AlertSeverity.Warning, "The chain refuses a signed transaction; it is published again until that passes.", "The alert's text says why."),
        new(AlertCode.EndpointTrouble, "endpoint-trouble", AlertSeverity.Warning, "The endpoint fails while a transaction waits.", "Name a second endpoint in chain.rpc."),
        new(AlertCode.FundsLow, "funds-low", AlertSeverity.Warning, "An account holds too little for the epochs to come; others submit in its stead.", "Send the account money; the alert's text says how many epochs are left."),
        new(AlertCode.SignerUnavailable, "signer-unavailable", AlertSeverity.Warning, "An account's key cannot sign now: its file, password or external signer.", "The alert's text says why. Evidence is taken and served meanwhile; signing is tried again by itself."),
        new(AlertCode.EndpointFails, "endpoint-fails", AlertSeverity.Warning, "An endpoint of the chain fails; the others are asked for a while.", "Check the provider; it is tried again by itself."),
        new(AlertCode.EndpointLags, "endpoint-lags", AlertSeverity.Warning, "An endpoint is far behind the others and is not asked what is final.", "Check the provider; it is asked again when it has caught up."),
        new(AlertCode.EndpointsDisagree, "endpoints-disagree", AlertSeverity.Critical, "Two endpoints state different things about a final block: nothing is signed until they agree.", "Compare both with a third source and take the wrong one out of chain.rpc."),
        new(AlertCode.WrongChain, "wrong-chain", AlertSeverity.Critical, "An endpoint speaks for another chain; it is asked nothing more.", "Correct chain.rpc."),
        new(AlertCode.NoFinalizedTag, "no-finalized-tag", AlertSeverity.Notice, "An endpoint does not know the finalized tag; a number of confirmations stands for it.", "Nothing, if the chain has no finality; else take another provider."),
        new(AlertCode.FinalityBroken, "finality-broken", AlertSeverity.Critical, "A block that was final is not on the chain any more.", "Compare the endpoints with a third source; if the chain itself broke finality, tell governance before anything more is settled."),
    ];

    /// <summary>What is over when an account can pay and sign again.</summary>
    public static IReadOnlyList<AlertCode> MendedFunds { get; } = [AlertCode.FeeCapReached, AlertCode.InsufficientFunds, AlertCode.FundsLow, AlertCode.SignerUnavailable];

    /// <summary>What is over when an endpoint serves again.</summary>
    public static IReadOnlyList<AlertCode> MendedEndpoint { get; } = [AlertCode.EndpointFails, AlertCode.EndpointLags, AlertCode.EndpointsDisagree, AlertCode.WrongChain];

    private static readonly Dictionary<AlertCode, AlertDescription> ByCode = All.ToDictionary(described => described.Code);

    /// <summary>What is said of a code.</summary>
    public static AlertDescription Describe(AlertCode code) => ByCode[code];

    /// <summary>The code under which a transaction sender's alert is shown.</summary>
    public static AlertCode Of(SenderAlertCode code) => (AlertCode)(SenderBase + (int)code);

    /// <summary>The code under which an endpoint's alert is shown.</summary>
    public static AlertCode Of(EndpointAlertCode code) => (AlertCode)(EndpointBase + (int)code);
}
