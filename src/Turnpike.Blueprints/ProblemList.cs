using Turnpike.Blueprints.Yaml;

namespace Turnpike.Blueprints;

/// <summary>Collects what is wrong, each fault once: the local profile reads most of the file a second time.</summary>
internal sealed class ProblemList(string file)
{
    // A hostile file can be wrong in every node; nobody reads more than this.
    internal const int Maximum = 200;

    private readonly HashSet<BlueprintProblem> _seen = [];

    /// <summary>Faults reported so far, repeated and dropped ones included: unchanged means that nothing was wrong in between.</summary>
    internal int Reported { get; private set; }

    internal void Add(BlueprintFault fault, YamlNode node, string wrong, string right) =>
        Add(fault, node.Line, node.Column, node.Path, wrong, right);

    internal void Add(BlueprintFault fault, int line, int column, string path, string wrong, string right)
    {
        Reported++;
        if (_seen.Count < Maximum) _seen.Add(new BlueprintProblem(fault, file, line, column, path, wrong, right));
    }

    internal IReadOnlyList<BlueprintProblem> InFileOrder() =>
        [.. _seen.OrderBy(problem => problem.Line).ThenBy(problem => problem.Column).ThenBy(problem => problem.Path, StringComparer.Ordinal).ThenBy(problem => problem.Wrong, StringComparer.Ordinal)];
}
