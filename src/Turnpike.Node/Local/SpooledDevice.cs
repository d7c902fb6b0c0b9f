using Turnpike.Evidence;
using Turnpike.Networks.Wireless.Evidence;

namespace Turnpike.Node.Local;

/// <summary>A virtual device as a careful one behaves: each report is in its spool before it is sent, and stays there until a certified commit on chain lists it. One caller at a time.</summary>
public sealed class SpooledDevice : IDisposable
{
    private readonly VirtualDevice _device;
    private readonly EvidenceSpool _spool;
    private readonly SpoolSender _sender;

    private SpooledDevice(VirtualDevice device, EvidenceSpool spool, SpoolSender sender) => (_device, _spool, _sender) = (device, spool, sender);

    /// <summary>What it keeps.</summary>
    public IReadOnlyList<SpooledPiece> Pieces => _spool.Pieces;

    /// <summary>A device with its spool in a folder, which it locks, and the gateways in the order in which it tries them.</summary>
    public static SpooledDevice Open(VirtualDevice device, string folder, NodeContext node, IReadOnlyList<IGatewayDoor> doors, SpoolSenderOptions options)
    {
        var spool = EvidenceSpool.Open(folder, node.Deployment.NetworkId, new SpoolOptions());
        return new SpooledDevice(device, spool, new SpoolSender(spool, doors, node.History.Read(state => state.Clock), options, node.Time));
    }

    /// <summary>The network's gateways over HTTP, as the chain names them.</summary>
    public static IReadOnlyList<IGatewayDoor> DoorsOf(NodeContext node) =>
        node.History.Read(state => state.GatewayUrls.OrderBy(gateway => gateway.Key).Select(gateway => (IGatewayDoor)new HttpGatewayDoor(new Uri(gateway.Value), gateway.Key, node.Deployment.NetworkId, node.Http)).ToList());

    /// <summary>Signs reports, keeps them and hands them in; whether a gateway has given its receipt. False leaves them in the spool, for the next step, unless the spool is full.</summary>
    public async Task<bool> ReportAsync(IReadOnlyList<PacketReport> reports, CancellationToken cancellation)
    {
        if (!_spool.TryAdd(_device.Sign(reports))) return false;
        var number = _spool.Pieces[^1].Number;
        await _sender.SendAsync(number, cancellation);
        return _spool.Pieces.Any(piece => piece.Number == number && piece.Receipts.Count > 0);
    }

    /// <summary>Does what is due for what it keeps; how many pieces are left.</summary>
    public Task<int> StepAsync(CancellationToken cancellation) => _sender.StepAsync(cancellation);

    /// <summary>Lets go of the folder; the pieces stay.</summary>
    public void Dispose() => _spool.Dispose();
}
