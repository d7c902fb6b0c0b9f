using System.Diagnostics.CodeAnalysis;

namespace Turnpike.Evm;

/// <summary>
/// Recursive Length Prefix (Ethereum yellow paper, appendix B) as whole trees. Decoding is strict: every tree has exactly one encoding, any other
/// bytes are refused with a code. <see cref="RlpReader"/> and <see cref="RlpWriter"/> work without trees.
/// </summary>
public static class Rlp
{
    /// <summary>The encoding of a tree.</summary>
    public static byte[] Encode(RlpItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        var writer = new RlpWriter();
        Write(writer, item);
        return writer.ToArray();
    }

    /// <summary>Decodes exactly one item that fills the input; false with the reason otherwise. Never throws for any bytes.</summary>
    public static bool TryDecode(ReadOnlyMemory<byte> data, [NotNullWhen(true)] out RlpItem? item, out RlpError error) =>
        TryDecode(data, RlpLimits.Default, out item, out error);

    /// <summary>Decodes exactly one item that fills the input, within limits; false with the reason otherwise.</summary>
    public static bool TryDecode(ReadOnlyMemory<byte> data, RlpLimits limits, [NotNullWhen(true)] out RlpItem? item, out RlpError error)
    {
        ArgumentNullException.ThrowIfNull(limits);
        item = null;
        error = RlpError.InputTooLarge;
        if (data.Length > limits.MaxBytes) return false;
        var itemsLeft = limits.MaxItems;
        if (!TryDecodeItem(ref data, limits.MaxDepth, ref itemsLeft, out var root, out error)) return false;
        if (!data.IsEmpty)
        {
            error = RlpError.TrailingBytes;
            return false;
        }
        item = root;
        return true;
    }

    private static bool TryDecodeItem(ref ReadOnlyMemory<byte> data, int depthLeft, ref int itemsLeft, [NotNullWhen(true)] out RlpItem? item, out RlpError error)
    {
        item = null;
        error = itemsLeft-- > 0 ? RlpPrefix.Read(data.Span, out var prefix) : Fail(RlpError.TooManyItems, out prefix);
        if (error != RlpError.None) return false;
        var payload = data.Slice(prefix.HeaderLength, prefix.PayloadLength);
        data = data[(prefix.HeaderLength + prefix.PayloadLength)..];
        if (!prefix.IsList)
        {
            item = RlpItem.Of(payload);
            return true;
        }
        if (depthLeft == 0)
        {
            error = RlpError.TooDeep;
            return false;
        }
        var members = new List<RlpItem>();
        while (!payload.IsEmpty)
        {
            if (!TryDecodeItem(ref payload, depthLeft - 1, ref itemsLeft, out var member, out error)) return false;
            members.Add(member);
        }
        item = RlpItem.List(members);
        return true;
    }

    private static RlpError Fail(RlpError error, out RlpPrefix prefix)
    {
        prefix = default;
        return error;
    }

    private static void Write(RlpWriter writer, RlpItem item)
    {
        if (!item.IsList)
        {
            writer.WriteBytes(item.Bytes.Span);
            return;
        }
        var list = writer.BeginList();
        foreach (var member in item.Items) Write(writer, member);
        writer.EndList(list);
    }
}
