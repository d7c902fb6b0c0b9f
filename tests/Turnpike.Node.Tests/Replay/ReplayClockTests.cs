using System.Diagnostics;
using Turnpike.Node.Replay;

namespace Turnpike.Node.Tests.Replay;

public sealed class ReplayClockTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Clock_stands_still_until_it_is_moved()
    {
        var clock = new ReplayClock(1_000);
        Assert.Equal(1_000, clock.GetUtcNow().ToUnixTimeMilliseconds());
        clock.AdvanceTo(604_801_000);
        Assert.Equal(604_801_000, clock.GetUtcNow().ToUnixTimeMilliseconds());
    }

    [Fact]
    public void Clock_does_not_go_back()
    {
        var clock = new ReplayClock(1_000);
        clock.AdvanceTo(1_000);
        Assert.Throws<ArgumentOutOfRangeException>(() => clock.AdvanceTo(999));
    }

    [Fact]
    public async Task Pause_between_two_looks_is_cut_short()
    {
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < 5; i++) await Task.Delay(TimeSpan.FromSeconds(1), new ReplayClock(0), Cancellation);
        Assert.InRange(watch.Elapsed, TimeSpan.FromMilliseconds(150), TimeSpan.FromSeconds(4));
    }

    [Fact]
    public async Task Limit_stays_what_it_is()
    {
        var watch = Stopwatch.StartNew();
        await Task.Delay(TimeSpan.FromMilliseconds(1_100), new ReplayClock(0), Cancellation);
        Assert.InRange(watch.Elapsed, TimeSpan.FromMilliseconds(1_050), TimeSpan.FromMinutes(1));
    }
}
