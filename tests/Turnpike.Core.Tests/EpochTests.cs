using FsCheck.Fluent;

namespace Turnpike.Core.Tests;

public class EpochTests
{
    private const long Start = 1_564_617_600;
    private static readonly EpochClock Daily = new(Start, 86_400);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(86_399_999, 1)]
    [InlineData(86_400_000, 2)]
    [InlineData(86_400_000L * 2_500 - 1, 2_500)]
    [InlineData(86_400_000L * 2_500, 2_501)]
    public void Moment_belongs_to_the_epoch_that_has_begun_and_not_ended(long milliseconds, ulong epoch) =>
        Assert.Equal(new EpochNumber(epoch), Daily.At(Start * 1_000 + milliseconds));

    [Fact]
    public void Moment_before_the_first_epoch_has_none()
    {
        Assert.False(Daily.TryAt(Start * 1_000 - 1, out var none));
        Assert.True(none.IsNone);
        Assert.Throws<ArgumentOutOfRangeException>(() => Daily.At(long.MinValue));
    }

    [Fact]
    public void Every_moment_lies_within_its_epoch() => Property.Holds(
        from start in Any.Bits(40)
        from length in Any.Bits(30)
        from after in Any.Bits(58)
        select (new EpochClock((long)start, (long)length + 1), (long)start * 1_000 + (long)after),
        x =>
        {
            var (clock, moment) = x;
            var epoch = clock.At(moment);
            Assert.InRange(moment, clock.StartOf(epoch), clock.EndOf(epoch) - 1);
            Assert.Equal(clock.EndSecondsOf(epoch), clock.StartSecondsOf(epoch.Next));
            Assert.Equal(epoch, clock.At(clock.StartOf(epoch)));
        });

    [Fact]
    public void Epoch_far_beyond_unix_time_overflows_loudly() => Assert.Throws<OverflowException>(() => Daily.EndSecondsOf(new EpochNumber(ulong.MaxValue)));

    [Fact]
    public void Epoch_numbers_begin_at_one()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new EpochNumber(0));
        Assert.True(EpochNumber.First.Previous.IsNone);
        Assert.Equal(EpochNumber.First, EpochNumber.First.Next.Previous);
        Assert.Throws<InvalidOperationException>(() => default(EpochNumber).Previous);
        Assert.Throws<ArgumentException>(() => Daily.StartOf(default));
        Assert.Throws<OverflowException>(() => new EpochNumber(ulong.MaxValue).Next);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("01")]
    [InlineData("18446744073709551616")]
    [InlineData("x")]
    public void Epoch_number_in_any_other_form_is_refused(string text) => Assert.False(EpochNumber.TryParse(text, out _));

    [Fact]
    public void Epoch_number_written_and_read_is_itself()
    {
        Assert.True(EpochNumber.TryParse("18446744073709551615", out var epoch));
        Assert.Equal("18446744073709551615", epoch.ToString());
    }
}
