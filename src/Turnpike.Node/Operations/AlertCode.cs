namespace Turnpike.Node.Operations;

/// <summary>What an operator is told of. Numbers are stable, never reused, and metric labels; docs/operations.md lists them with what to do.</summary>
public enum AlertCode : ushort
{
    /// <summary>No endpoint of the chain answers.</summary>
    ChainUnreachable = 501,

    /// <summary>The newest block is old.</summary>
    ChainStalled = 502,

    /// <summary>The node's ledger is behind the head.</summary>
    LedgerBehind = 503,

    /// <summary>This machine's clock is behind the chain's.</summary>
    ClockBehind = 504,

    /// <summary>The evidence log refuses.</summary>
    LogRefuses = 505,

    /// <summary>The disk is nearly full.</summary>
    DiskLow = 506,

    /// <summary>The disk is so full that the node stops taking work.</summary>
    DiskFull = 507,

    /// <summary>Epochs are due and not settled.</summary>
    EpochLate = 508,

    /// <summary>Fewer than f + 1 oracles answer.</summary>
    QuorumLost = 509,

    /// <summary>One oracle does not answer.</summary>
    OracleSilent = 510,

    /// <summary>An account's gas money runs out.</summary>
    GasLow = 511,

    /// <summary>The price is so old that credits are not sold.</summary>
    PriceStale = 512,

    /// <summary>Sealed segments wait for their mirror.</summary>
    MirrorBehind = 513,

    /// <summary>A key of this node has no part in the network's configuration.</summary>
    NotConfigured = 514,

    /// <summary>The chain names another URL for this node.</summary>
    UrlDiffers = 515,

    /// <summary>The node was restored from a backup and signs nothing for epochs that it may have signed before.</summary>
    AbstainsAfterRestore = 516,

    /// <summary>A part of the node fails again and again.</summary>
    LoopFails = 517,

    /// <summary>The network's rules are not those of this program.</summary>
    RulesUnknown = 518,

    /// <summary>An oracle and the quorum disagree about an epoch.</summary>
    OraclesDisagree = 519,

    /// <summary>A check itself could not be made.</summary>
    CheckFails = 520,

    /// <summary>A gateway's evidence of the epoch is not certified.</summary>
    NotCertified = 521,

    /// <summary>An oracle signed another report than the settled one.</summary>
    OracleDiffers = 522,

    /// <summary>The answer to a publication was lost.</summary>
    PublicationUncertain = 541,

    /// <summary>The pool lost a transaction.</summary>
    TransactionDropped = 542,

    /// <summary>A transaction waited too long; its fees were raised.</summary>
    FeesRaised = 543,

    /// <summary>A transaction waits and its fees reached the cap.</summary>
    FeeCapReached = 544,

    /// <summary>An account cannot pay for a signed transaction.</summary>
    InsufficientFunds = 545,

    /// <summary>A nonce gap was filled.</summary>
    NonceGapFilled = 546,

    /// <summary>Another program uses the account's key.</summary>
    ForeignTransaction = 547,

    /// <summary>A mined transaction disappeared in a reorganisation.</summary>
    TransactionReorganised = 548,

    /// <summary>The chain refuses a signed transaction.</summary>
    TransactionRefused = 549,

    /// <summary>The endpoint fails while a transaction waits.</summary>
    EndpointTrouble = 550,

    /// <summary>An account holds too little for the epochs to come.</summary>
    FundsLow = 551,

    /// <summary>An account's key cannot sign now.</summary>
    SignerUnavailable = 552,

    /// <summary>An endpoint of the chain fails.</summary>
    EndpointFails = 561,

    /// <summary>An endpoint is far behind the others.</summary>
    EndpointLags = 562,

    /// <summary>Two endpoints state different things about a final block.</summary>
    EndpointsDisagree = 563,

    /// <summary>An endpoint speaks for another chain.</summary>
    WrongChain = 564,

    /// <summary>An endpoint does not know what is final.</summary>
    NoFinalizedTag = 565,

    /// <summary>A block that was final is gone.</summary>
    FinalityBroken = 567,
}

/// <summary>How bad an alert is.</summary>
public enum AlertSeverity
{
    /// <summary>Mended by itself; good to know.</summary>
    Notice = 1,

    /// <summary>Somebody should look today.</summary>
    Warning = 2,

    /// <summary>The node cannot do its work: /health/ready answers 503.</summary>
    Critical = 3,
}
