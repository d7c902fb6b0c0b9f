using System.Diagnostics.CodeAnalysis;
using System.Text;
using Turnpike.Core;

namespace Turnpike.Evm.Abi;

/// <summary>An event known at run time.</summary>
public sealed class AbiEvent
{
    private readonly AbiType _indexed;
    private readonly AbiType _data;

    /// <summary>Describes an event.</summary>
    /// <exception cref="AbiException">More indexed parameters than topics exist.</exception>
    public AbiEvent(string name, IReadOnlyList<AbiParameter> inputs, bool anonymous = false)
    {
        (Name, Inputs, IsAnonymous) = (name, inputs, anonymous);
        Signature = name + AbiType.Tuple([.. inputs.Select(p => p.Type)]);
        Topic0 = TopicOf(Signature);
        _indexed = AbiType.Tuple([.. inputs.Where(p => p.Indexed).Select(p => IsHashed(p.Type) ? AbiType.FixedBytes(32) : p.Type)]);
        _data = AbiType.Tuple([.. inputs.Where(p => !p.Indexed).Select(p => p.Type)]);
        if (_indexed.Size + FirstTopic > 4) throw new AbiException($"{Signature} has {_indexed.Size} indexed parameters; a log has at most four topics.");
    }

    /// <summary>The name without parameters.</summary>
    public string Name { get; }

    /// <summary>The parameters, in the order of the declaration.</summary>
    public IReadOnlyList<AbiParameter> Inputs { get; }

    /// <summary>Name and canonical types.</summary>
    public string Signature { get; }

    /// <summary>The hash of the signature: the first topic, unless anonymous.</summary>
    public Bytes32 Topic0 { get; }

    /// <summary>Whether the first topic is a parameter rather than the signature's hash.</summary>
    public bool IsAnonymous { get; }

    private int FirstTopic => IsAnonymous ? 0 : 1;

    /// <summary>The hash of a canonical signature.</summary>
    public static Bytes32 TopicOf(string signature) => Keccak256.Hash(Encoding.UTF8.GetBytes(signature));

    /// <summary>Reads <c>[event] name(type [indexed] [name], ...)</c>.</summary>
    /// <exception cref="AbiException">Anything else.</exception>
    public static AbiEvent Parse(string text)
    {
        var (name, inputs) = AbiTypeParser.ParseSignature(text, "event");
        return new AbiEvent(name, inputs);
    }

    /// <summary>
    /// Copies the topics after <paramref name="topic0"/> one after the other into <paramref name="words"/> (32 bytes each, null for anonymous events);
    /// false when the log is of another event or has another number of topics.
    /// </summary>
    public static bool TryCopyTopics(LogEntry log, Bytes32? topic0, Span<byte> words)
    {
        var first = topic0 is null ? 0 : 1;
        if (log.Topics.Count != first + (words.Length / Bytes32.Length)) return false;
        if (topic0 is { } expected && log.Topics[0] != expected) return false;
        for (var i = first; i < log.Topics.Count; i++) log.Topics[i].CopyTo(words[((i - first) * Bytes32.Length)..]);
        return true;
    }

    /// <summary>
    /// The values in the order of the declaration, types as in <see cref="AbiCodec"/>; an indexed value of a dynamic, array or tuple type is known by its hash only,
    /// a byte[] of 32. False when the log is of another event or no strict encoding.
    /// </summary>
    public bool TryDecode(LogEntry log, [NotNullWhen(true)] out object[]? values)
    {
        values = null;
        Span<byte> words = stackalloc byte[_indexed.Size * Bytes32.Length];
        if (!TryCopyTopics(log, IsAnonymous ? null : Topic0, words)) return false;
        try
        {
            values = Merge(AbiCodec.Decode(_indexed, words), AbiCodec.Decode(_data, log.Data.Span));
            return true;
        }
        catch (AbiException)
        {
            // Two events may share a topic and differ in what they index (ERC-20 and ERC-721 Transfer): a log that does not decode is another event.
            return false;
        }
    }

    private static bool IsHashed(AbiType type) => type.Kind is AbiKind.Bytes or AbiKind.String or AbiKind.Array or AbiKind.FixedArray or AbiKind.Tuple;

    private object[] Merge(object[] indexed, object[] data)
    {
        int nextIndexed = 0, nextData = 0;
        return [.. Inputs.Select(p => p.Indexed ? indexed[nextIndexed++] : data[nextData++])];
    }
}
