using System.Buffers.Binary;
using System.Text.Json;
using Turnpike.Networks.Wireless.Protocol.LoRaWan;
using Turnpike.Tests;

namespace Turnpike.Networks.Tests.Wireless.LoRaWan;

/// <summary>The 17 public vectors of lora-packet (some of them first of brocaar/lorawan): frames, joins, keys.</summary>
public class LoRaWanVectorTests
{
    private const int Published = 17;

    public static TheoryData<int> Vectors() => [.. Enumerable.Range(0, Published)];

    [Fact]
    public void Vectors_are_all_here() => Assert.Equal(Published, SharedData.Json("wireless/lorawan-vectors.json").GetProperty("vectors").GetArrayLength());

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Vector_is_reproduced(int index)
    {
        var vector = SharedData.Json("wireless/lorawan-vectors.json").GetProperty("vectors")[index];
        var kind = vector.GetProperty("kind").GetString()!;
        if (kind.StartsWith("data-1.0", StringComparison.Ordinal)) Data10(vector);
        else if (kind.StartsWith("data-1.1-up", StringComparison.Ordinal)) Up11(vector);
        else if (kind.StartsWith("data-1.1-down", StringComparison.Ordinal)) Down11(vector);
        else if (kind.StartsWith("join-request", StringComparison.Ordinal)) Request(vector);
        else if (kind.StartsWith("join-accept", StringComparison.Ordinal)) Accept(vector);
        else if (kind == "keys-1.0") Keys10(vector);
        else if (kind == "keys-1.1-optneg") Keys11(vector);
        else if (kind == "js-keys-1.1") JoinServerKeys(vector);
        else Assert.Fail($"The vector is of an unknown kind '{kind}'.");
    }

    private static void Data10(JsonElement vector)
    {
        var frame = Bytes(vector, "phy");
        var data = Read(frame, vector);
        var counter = vector.GetProperty("fCnt").GetUInt32();
        var mic = FrameSecurity.Mic10(Key(vector, "nwkSKey"), data.IsDown, data.Address, counter, frame.AsSpan(..^4));
        Assert.Equal(Hex(vector, "mic"), mic);
        Assert.Equal(data.Mic, mic);
        if (!vector.TryGetProperty("plaintextHex", out _)) return;
        var key = data.Port == 0 || !vector.TryGetProperty("appSKey", out _) ? Key(vector, "nwkSKey") : Key(vector, "appSKey");
        Assert.Equal(Bytes(vector, "plaintextHex"), Decrypt(key, data, counter));
    }

    private static void Up11(JsonElement vector)
    {
        var frame = Bytes(vector, "phy");
        var data = Read(frame, vector);
        var counter = vector.GetProperty("fCnt").GetUInt32();
        var context = new UplinkContext(vector.GetProperty("confFCnt").GetUInt16(), vector.GetProperty("txDr").GetByte(), vector.GetProperty("txCh").GetByte());
        var mic = FrameSecurity.MicUp11(Key(vector, "sNwkSIntKey"), Key(vector, "fNwkSIntKey"), context, data.Address, counter, frame.AsSpan(..^4));
        Assert.Equal(Hex(vector, "mic"), mic);
        Assert.Equal(data.Mic, mic);
        Assert.Equal((ushort)mic, FrameSecurity.ForwardingHalf(Key(vector, "fNwkSIntKey"), data.Address, counter, frame.AsSpan(..^4)));
        if (vector.TryGetProperty("plaintextHex", out _)) Assert.Equal(Bytes(vector, "plaintextHex"), Decrypt(Key(vector, "nwkSEncKey"), data, counter));
    }

    private static void Down11(JsonElement vector)
    {
        var frame = Bytes(vector, "phy");
        var data = Read(frame, vector);
        var counter = vector.GetProperty("fCnt").GetUInt32();
        Assert.Equal(Hex(vector, "mic"), FrameSecurity.MicDown11(Key(vector, "sNwkSIntKey"), data.Address, counter, 0, frame.AsSpan(..^4)));
        var options = new byte[data.Options.Length];
        FrameSecurity.CryptOptions(Key(vector, "nwkSEncKey"), isDown: true, usesApplicationCounter: data.Port > 0, data.Address, counter, data.Options.Span, options);
        Assert.Equal(Bytes(vector, "fOptsPlainHex"), options);
        Assert.Equal(Bytes(vector, "plaintextHex"), Decrypt(Key(vector, "appSKey"), data, counter));
    }

    private static void Request(JsonElement vector)
    {
        var frame = Bytes(vector, "phy");
        var root = vector.TryGetProperty("appKey", out _) ? Key(vector, "appKey") : Key(vector, "nwkKey");
        Assert.True(JoinRequest.TryRead(frame, out var request, out _));
        Assert.Equal(Eui(vector, "joinEui"), request.JoinEui);
        Assert.Equal(Eui(vector, "devEui"), request.DevEui);
        Assert.Equal(Hex(vector, "devNonce"), request.DevNonce);
        Assert.Equal(Hex(vector, "mic"), JoinRequest.ExpectedMic(frame, root));
        Assert.Equal(frame, JoinRequest.Write(request.JoinEui, request.DevEui, request.DevNonce, root));
    }

