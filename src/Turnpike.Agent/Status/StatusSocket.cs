using System.Net.Sockets;

namespace Turnpike.Agent.Status;

/// <summary>
/// A Unix socket in the agent's folder: whoever connects is sent the status and cut off. Who may enter the folder may ask; nothing is read. One question at a time.
/// </summary>
internal sealed class StatusSocket : IDisposable
{
    public const string FileName = "status.sock";

    // sun_path of Linux has 108 bytes with the final zero, of macOS 104.
    private const int MaxPathBytes = 103;
    private const int MaxStatusBytes = 1 << 20;
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(5);

    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly string _path;

    /// <summary>Listens in a folder whose lock the agent has.</summary>
    public StatusSocket(string folder)
    {
        _path = PathIn(folder);
        File.Delete(_path);
        _socket.Bind(new UnixDomainSocketEndPoint(_path));
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(_path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        _socket.Listen(4);
    }

    /// <summary>Answers until cancelled.</summary>
    public async Task RunAsync(Func<AgentStatus> status, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                using var asker = await _socket.AcceptAsync(cancellation);
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
                limit.CancelAfter(LongestAnswer);
                var answer = status().ToJson().AsMemory();
                while (answer.Length > 0) answer = answer[await asker.SendAsync(answer, limit.Token)..];
                asker.Shutdown(SocketShutdown.Both);
            }
            catch (Exception fault) when (fault is SocketException or OperationCanceledException)
            {
                // Who asked went away; the next one is served.
            }
        }
    }

    /// <summary>Asks the agent that runs in a folder; null when none does.</summary>
    /// <exception cref="AgentException">What answers is no agent of this version.</exception>
    public static async Task<AgentStatus?> AskAsync(string folder, CancellationToken cancellation)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(LongestAnswer);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(PathIn(folder)), limit.Token);
            var answer = new byte[MaxStatusBytes];
            var length = 0;
            for (int read; length < answer.Length && (read = await socket.ReceiveAsync(answer.AsMemory(length), limit.Token)) > 0;) length += read;
            return AgentStatus.FromJson(answer.AsSpan(0, length));
        }
        catch (SocketException)
        {
            return null;
        }
        catch (System.Text.Json.JsonException fault)
        {
            throw new AgentException($"The agent in {folder} answers something that this version cannot read: restart it after an update.", fault);
        }
    }

    public void Dispose()
    {
        _socket.Dispose();
        File.Delete(_path);
    }

    private static string PathIn(string folder)
    {
        var path = Path.Combine(Path.GetFullPath(folder), FileName);
        return System.Text.Encoding.UTF8.GetByteCount(path) <= MaxPathBytes ? path : throw new AgentException($"The path of the agent's folder is too long for a socket ({path}): at most {MaxPathBytes - FileName.Length - 1} bytes.");
    }
}
