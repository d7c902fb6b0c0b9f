using System.Net;
using System.Net.Sockets;

namespace Turnpike.Agent.Tests;

/// <summary>Passes TCP on to a node and cuts: every connection at once, or each after so many bytes from the agent.</summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _closing = new();
    private readonly List<TcpClient> _open = [];
    private readonly Task _serving;
    private readonly int _node;

    public CuttingProxy(int node)
    {
        _node = node;
        _listener.Start();
        Url = new Uri($"http://{_listener.LocalEndpoint}");
        _serving = ServeAsync();
    }

    public Uri Url { get; }

    /// <summary>Connections so far.</summary>
    public int Connections { get; private set; }

    /// <summary>Bytes of the agent after which a connection is cut; 0 is never.</summary>
    public int CutAfter { get; set; }

    /// <summary>Whether connections are refused.</summary>
    public bool IsDown { get; set; }

    public void Cut()
    {
        lock (_open)
        {
            // A reset, as a line that breaks: what is under way is gone.
            foreach (var client in _open) client.Client.Close(0);
            _open.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        Cut();
        await _serving;
        _listener.Dispose();
        _closing.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var agent = await _listener.AcceptTcpClientAsync(_closing.Token);
                if (IsDown) agent.Client.Close(0);
                else _ = CarryAsync(agent);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task CarryAsync(TcpClient agent)
    {
        Connections++;
        var node = new TcpClient();
        try
        {
            await node.ConnectAsync(IPAddress.Loopback, _node, _closing.Token);
            lock (_open) _open.AddRange([agent, node]);
            await Task.WhenAny(CopyAsync(agent, node, CutAfter), CopyAsync(node, agent, 0));
        }
        catch (SocketException)
        {
            // The node is down.
        }
        finally
        {
            agent.Client.Close(0);
            node.Client.Close(0);
        }
    }

    private async Task CopyAsync(TcpClient from, TcpClient to, int limit)
    {
        var buffer = new byte[4096];
        try
        {
            var carried = 0;
            for (int read; (read = await from.GetStream().ReadAsync(buffer, _closing.Token)) > 0;)
            {
                if (limit > 0 && carried + read > limit)
                {
                    await to.GetStream().WriteAsync(buffer.AsMemory(0, limit - carried), _closing.Token);
                    return;
                }
                carried += read;
                await to.GetStream().WriteAsync(buffer.AsMemory(0, read), _closing.Token);
            }
        }
        catch (Exception fault) when (fault is IOException or SocketException or ObjectDisposedException or OperationCanceledException or InvalidOperationException)
        {
            // Cut.
        }
    }
}
