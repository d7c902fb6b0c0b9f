namespace Turnpike.Evm;

/// <summary>Why bytes are not a signed transaction. Numbers are stable.</summary>
public enum TransactionError
{
    /// <summary>No error.</summary>
    None = 0,

    /// <summary>No bytes.</summary>
    Empty = 1,

    /// <summary>More bytes than the limit.</summary>
    TooLarge = 2,

    /// <summary>A first byte that names no known kind.</summary>
    UnknownType = 3,

    /// <summary>Not the fields of its kind in canonical RLP; <see cref="TransactionRefusal.Rlp"/> says what is wrong.</summary>
    Malformed = 4,

    /// <summary>A v or y parity that its kind does not allow.</summary>
    InvalidV = 5,

    /// <summary>r or s outside [1, n - 1].</summary>
    SignatureOutOfRange = 6,
}

/// <summary>A refusal: its code, and for <see cref="TransactionError.Malformed"/> what the RLP decoder met.</summary>
public readonly record struct TransactionRefusal(TransactionError Code, RlpError Rlp = RlpError.None);
