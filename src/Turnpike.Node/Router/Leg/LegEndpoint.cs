using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Turnpike.Core;
using Turnpike.Networks.Wireless.Protocol.Leg;
using Turnpike.Networks.Wireless.Service;
using Turnpike.Node.Api;
using Turnpike.Node.Epochs;

namespace Turnpike.Node.Router.Leg;

/// <summary>Where agents connect: GET /v1/leg, upgraded to a WebSocket.</summary>
public static class LegEndpoint
{
    /// <summary>Adds the hub, also as <see cref="IRadioLeg"/>. The <see cref="IFrameSink"/> is the router's to add.</summary>
    public static IServiceCollection AddLeg(this IServiceCollection services, NodeContext node) =>
        services.AddSingleton(provider => new LegHub(ServicesOf(node, provider))).AddSingleton<IRadioLeg>(provider => provider.GetRequiredService<LegHub>());

    /// <summary>Maps the endpoint, unless nobody takes frames here.</summary>
    public static void Map(WebApplication app)
    {
        if (!app.Services.GetRequiredService<IServiceProviderIsService>().IsService(typeof(IFrameSink))) return;
        app.UseWebSockets();
        app.MapGet("/" + LegStatement.Path, ServeAsync).DisableRequestTimeout().ExcludeFromDescription();
        var hub = app.Services.GetRequiredService<LegHub>();
        app.Lifetime.ApplicationStopping.Register(hub.Stop);
    }

    private static async Task ServeAsync(HttpContext http, [FromServices] LegHub hub)
    {
        if (!http.WebSockets.IsWebSocketRequest || !http.WebSockets.WebSocketRequestedProtocols.Contains(LegStatement.Protocol))
        {
            await Problems.BadRequest($"Agents connect here by WebSocket with the subprotocol {LegStatement.Protocol}; turnpike agent run does.").ExecuteAsync(http);
            return;
        }
        // The agent pings by a message of its own, which also measures the line; one by the protocol would be second.
        using var socket = await http.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { SubProtocol = LegStatement.Protocol, KeepAliveInterval = Timeout.InfiniteTimeSpan });
        await hub.ServeAsync(socket, http.RequestAborted);
    }

    private static LegServices ServicesOf(NodeContext node, IServiceProvider provider) => new(provider.GetRequiredService<IFrameSink>)
    {
        Options = node.Options.Leg,
        Network = node.Deployment.NetworkId,
        Urls = UrlsOf(node),
        Registry = id => Find(node, id),
        Metrics = node.Meters.Leg,
        Time = node.Time,
        Logger = provider.GetRequiredService<ILogger<LegHub>>(),
    };

    private static HashSet<string> UrlsOf(NodeContext node) =>
        [.. node.Options.Leg.Urls.Select(url => new Uri(url)).Append(node.Network.Node).Append(node.Options.Listen.Url ?? node.Network.Node).Select(LegStatement.UrlOf)];

    private static LegDevice? Find(NodeContext node, DeviceId id) => node.History.Read(state =>
        state.Devices.TryGetValue(id, out var device) && device.KeyType != 0 ? new LegDevice(SnapshotDirectory.ToKey(device), device.Kind) : null);
}
