using System.Buffers;
using System.Text.Json;
using Turnpike.Core;
using Turnpike.Evm;

namespace Turnpike.Evidence;

/// <summary>A signed receipt as one line of JSON: what a spool keeps, and what proves censorship when the promise was not kept.</summary>
public static class ReceiptCodec
{
    /// <summary>The most bytes of an encoded receipt.</summary>
    public const int MaximumBytes = 1024;

    private const string Format = "turnpike-receipt-1";

    /// <summary>The line, ending with a line feed.</summary>
    public static byte[] Encode(SignedReceipt signed)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("format", Format);
            json.WriteString("networkId", signed.Receipt.NetworkId.ToString());
            json.WriteString("gateway", signed.Receipt.Gateway.ToString());
            json.WriteString("identity", signed.Receipt.Identity.ToString());
            json.WriteString("receivedAt", JsonFields.Text((ulong)signed.Receipt.ReceivedAt));
            json.WriteString("promisedEpoch", signed.Receipt.PromisedEpoch.ToString());
            json.WriteString("signature", Hex.Format(signed.Signature.ToCompact()));
            json.WriteEndObject();
        }
        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads a line as <see cref="Encode"/> writes it; the signature is not verified. Never throws on input.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> bytes, out SignedReceipt signed)
    {
        signed = null!;
        if (bytes.Length > MaximumBytes || !JsonFields.TryDocument(bytes, 1, out var document)) return false;
        using (document)
        {
            var fields = new JsonFields(document.RootElement);
            var format = fields.Text("format");
            var (network, gateway, identity) = (fields.Bytes32("networkId"), fields.Address("gateway"), fields.Bytes32("identity"));
            var (receivedAt, promised) = (fields.Number("receivedAt", long.MaxValue), fields.Number("promisedEpoch", ulong.MaxValue));
            var text = fields.Text("signature");
            if (!fields.Ok || format != Format || promised == 0 || !Hex.TryParse(text, out var raw) || !Secp256k1Signature.TryParseCompact(raw, out var signature)) return false;
            signed = new SignedReceipt(new Receipt { NetworkId = network, Gateway = gateway, Identity = identity, ReceivedAt = (long)receivedAt, PromisedEpoch = new EpochNumber(promised) }, signature);
            return Encode(signed).AsSpan().SequenceEqual(bytes.Span);
        }
    }
}
