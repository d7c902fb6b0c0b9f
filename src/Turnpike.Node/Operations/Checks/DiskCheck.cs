using Turnpike.Evidence;
using Turnpike.Node.Settings;

namespace Turnpike.Node.Operations;

/// <summary>There is room for what will come.</summary>
internal sealed class DiskCheck(string folder, HealthOptions options, Func<string, long>? freeBytes = null) : INodeCheck
{
    private const int CriticalPart = 4;

    private readonly Func<string, long> _freeBytes = freeBytes ?? (path => new DriveInfo(path).AvailableFreeSpace);

    public string Name => "disk";

    public Task<CheckResult> RunAsync(CancellationToken cancellation)
    {
        var free = _freeBytes(folder);
        var text = FormattableString.Invariant($"{free / 1e9:0.0} GB free");
        Finding Of(AlertCode code) => new(code, "", FormattableString.Invariant($"{free / 1e9:0.00} GB are free for {folder}."));
        return Task.FromResult(free < options.MinFreeBytes / CriticalPart ? new CheckResult(text, Of(AlertCode.DiskFull)) : free < options.MinFreeBytes ? new CheckResult(text, Of(AlertCode.DiskLow)) : new CheckResult(text));
    }
}

/// <summary>The evidence log takes evidence.</summary>
internal sealed class LogCheck(EvidenceLog log) : INodeCheck
{
    public string Name => "log";

    public Task<CheckResult> RunAsync(CancellationToken cancellation) => Task.FromResult(log.Failure is { } failure
        ? new CheckResult("refuses evidence", new Finding(AlertCode.LogRefuses, "", failure.Message))
        : new CheckResult("takes evidence"));
}
