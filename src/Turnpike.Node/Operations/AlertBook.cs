namespace Turnpike.Node.Operations;

/// <summary>One open alert.</summary>
/// <param name="Code">Which.</param>
/// <param name="Subject">What it is about: an account, a URL, a part of the node; empty for the node itself.</param>
/// <param name="Text">What is the matter, with figures.</param>
/// <param name="Since">When it was raised.</param>
/// <param name="LastSeen">When it was last confirmed.</param>
/// <param name="Times">How often.</param>
public sealed record Alert(AlertCode Code, string Subject, string Text, DateTimeOffset Since, DateTimeOffset LastSeen, int Times);

/// <summary>
/// The open alerts of a node. Those of a check stay until the check no longer finds them; those of an event (a transaction dropped) are forgotten an hour after they last happened.
/// At most <see cref="Capacity"/> are kept; beyond, the one longest unseen gives way. Thread-safe.
/// </summary>
public sealed class AlertBook(TimeProvider time)
{
    /// <summary>Most alerts open at once.</summary>
    public const int Capacity = 200;

    private const int MaxTextLength = 1000;
    private static readonly TimeSpan EventMemory = TimeSpan.FromHours(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<(AlertCode Code, string Subject), (Alert Alert, string? Check)> _open = [];

    /// <summary>Open alerts, the worst first, then the oldest.</summary>
    public IReadOnlyList<Alert> Open
    {
        get
        {
            lock (_lock)
            {
                ForgetEvents();
                return [.. _open.Values.Select(entry => entry.Alert).OrderByDescending(alert => AlertCodes.Describe(alert.Code).Severity).ThenBy(alert => alert.Since).ThenBy(alert => alert.Code).ThenBy(alert => alert.Subject, StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>Notes something that happened.</summary>
    public void Happened(AlertCode code, string subject, string text)
    {
        lock (_lock) Put(code, subject, text, check: null);
    }

    /// <summary>Ends an alert that an event raised, because its cause is gone.</summary>
    public void Over(AlertCode code, string subject)
    {
        lock (_lock) _open.Remove((code, subject));
    }

    /// <summary>Replaces all that a check found before by what it finds now.</summary>
    public void Replace(string check, IReadOnlyList<Finding> findings)
    {
        lock (_lock)
        {
            var gone = _open.Where(entry => entry.Value.Check == check && findings.All(finding => (finding.Code, finding.Subject) != entry.Key)).Select(entry => entry.Key).ToList();
            foreach (var key in gone) _open.Remove(key);
            foreach (var finding in findings) Put(finding.Code, finding.Subject, finding.Text, check);
        }
    }

    private void Put(AlertCode code, string subject, string text, string? check)
    {
        var now = time.GetUtcNow();
        if (text.Length > MaxTextLength) text = text[..MaxTextLength] + "...";
        if (_open.TryGetValue((code, subject), out var known))
        {
            _open[(code, subject)] = (known.Alert with { Text = text, LastSeen = now, Times = known.Alert.Times + 1 }, check);
            return;
        }
        if (_open.Count >= Capacity) _open.Remove(_open.MinBy(entry => entry.Value.Alert.LastSeen).Key);
        _open[(code, subject)] = (new Alert(code, subject, text, now, now, 1), check);
    }

    private void ForgetEvents()
    {
        var before = time.GetUtcNow() - EventMemory;
        foreach (var key in _open.Where(entry => entry.Value.Check is null && entry.Value.Alert.LastSeen < before).Select(entry => entry.Key).ToList()) _open.Remove(key);
    }
}
