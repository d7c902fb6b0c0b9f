namespace Turnpike.Evm;

/// <summary>The kinds of transaction, numbered by their EIP-2718 type byte.</summary>
public enum TransactionType : byte
{
    /// <summary>Without a type byte, with or without the replay protection of EIP-155.</summary>
    Legacy = 0,

    /// <summary>EIP-2930: gas price and access list.</summary>
    AccessList = 1,

    /// <summary>EIP-1559: fee cap and priority fee.</summary>
    DynamicFee = 2,

    /// <summary>EIP-4844: carries hashes of blobs.</summary>
    Blob = 3,

    /// <summary>EIP-7702: sets the code of accounts that authorized it.</summary>
    SetCode = 4,
}
