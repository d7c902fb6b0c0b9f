using Turnpike.Agent;

namespace Turnpike.Cli.Agents;

/// <summary>What of an agent's state changes, a line each: what an operator would care about tomorrow, and nothing per frame.</summary>
internal static class AgentJournal
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Writes until cancelled, or until the agent ended.</summary>
    public static async Task WriteAsync(AgentHost agent, CancellationToken cancellation)
    {
        var state = "";
        var problems = new HashSet<ushort>();
        while (!cancellation.IsCancellationRequested && !agent.Completion.IsCompleted)
        {
            var status = agent.Status();
            if (status.Leg.State != state) await Console.Error.WriteLineAsync($"{(state = status.Leg.State)}: {status.Leg.Node}");
            foreach (var problem in status.Problems.Where(problem => !problems.Contains(problem.Code))) await Console.Error.WriteLineAsync($"{problem.Code} {problem.Name}: {problem.Detail}. {problem.Advice}");
            foreach (var code in problems.Where(code => status.Problems.All(problem => problem.Code != code))) await Console.Error.WriteLineAsync($"{code} is over");
            problems = [.. status.Problems.Select(problem => problem.Code)];
            await Task.WhenAny(agent.Completion, Task.Delay(Pause, cancellation));
        }
        if (agent.Completion.IsFaulted) await agent.Completion;
    }
}
