namespace Turnpike.Evidence;

/// <summary>
/// The form of 64-byte r||s signatures. s and order - s both verify, so a piece whose upper form were taken too would have two encodings;
/// OpenZeppelin's P256 refuses the upper form as well.
/// </summary>
internal static class EcdsaSignature
{
    public const int Length = 64;

    private const int Half = Length / 2;

    // SEC 2, secp256r1: n and floor(n / 2).
    private static readonly byte[] P256Order = Convert.FromHexString("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551");
    private static readonly byte[] P256HalfOrder = Convert.FromHexString("7FFFFFFF800000007FFFFFFFFFFFFFFFDE737D56D38BCF4279DCE5617E3192A8");

    // SEC 2, secp256k1: n and floor(n / 2).
    private static readonly byte[] Secp256K1Order = Convert.FromHexString("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141");
    private static readonly byte[] Secp256K1HalfOrder = Convert.FromHexString("7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0");

    public static AdmissionCode Check(ReadOnlySpan<byte> signature, EnvelopeAlgorithm algorithm)
    {
        if (signature.Length != Length) return AdmissionCode.BadSignatureEncoding;
        var order = Order(algorithm);
        var r = signature[..Half];
        var s = signature[Half..];
        if (!r.ContainsAnyExcept((byte)0) || !s.ContainsAnyExcept((byte)0)) return AdmissionCode.BadSignatureEncoding;
        if (r.SequenceCompareTo(order) >= 0 || s.SequenceCompareTo(order) >= 0) return AdmissionCode.BadSignatureEncoding;
        return s.SequenceCompareTo(HalfOrder(algorithm)) > 0 ? AdmissionCode.HighS : AdmissionCode.Admitted;
    }

    /// <summary>Replaces an s of the upper half by order - s.</summary>
    public static void Normalise(Span<byte> signature, EnvelopeAlgorithm algorithm)
    {
        var s = signature[Half..];
        if (s.SequenceCompareTo(HalfOrder(algorithm)) <= 0) return;
        var order = Order(algorithm);
        var borrow = 0;
        for (var i = Half - 1; i >= 0; i--)
        {
            var difference = order[i] - s[i] - borrow;
            borrow = difference < 0 ? 1 : 0;
            s[i] = (byte)difference;
        }
    }

    private static ReadOnlySpan<byte> Order(EnvelopeAlgorithm algorithm) => algorithm == EnvelopeAlgorithm.Es256 ? P256Order : Secp256K1Order;

    private static ReadOnlySpan<byte> HalfOrder(EnvelopeAlgorithm algorithm) => algorithm == EnvelopeAlgorithm.Es256 ? P256HalfOrder : Secp256K1HalfOrder;
}
