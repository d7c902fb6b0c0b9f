namespace Turnpike.Node.Operations;

/// <summary>Something that a check found wrong.</summary>
/// <param name="Code">Which; its severity decides whether the node is still ready.</param>
/// <param name="Subject">What it is about; empty for the node itself.</param>
/// <param name="Text">What is the matter, with figures.</param>
public sealed record Finding(AlertCode Code, string Subject, string Text);

/// <summary>What a check saw.</summary>
/// <param name="Text">The state in a sentence, also when all is well.</param>
/// <param name="Findings">What is wrong; empty when all is well.</param>
public sealed record CheckResult(string Text, params IReadOnlyList<Finding> Findings);

/// <summary>One thing that must be so for the node to do its work. Made by the node every few seconds; a check changes nothing.</summary>
public interface INodeCheck
{
    /// <summary>Stable name; metric label.</summary>
    string Name { get; }

    /// <summary>Looks.</summary>
    Task<CheckResult> RunAsync(CancellationToken cancellation);
}
