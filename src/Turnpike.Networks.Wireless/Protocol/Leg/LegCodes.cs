using Turnpike.Core;

namespace Turnpike.Networks.Wireless.Protocol.Leg;

/// <summary>Why a node ends the private leg or does not take frames. Numbers are stable and never reused; each says what the operator does about it.</summary>
public static class LegCodes
{
    /// <summary>The codes by number, for a <see cref="VerdictRegistry"/>.</summary>
    public static readonly VerdictModule Module = new("leg", 9100, 9149);

    /// <summary>Bytes that are no message of the leg.</summary>
    public static readonly VerdictCode Malformed = Module.Declare(9101, "leg-malformed", "The bytes are no message of the private leg: agent and node are of versions that do not fit, or something between changes what it passes on.");

    /// <summary>No proof within the time for it.</summary>
    public static readonly VerdictCode Silent = Module.Declare(9102, "leg-silent", "Nothing was heard for too long, or the challenge was not answered in time: look at the line between agent and node.");

    /// <summary>Somebody else's signature, of another challenge, or for another network.</summary>
    public static readonly VerdictCode BadProof = Module.Declare(9103, "leg-bad-proof", "The signature is not the device's over this challenge, this network and this URL: enroll again if the agent was moved to another network.");

    /// <summary>The registry has no such device.</summary>
    public static readonly VerdictCode UnknownDevice = Module.Declare(9104, "leg-unknown-device", "The registry does not know the device: its owner registers it with the permit that 'turnpike agent enroll' wrote.");

    /// <summary>Registered as something else than a hotspot.</summary>
    public static readonly VerdictCode NotAHotspot = Module.Declare(9105, "leg-not-a-hotspot", "The device is registered as another kind than a hotspot: enroll a key of its own for the agent.");

    /// <summary>Suspended in the registry.</summary>
    public static readonly VerdictCode Suspended = Module.Declare(9106, "leg-suspended", "The registry shows the device as suspended: ask the network's governance why, and how to appeal.");

    /// <summary>Signed for another node's URL: somebody may be passing the challenge on.</summary>
    public static readonly VerdictCode OtherUrl = Module.Declare(9107, "leg-other-url", "The agent dialled a URL that is not this node's own: use the node's published URL, or have its operator add the name to leg.urls. If neither, somebody passes connections on.");

    /// <summary>The same device connected again.</summary>
    public static readonly VerdictCode Superseded = Module.Declare(9108, "leg-superseded", "The same device connected anew, and the newest connection counts. If it happens again and again, two agents run with one key: stop one.");

    /// <summary>A message beyond the limit.</summary>
    public static readonly VerdictCode TooLarge = Module.Declare(9109, "leg-too-large", "A message is larger than the leg allows.");

    /// <summary>More frames under way than were granted.</summary>
    public static readonly VerdictCode TooMuchInHand = Module.Declare(9110, "leg-too-much-in-hand", "The node has as many frames in hand as it takes; the agent keeps its own and sends them again.");

    /// <summary>More frames a second than were granted.</summary>
    public static readonly VerdictCode TooFast = Module.Declare(9111, "leg-too-fast", "The hotspot sends more frames a second than one device may; the agent keeps them and sends them later.");

    /// <summary>No room for another connection.</summary>
    public static readonly VerdictCode Full = Module.Declare(9112, "leg-full", "The node has as many connections as it takes: try later, or use another node.");

    /// <summary>The node is being stopped.</summary>
    public static readonly VerdictCode Stopping = Module.Declare(9113, "leg-stopping", "The node is being stopped; the agent connects again by itself.");

    /// <summary>What takes the frames cannot take them now.</summary>
    public static readonly VerdictCode NotTaken = Module.Declare(9114, "leg-not-taken", "The node's router cannot take frames now; the agent keeps them and sends them again.");

    /// <summary>The receiver does not read what it is sent.</summary>
    public static readonly VerdictCode NotReading = Module.Declare(9115, "leg-not-reading", "The agent does not read what the node sends: its line or its machine is overloaded.");
}
