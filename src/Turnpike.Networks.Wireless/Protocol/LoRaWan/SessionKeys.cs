using System.Buffers.Binary;

namespace Turnpike.Networks.Wireless.Protocol.LoRaWan;

/// <summary>
/// The keys of a session. A device of 1.0.x has one network key, which stands in all three places, so that the code above needs no case for it.
/// </summary>
/// <param name="FNwkSInt">Forwarding network session integrity; NwkSKey in 1.0.x.</param>
/// <param name="SNwkSInt">Serving network session integrity.</param>
/// <param name="NwkSEnc">Network session encryption.</param>
/// <param name="AppS">Application session.</param>
/// <param name="Is11">Whether the device speaks 1.1.</param>
public sealed record SessionKeys(AesKey FNwkSInt, AesKey SNwkSInt, AesKey NwkSEnc, AesKey AppS, bool Is11)
{
    /// <summary>Keys of a 1.0.x device.</summary>
    public static SessionKeys Of10(AesKey nwkSKey, AesKey appSKey) => new(nwkSKey, nwkSKey, nwkSKey, appSKey, Is11: false);

    /// <summary>Keys after a join of a 1.0.x device (1.0.4, 6.2.4), or of a 1.1 device that met a 1.0 server.</summary>
    public static SessionKeys Derive10(AesKey appKey, uint joinNonce, NetId netId, ushort devNonce) =>
        Of10(Derive(appKey, 0x01, joinNonce, netId.Value, 3, devNonce), Derive(appKey, 0x02, joinNonce, netId.Value, 3, devNonce));

    /// <summary>Keys after a join of a 1.1 device with OptNeg (1.1, 6.2.5).</summary>
    public static SessionKeys Derive11(AesKey nwkKey, AesKey appKey, uint joinNonce, Eui64 joinEui, ushort devNonce) => new(
        Derive(nwkKey, 0x01, joinNonce, joinEui.Value, Eui64.Length, devNonce),
        Derive(nwkKey, 0x03, joinNonce, joinEui.Value, Eui64.Length, devNonce),
        Derive(nwkKey, 0x04, joinNonce, joinEui.Value, Eui64.Length, devNonce),
        Derive(appKey, 0x02, joinNonce, joinEui.Value, Eui64.Length, devNonce),
        Is11: true);

    /// <summary>JSIntKey: integrity of a 1.1 join-accept (1.1, 6.1.1.3).</summary>
    public static AesKey JoinIntegrity(AesKey nwkKey, Eui64 devEui) => OfDevice(nwkKey, 0x06, devEui);

    /// <summary>JSEncKey: encryption of a join-accept that answers a rejoin request.</summary>
    public static AesKey JoinEncryption(AesKey nwkKey, Eui64 devEui) => OfDevice(nwkKey, 0x05, devEui);

    private static AesKey Derive(AesKey root, byte type, uint joinNonce, ulong network, int networkBytes, ushort devNonce)
    {
        Span<byte> block = stackalloc byte[AesKey.Length];
        Span<byte> little = stackalloc byte[8];
        block.Clear();
        block[0] = type;
        (block[1], block[2], block[3]) = ((byte)joinNonce, (byte)(joinNonce >> 8), (byte)(joinNonce >> 16));
        BinaryPrimitives.WriteUInt64LittleEndian(little, network);
        little[..networkBytes].CopyTo(block[4..]);
        BinaryPrimitives.WriteUInt16LittleEndian(block[(4 + networkBytes)..], devNonce);
        root.EncryptBlocks(block, block);
        return new AesKey(block);
    }

    private static AesKey OfDevice(AesKey nwkKey, byte type, Eui64 devEui)
    {
        Span<byte> block = stackalloc byte[AesKey.Length];
        block.Clear();
        block[0] = type;
        devEui.WriteLittleEndian(block[1..]);
        nwkKey.EncryptBlocks(block, block);
        return new AesKey(block);
    }
}
