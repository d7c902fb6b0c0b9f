namespace Turnpike.Networks.Wireless.Protocol.LoRaWan;

/// <summary>Identifiers of MAC commands; the same number asks in one direction and answers in the other (LoRaWAN 1.0.4, chapter 5; 1.1, chapter 5).</summary>
public enum MacCommandId : byte
{
    /// <summary>1.1, ABP: the device was reset.</summary>
    Reset = 0x01,

    /// <summary>The device asks how well it is heard.</summary>
    LinkCheck = 0x02,

    /// <summary>The network sets data rate, power, repetitions and channels.</summary>
    LinkAdr = 0x03,

    /// <summary>The network limits the device's duty cycle.</summary>
    DutyCycle = 0x04,

    /// <summary>The network sets RX1's offset and RX2.</summary>
    RxParamSetup = 0x05,

    /// <summary>The network asks for battery and margin.</summary>
    DevStatus = 0x06,

    /// <summary>The network sets a channel.</summary>
    NewChannel = 0x07,

    /// <summary>The network sets the delay of RX1.</summary>
    RxTimingSetup = 0x08,

    /// <summary>The network sets dwell times and greatest power.</summary>
    TxParamSetup = 0x09,

    /// <summary>The network sets the frequency of RX1 for a channel.</summary>
    DlChannel = 0x0A,

    /// <summary>1.1, OTAA: the device has new keys.</summary>
    Rekey = 0x0B,

    /// <summary>1.1: the network sets how patient the device is with silence.</summary>
    AdrParamSetup = 0x0C,

    /// <summary>The device asks for the time.</summary>
    DeviceTime = 0x0D,

    /// <summary>1.1: the network wants a rejoin.</summary>
    ForceRejoin = 0x0E,

    /// <summary>1.1: the network sets how often a device rejoins.</summary>
    RejoinParamSetup = 0x0F,
}

/// <summary>A MAC command with its fields as bytes.</summary>
public readonly record struct MacCommand(MacCommandId Id, ReadOnlyMemory<byte> Fields)
{
    // Bytes after the identifier, by identifier from 0x01; -1 where the direction has no such command.
    private static ReadOnlySpan<sbyte> UpLengths => [1, 0, 1, 0, 1, 2, 1, 0, 0, 1, 1, 0, 0, -1, 1];

    private static ReadOnlySpan<sbyte> DownLengths => [1, 2, 4, 1, 4, 0, 5, 1, 1, 4, 1, 1, 5, 2, 1];

    /// <summary>Reads commands in order. What follows an unknown or cut command cannot be read, since nobody knows how long that is: it is dropped, as the standard says.</summary>
    /// <param name="bytes">Decrypted FOpts, or the payload under port 0.</param>
    /// <param name="isDown">Direction.</param>
    /// <param name="complete">Whether all was read.</param>
    public static IReadOnlyList<MacCommand> Read(ReadOnlyMemory<byte> bytes, bool isDown, out bool complete)
    {
        var commands = new List<MacCommand>();
        var lengths = isDown ? DownLengths : UpLengths;
        var at = 0;
        while (at < bytes.Length)
        {
            var id = bytes.Span[at];
            var length = id is >= 1 and <= 15 ? lengths[id - 1] : -1;
            if (length < 0 || at + 1 + length > bytes.Length) break;
            commands.Add(new MacCommand((MacCommandId)id, bytes.Slice(at + 1, length)));
            at += 1 + length;
        }
        complete = at == bytes.Length;
        return commands;
    }

    /// <summary>Writes commands one after another.</summary>
    public static byte[] Write(IEnumerable<MacCommand> commands)
    {
        var bytes = new List<byte>();
        foreach (var command in commands)
        {
            bytes.Add((byte)command.Id);
            bytes.AddRange(command.Fields.Span);
        }
        return [.. bytes];
    }

    /// <summary>Bytes on the air.</summary>
    public int Length => 1 + Fields.Length;

    /// <summary>Answers LinkCheckReq.</summary>
    /// <param name="marginDb">dB above the demodulation floor, 0 to 254.</param>
    /// <param name="gateways">How many gateways heard it.</param>
    public static MacCommand LinkCheckAns(byte marginDb, byte gateways) => new(MacCommandId.LinkCheck, new[] { marginDb, gateways });

    /// <summary>Sets data rate, power index, repetitions and a block of 16 channels.</summary>
    public static MacCommand LinkAdrReq(byte dataRate, byte power, ushort channelMask, byte maskControl, byte repetitions) =>
        new(MacCommandId.LinkAdr, new[] { (byte)(dataRate << 4 | power & 15), (byte)channelMask, (byte)(channelMask >> 8), (byte)((maskControl & 7) << 4 | repetitions & 15) });

    /// <summary>Sets RX1's offset and RX2.</summary>
    public static MacCommand RxParamSetupReq(byte rx1Offset, byte rx2DataRate, uint rx2Frequency) =>
        new(MacCommandId.RxParamSetup, (byte[])[(byte)((rx1Offset & 7) << 4 | rx2DataRate & 15), .. Frequency(rx2Frequency)]);

    /// <summary>Asks for battery and margin.</summary>
    public static MacCommand DevStatusReq() => new(MacCommandId.DevStatus, default);

    /// <summary>Sets a channel: its index, frequency in Hz (0 removes it) and range of data rates.</summary>
    public static MacCommand NewChannelReq(byte index, uint frequency, byte minDataRate, byte maxDataRate) =>
        new(MacCommandId.NewChannel, (byte[])[index, .. Frequency(frequency), (byte)(maxDataRate << 4 | minDataRate & 15)]);

    /// <summary>Sets the delay of RX1, 1 to 15 seconds.</summary>
    public static MacCommand RxTimingSetupReq(byte seconds) => new(MacCommandId.RxTimingSetup, new[] { (byte)(seconds & 15) });

    /// <summary>Answers DeviceTimeReq: seconds since 1980-01-06 without leap seconds, and fraction in 1/256 s.</summary>
    public static MacCommand DeviceTimeAns(uint gpsSeconds, byte fraction) =>
        new(MacCommandId.DeviceTime, new[] { (byte)gpsSeconds, (byte)(gpsSeconds >> 8), (byte)(gpsSeconds >> 16), (byte)(gpsSeconds >> 24), fraction });

    /// <summary>Confirms RekeyInd: the server's minor version, 1.</summary>
    public static MacCommand RekeyConf() => new(MacCommandId.Rekey, new byte[] { 1 });

    /// <summary>Confirms ResetInd: the server's minor version, 1.</summary>
    public static MacCommand ResetConf() => new(MacCommandId.Reset, new byte[] { 1 });

    private static byte[] Frequency(uint hertz)
    {
        if (hertz % 100 != 0 || hertz / 100 > 0xFFFFFF) throw new ArgumentOutOfRangeException(nameof(hertz), hertz, "Frequencies on the air are multiples of 100 Hz below 1.68 GHz.");
        var units = hertz / 100;
        return [(byte)units, (byte)(units >> 8), (byte)(units >> 16)];
    }
}
