using System.Runtime.ExceptionServices;

namespace Turnpike.Node.Epochs;

/// <summary>Independent work on all cores; the first fault is thrown as it was, so that callers catch what the work throws.</summary>
internal static class Cores
{
    public static void For(int count, Action<int> work)
    {
        try
        {
            Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, work);
        }
        catch (AggregateException faults)
        {
            ExceptionDispatchInfo.Throw(faults.InnerExceptions[0]);
        }
    }
}