    private static void Accept(JsonElement vector)
    {
        var optNeg = vector.TryGetProperty("nwkKeyUsedAsJsIntKey", out _);
        var key = Key(vector, optNeg ? "nwkKeyUsedAsJsIntKey" : "appKey");
        var (joinEui, nonce) = optNeg ? (Eui(vector, "joinEui"), (ushort)Hex(vector, "devNonce")) : (default, default);
        var settings = (byte)Hex(vector, "dlSettings");
        var accept = new JoinAccept
        {
            JoinNonce = Hex(vector, "appNonce"),
            NetId = new NetId(Hex(vector, "netId")),
            Address = new DevAddr(Hex(vector, "devAddr")),
            OptNeg = (settings & 0x80) != 0,
            Rx1DataRateOffset = (byte)(settings >> 4 & 7),
            Rx2DataRate = (byte)(settings & 15),
            RxDelay = (byte)Hex(vector, "rxDelay"),
        };
        var onAir = Bytes(vector, "phyOnAir");
        // The published 1.1 frame has an RxDelay and a code of its own; both are read from it.
        var plain = Bytes(vector, "phyDecrypted");
        if (!optNeg) Assert.Equal(onAir, accept.Write(key, key, joinEui, nonce));
        Assert.Equal(Hex(vector, "mic"), BinaryPrimitives.ReadUInt32BigEndian(plain.AsSpan(plain.Length - 4)));
        Assert.True(JoinAccept.TryRead(accept.Write(key, key, joinEui, nonce), key, _ => key, joinEui, nonce, out var read));
        Assert.Equal(accept with { ChannelList = read.ChannelList }, read);
        Assert.Equal(optNeg, read.OptNeg);
        if (optNeg) Assert.Equal(onAir, accept.Write(key, key, joinEui, nonce));
    }

    private static void Keys10(JsonElement vector)
    {
        var keys = SessionKeys.Derive10(Key(vector, "appKey"), Hex(vector, "appNonce"), new NetId(Hex(vector, "netId")), (ushort)Hex(vector, "devNonce"));
        Assert.Equal(Key(vector, "nwkSKey"), keys.FNwkSInt);
        Assert.Equal(Key(vector, "nwkSKey"), keys.NwkSEnc);
        Assert.Equal(Key(vector, "appSKey"), keys.AppS);
    }

    private static void Keys11(JsonElement vector)
    {
        var keys = SessionKeys.Derive11(Key(vector, "nwkKey"), Key(vector, "appKey"), Hex(vector, "joinNonce"), Eui(vector, "joinEui"), (ushort)Hex(vector, "devNonce"));
        Assert.Equal(Key(vector, "fNwkSIntKey"), keys.FNwkSInt);
        Assert.Equal(Key(vector, "sNwkSIntKey"), keys.SNwkSInt);
        Assert.Equal(Key(vector, "nwkSEncKey"), keys.NwkSEnc);
        Assert.Equal(Key(vector, "appSKey"), keys.AppS);
    }

    private static void JoinServerKeys(JsonElement vector)
    {
        Assert.Equal(Key(vector, "jsIntKey"), SessionKeys.JoinIntegrity(Key(vector, "nwkKey"), Eui(vector, "devEui")));
        Assert.Equal(Key(vector, "jsEncKey"), SessionKeys.JoinEncryption(Key(vector, "nwkKey"), Eui(vector, "devEui")));
    }

    private static DataFrame Read(byte[] frame, JsonElement vector)
    {
        Assert.True(DataFrame.TryRead(frame, out var data, out var problem), problem.ToString());
        Assert.Equal(new DevAddr(Hex(vector, "devAddr")), data.Address);
        if (vector.TryGetProperty("fPort", out var port)) Assert.Equal(port.GetByte(), data.Port);
        Assert.Equal(frame.AsSpan(..^4).ToArray(), data.WriteWithoutMic());
        return data;
    }

    private static byte[] Decrypt(AesKey key, DataFrame data, uint counter)
    {
        var plain = new byte[data.Payload.Length];
        FrameSecurity.CryptPayload(key, data.IsDown, data.Address, counter, data.Payload.Span, plain);
        return plain;
    }

    private static byte[] Bytes(JsonElement vector, string name) => Convert.FromHexString(vector.GetProperty(name).GetString()!);

    private static uint Hex(JsonElement vector, string name) => Convert.ToUInt32(vector.GetProperty(name).GetString(), 16);

    private static Eui64 Eui(JsonElement vector, string name)
    {
        Assert.True(Eui64.TryParse(vector.GetProperty(name).GetString(), out var eui));
        return eui;
    }

    private static AesKey Key(JsonElement vector, string name)
    {
        Assert.True(AesKey.TryParse(vector.GetProperty(name).GetString(), out var key));
        return key;
    }
}
