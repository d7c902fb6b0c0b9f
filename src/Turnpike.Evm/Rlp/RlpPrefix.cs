namespace Turnpike.Evm;

/// <summary>The header of one item: its kind and where its payload lies. The one place where canonical form is judged.</summary>
internal readonly record struct RlpPrefix(bool IsList, int HeaderLength, int PayloadLength)
{
    private const byte Strings = 0x80, LongStrings = 0xB7, Lists = 0xC0, LongLists = 0xF7;

    /// <summary>Reads the header of the first item and makes sure that its payload lies within the data.</summary>
    public static RlpError Read(ReadOnlySpan<byte> data, out RlpPrefix prefix)
    {
        prefix = default;
        if (data.IsEmpty) return RlpError.Truncated;
        var first = data[0];
        if (first < Strings)
        {
            prefix = new RlpPrefix(false, 0, 1);
            return RlpError.None;
        }
        var isList = first >= Lists;
        var longFrom = isList ? LongLists : LongStrings;
        var header = 1;
        var length = first - (isList ? Lists : Strings);
        if (first > longFrom)
        {
            header += first - longFrom;
            var error = ReadLength(data, header, out length);
            if (error != RlpError.None) return error;
        }
        if (length > data.Length - header) return RlpError.Truncated;
        if (!isList && length == 1 && data[header] < Strings) return RlpError.NonCanonicalByte;
        prefix = new RlpPrefix(isList, header, length);
        return RlpError.None;
    }

    private static RlpError ReadLength(ReadOnlySpan<byte> data, int header, out int length)
    {
        length = 0;
        if (data.Length < header) return RlpError.Truncated;
        if (data[1] == 0) return RlpError.NonCanonicalLength;
        if (header > 1 + sizeof(int)) return RlpError.LengthTooLarge;
        uint value = 0;
        foreach (var digit in data[1..header]) value = (value << 8) | digit;
        if (value < 56) return RlpError.NonCanonicalLength;
        if (value > int.MaxValue) return RlpError.LengthTooLarge;
        length = (int)value;
        return RlpError.None;
    }
}
