using Turnpike.Blueprints.Schema;

namespace Turnpike.Blueprints;

/// <summary>The clock of settlement. All durations are whole seconds.</summary>
public sealed record EpochSection
{
    /// <summary>When epoch 1 begins; null is the launch, rounded up to a whole epoch of unix time.</summary>
    public required DateTimeOffset? Start { get; init; }

    /// <summary>Length of every epoch.</summary>
    public required TimeSpan Length { get; init; }

    /// <summary>How long after its end an epoch takes certified evidence; shorter than the epoch.</summary>
    public required TimeSpan Grace { get; init; }

    /// <summary>How long a settled epoch can be disputed before it pays; at most the epoch's length.</summary>
    public required TimeSpan ActivationDelay { get; init; }

    /// <summary>How long after its end an unsettled epoch may be declared empty.</summary>
    public required TimeSpan EmptyAfter { get; init; }
}

internal static class EpochKeys
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Month = TimeSpan.FromDays(31);

    internal static readonly ScalarKey<DateTimeOffset?> Start = new("start", ScalarTypes.Start, "When epoch 1 begins; `launch` is the launch, rounded up to a whole epoch of unix time.") { Default = "launch" };
    internal static readonly ScalarKey<TimeSpan> Length = new("length", ScalarTypes.Duration(Second, Month), "Length of every epoch: how often people are paid.");
    internal static readonly ScalarKey<TimeSpan> Grace = new("grace", ScalarTypes.Duration(Second, Month), "How long after its end an epoch still takes certified evidence; shorter than the epoch.");
    internal static readonly ScalarKey<TimeSpan> ActivationDelay = new("activation_delay", ScalarTypes.Duration(Second, Month), "How long a settled epoch can be disputed before it pays; at most the epoch's length.");
    internal static readonly ScalarKey<TimeSpan> EmptyAfter = new("empty_after", ScalarTypes.Duration(Second, TimeSpan.FromDays(366)), "How long after its end an epoch that nobody settled may be declared empty; longer than the grace.");

    internal static readonly GroupKey Section = new(new("epoch", "The clock of settlement.", [Start, Length, Grace, ActivationDelay, EmptyAfter]));

    internal static EpochSection? Read(SectionReader? section)
    {
        if (section is null) return null;
        var (length, grace, delay, empty) = (section.Read(Length), section.Read(Grace), section.Read(ActivationDelay), section.Read(EmptyAfter));
        Compare(section, grace, length, grace.Value < length.Value, "the grace must be shorter than the epoch");
        Compare(section, delay, length, delay.Value <= length.Value, "the activation delay must not exceed the epoch");
        Compare(section, empty, grace, empty.Value > grace.Value, "an epoch can be declared empty only after its grace");
        return new EpochSection { Start = section.Read(Start).Value, Length = length.Value, Grace = grace.Value, ActivationDelay = delay.Value, EmptyAfter = empty.Value };
    }

    private static void Compare(SectionReader section, Field<TimeSpan> one, Field<TimeSpan> other, bool right, string rule)
    {
        if (one.Given && other.Given && !right)
            section.Problems.Add(BlueprintFault.Inconsistent, one.Node, $"{one.Written} does not fit {other.Node.Path} of {other.Written}", rule);
    }
}
