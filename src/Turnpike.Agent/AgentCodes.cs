using Turnpike.Core;
using Turnpike.Networks.Wireless.Protocol.Gwmp;

namespace Turnpike.Agent;

/// <summary>What an agent counts as gone wrong. Numbers are stable and never reused; each says what the operator does about it.</summary>
public static class AgentCodes
{
    /// <summary>The codes by number, for a <see cref="VerdictRegistry"/>.</summary>
    public static readonly VerdictModule Module = new("agent", 9200, 9299);

    /// <summary>A datagram too short to be of the protocol.</summary>
    public static readonly VerdictCode DatagramTooShort = Module.Declare(9201, "datagram-too-short", "A datagram is shorter than the header of Semtech's UDP protocol: something else than a packet forwarder sends to the agent's port.");

    /// <summary>A datagram too long.</summary>
    public static readonly VerdictCode DatagramTooLong = Module.Declare(9202, "datagram-too-long", "A datagram is longer than 16 KiB: no packet forwarder sends such; look what else sends to the agent's port.");

    /// <summary>Another version of the protocol.</summary>
    public static readonly VerdictCode UnknownVersion = Module.Declare(9203, "datagram-unknown-version", "A datagram is of another version than 1 or 2 of Semtech's UDP protocol.");

    /// <summary>A type that forwarders do not send.</summary>
    public static readonly VerdictCode UnknownType = Module.Declare(9204, "datagram-unknown-type", "A datagram is of a type that packet forwarders do not send: a server may be pointed at the agent.");

    /// <summary>JSON that is none.</summary>
    public static readonly VerdictCode BadJson = Module.Declare(9205, "datagram-bad-json", "The JSON of a datagram cannot be read: update the packet forwarder.");

    /// <summary>A frame with an absurd field.</summary>
    public static readonly VerdictCode UnreadableFrame = Module.Declare(9206, "frame-unreadable", "A frame in a forwarder's JSON has a field that is missing or out of all bounds; the others of the datagram were taken. Update the packet forwarder.");

    /// <summary>A frame whose check sum is wrong.</summary>
    public static readonly VerdictCode BadCrc = Module.Declare(9207, "frame-bad-crc", "The radio's check sum of a frame is wrong, which is usual for far devices and noise; set forward_crc_error to false to spare the line.");

    /// <summary>A frame without a check sum.</summary>
    public static readonly VerdictCode NoCrc = Module.Declare(9208, "frame-no-crc", "A frame has no check sum, so it is no device's uplink; usually another gateway's downlink.");

    /// <summary>A frame that came before.</summary>
    public static readonly VerdictCode Repeated = Module.Declare(9209, "frame-repeated", "The forwarder sent the same reception twice; one was taken.");

    /// <summary>Too many forwarders.</summary>
    public static readonly VerdictCode TooManyForwarders = Module.Declare(9210, "too-many-forwarders", "More packet forwarders than the agent serves: run another agent, or look who sends under changing gateway ids.");

    /// <summary>Not from this machine.</summary>
    public static readonly VerdictCode NotLocal = Module.Declare(9211, "not-local", "A datagram came from another machine. The protocol has no authentication: run the agent on the gateway, or say listen.network: true where the network between them is yours alone.");

    /// <summary>No room in the spool.</summary>
    public static readonly VerdictCode SpoolFull = Module.Declare(9220, "spool-full", "The spool is full of frames that no node took, and the newest frames are refused: bring the line to the node up, or raise spool.mebibytes.");

    /// <summary>The disk fails.</summary>
    public static readonly VerdictCode SpoolFails = Module.Declare(9221, "spool-fails", "The spool cannot be written: look at the disk; the frames heard meanwhile are lost.");

    /// <summary>Bytes of the spool are damaged.</summary>
    public static readonly VerdictCode SpoolDamaged = Module.Declare(9222, "spool-damaged", "Part of the spool could not be read after a start, as after a power cut; the frames in it are lost, the others were sent. Happens again: change the disk or SD card.");

    /// <summary>The node cannot be reached.</summary>
    public static readonly VerdictCode NodeUnreachable = Module.Declare(9230, "node-unreachable", "The node does not answer: look at this machine's line and name server, and whether the node runs. Frames wait in the spool.");

    /// <summary>The node's certificate is not believed.</summary>
    public static readonly VerdictCode NodeUntrusted = Module.Declare(9231, "node-untrusted", "The node's certificate is not valid here: set this machine's clock, or name the authority's file with caFile if the node has a private one.");

    /// <summary>The node speaks something else.</summary>
    public static readonly VerdictCode NodeProtocol = Module.Declare(9232, "node-protocol", "What answers at the node's URL is no node with a router, or of a version that does not fit.");

    /// <summary>The clocks differ.</summary>
    public static readonly VerdictCode ClockWrong = Module.Declare(9233, "clock-wrong", "This machine's clock differs from the node's by more than ten seconds: set it by NTP; receptions carry wrong times.");

    /// <summary>A frame to send came after both windows.</summary>
    public static readonly VerdictCode DownlinkTooLate = Module.Declare(9240, "downlink-too-late", "A frame to send came when both receive windows were over or too near: look at the round trip to the node; under 700 ms is needed for windows of one second.");

    /// <summary>No forwarder to send it.</summary>
    public static readonly VerdictCode NoForwarder = Module.Declare(9241, "downlink-no-forwarder", "There was a frame to send, and no packet forwarder that asked for frames (PULL_DATA) within the last minute: look at serv_port_down of the forwarder.");

    /// <summary>The forwarder did not say.</summary>
    public static readonly VerdictCode DownlinkUnanswered = Module.Declare(9242, "downlink-unanswered", "The forwarder did not say what became of a frame to send (TX_ACK), though its protocol's version has it.");

    /// <summary>The forwarder refused.</summary>
    public static readonly VerdictCode DownlinkRefused = Module.Declare(9243, "downlink-refused", "The forwarder refused a frame to send in both windows: look at its log; often a transmit frequency or power that its configuration does not allow.");

    /// <summary>No forwarder is heard.</summary>
    public static readonly VerdictCode ForwarderSilent = Module.Declare(9244, "forwarder-silent", "No packet forwarder was heard for more than two minutes: look whether it runs and has server_address localhost and the agent's port.");

    /// <summary>No gateway takes reports.</summary>
    public static readonly VerdictCode ReportsWait = Module.Declare(9250, "reports-wait", "Usage reports wait in the spool because no gateway gives a receipt for them: look at reports.gateways.");

    /// <summary>A gateway refused a report.</summary>
    public static readonly VerdictCode ReportRefused = Module.Declare(9251, "report-refused", "Every gateway refused a usage report for what it is; its code is in the detail.");

    /// <summary>The code of a datagram's problem.</summary>
    public static VerdictCode Of(GwmpProblem problem) => problem switch
    {
        GwmpProblem.TooShort => DatagramTooShort,
        GwmpProblem.TooLong => DatagramTooLong,
        GwmpProblem.UnknownVersion => UnknownVersion,
        GwmpProblem.UnknownType => UnknownType,
        _ => BadJson,
    };
}
