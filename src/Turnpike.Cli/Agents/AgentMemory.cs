namespace Turnpike.Cli.Agents;

/// <summary>An agent lives on small machines: its heap has a hard limit, so that resident memory stays under 80 MiB; docs/agent.md says what was measured.</summary>
internal static class AgentMemory
{
    private const ulong HeapBytes = 32 << 20;

    /// <summary>Bounds the heap of this process, unless whoever started it did.</summary>
    public static void Bound()
    {
        if (Environment.GetEnvironmentVariable("DOTNET_GCHeapHardLimit") is not null) return;
        AppContext.SetData("GCHeapHardLimit", HeapBytes);
        GC.RefreshMemoryLimit();
    }
}
