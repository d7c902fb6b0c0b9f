using Turnpike.Core.Canonical;
using Turnpike.Core.Rules;
using Turnpike.Evm;
using Turnpike.Ledger;

namespace Turnpike.Node.Market;

/// <summary>An order with its customer's signature, as customers send it, gateways keep it and auditors read it: one canonical JSON line.</summary>
public sealed record SignedOrder(ServiceOrder Order, ReadOnlyMemory<byte> Signature)
{
    /// <summary>Most bytes of an encoded order.</summary>
    public const int MaxBytes = 1024;

    private const int MaxServiceLength = 64;

    /// <summary>Signs an order by its customer's key.</summary>
    public static async Task<SignedOrder> SignAsync(ServiceOrder order, SigningDomain credits, IDigestSigner customer, CancellationToken cancellation)
    {
        if (customer.Address != order.Customer) throw new ArgumentException($"The order is {order.Customer}'s; the key is {customer.Address}'s.", nameof(customer));
        var signature = await customer.SignAsync(credits.Order(order), cancellation);
        return new SignedOrder(order, signature.ToCompact());
    }

    /// <summary>The canonical line, its line feed included.</summary>
    public byte[] Encode()
    {
        var writer = new CanonicalWriter("order", MaxBytes);
        writer.BeginLine()
            .Field("customer", Order.Customer).Field("service", Order.Service).Field("meter", Order.Meter).Field("price", Order.Price)
            .Field("capPerEpoch", Order.CapPerEpoch).Field("fromEpoch", Order.FromEpoch).Field("untilEpoch", Order.UntilEpoch).Field("nonce", Order.Nonce)
            .Field("signature", Signature.Span)
            .EndLine();
        return writer.Complete().Shards[0].Bytes.ToArray();
    }

    /// <summary>Reads a canonical line; on false <paramref name="problem"/> says why. Never throws on input.</summary>
    public static bool TryDecode(ReadOnlyMemory<byte> bytes, out SignedOrder order, out string problem)
    {
        order = null!;
        problem = $"An order is one canonical JSON line of at most {MaxBytes} bytes.";
        if (bytes.Length is < 2 or > MaxBytes || bytes.Span[^1] != '\n') return false;
        try
        {
            var line = CanonicalReader.ReadLine(bytes.Span[..^1])
                .With("customer", "service", "meter", "price", "capPerEpoch", "fromEpoch", "untilEpoch", "nonce", "signature");
            order = new SignedOrder(
                new ServiceOrder
                {
                    Customer = line["customer"].Address,
                    Service = line["service"].Text,
                    Meter = line["meter"].Address,
                    Price = line["price"].UInt64,
                    CapPerEpoch = line["capPerEpoch"].UInt64,
                    FromEpoch = line["fromEpoch"].UInt64,
                    UntilEpoch = line["untilEpoch"].UInt64,
                    Nonce = line["nonce"].UInt64,
                },
                line["signature"].Bytes);
            if (order.Order.Service.Length is > 0 and <= MaxServiceLength) return true;
            problem = $"A service's name has 1 to {MaxServiceLength} characters.";
            return false;
        }
        catch (FormatException refusal)
        {
            problem = refusal.Message;
            return false;
        }
    }

    /// <summary>Whether the customer himself signed it for this network. High s is refused, so a signature has one form.</summary>
    public bool IsSignedByCustomer(SigningDomain credits) =>
        Secp256k1Signature.TryParseCompact(Signature.Span, out var signature) && signature.IsLowS
        && Secp256k1.TryRecover(credits.Order(Order), signature, out var key) && key.ToAddress() == Order.Customer;
}
