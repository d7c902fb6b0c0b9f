using Turnpike.Core;

namespace Turnpike.Node.Oracle.Peers;

/// <summary>What a node answers to another whose request it does not fulfil. Numbers are stable and never reused; each is in the answer's problem document.</summary>
public static class PeerCodes
{
    /// <summary>The codes by number, for a <see cref="VerdictRegistry"/>.</summary>
    public static readonly VerdictModule Module = new("peers", 9000, 9099);

    /// <summary>Headers are missing or malformed.</summary>
    public static readonly VerdictCode NotSigned = Module.Declare(9001, "peer-not-signed", "Requests between nodes carry the headers Turnpike-Sender, -Time, -Nonce and -Signature.");

    /// <summary>Signed too long ago or in the future.</summary>
    public static readonly VerdictCode Stale = Module.Declare(9002, "peer-stale", "The request was signed too long ago, or in the future: set both clocks right.");

    /// <summary>Somebody else's signature, or of another request.</summary>
    public static readonly VerdictCode BadSignature = Module.Declare(9003, "peer-bad-signature", "The signature is not the sender's over this request to this node of this network.");

    /// <summary>Not an oracle of that epoch, or no registered gateway.</summary>
    public static readonly VerdictCode NotMember = Module.Declare(9004, "peer-not-member", "The chain does not name the sender for this: an oracle of the epoch's configuration, or a registered gateway.");

    /// <summary>The same request again.</summary>
    public static readonly VerdictCode Replayed = Module.Declare(9005, "peer-replayed", "This very request was answered before; sign a new one.");

    /// <summary>More requests than one sender may make.</summary>
    public static readonly VerdictCode TooFast = Module.Declare(9006, "peer-too-fast", "The sender asks faster than its allowance; ask again later.");

    /// <summary>The body is not what the path takes.</summary>
    public static readonly VerdictCode Malformed = Module.Declare(9007, "peer-malformed", "The body is not what this path takes.");

    /// <summary>A gateway asks for another's manifest.</summary>
    public static readonly VerdictCode OtherGateway = Module.Declare(9011, "certificate-other-gateway", "A gateway asks for certificates of its own manifests only.");

    /// <summary>The epoch has not ended, or its commit window is over.</summary>
    public static readonly VerdictCode OutsideWindow = Module.Declare(9012, "certificate-outside-window", "Manifests are certified between the epoch's end and the end of its grace; the next epoch's manifest lists the segments again.");

    /// <summary>More bytes than one gateway may commit in one epoch.</summary>
    public static readonly VerdictCode OverQuota = Module.Declare(9013, "certificate-over-quota", "The manifest lists more bytes than this oracle holds for one gateway and epoch.");

    /// <summary>Another manifest of that gateway and epoch was taken before.</summary>
    public static readonly VerdictCode SecondManifest = Module.Declare(9014, "certificate-second-manifest", "This oracle took another manifest of that gateway for that epoch; there is one an epoch.");

    /// <summary>Bytes are missing or altered.</summary>
    public static readonly VerdictCode NotHeld = Module.Declare(9015, "certificate-not-held", "Not every byte could be fetched from the gateway and proved; the detail says which.");

    /// <summary>Not an epoch whose report may be talked about now.</summary>
    public static readonly VerdictCode NoRound = Module.Declare(9021, "round-not-open", "No report of this epoch and attempt is due, or it is long over.");

    /// <summary>Not the round that the feed takes next.</summary>
    public static readonly VerdictCode OtherPriceRound = Module.Declare(9031, "price-other-round", "The feed does not take this round next.");
}
