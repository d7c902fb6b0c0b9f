namespace Turnpike.Blueprints.Schema;

internal enum Reading
{
    Right,
    WrongType,
    OutOfRange,
}

internal delegate Reading ScalarParser<T>(string text, out T value);

/// <summary>A type of value: what a right one looks like, in words, and how it is read.</summary>
internal sealed record ScalarType<T>(string Expected, ScalarParser<T> Parse);
