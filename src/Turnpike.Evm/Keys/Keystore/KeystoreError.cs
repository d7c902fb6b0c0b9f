namespace Turnpike.Evm;

/// <summary>Why a keystore file was not opened. Numbers are stable.</summary>
public enum KeystoreError
{
    /// <summary>No error.</summary>
    None = 0,

    /// <summary>Longer than the limit.</summary>
    TooLarge = 1,

    /// <summary>Not a JSON object.</summary>
    NotJson = 2,

    /// <summary>Not version 3.</summary>
    UnsupportedVersion = 3,

    /// <summary>A cipher other than aes-128-ctr.</summary>
    UnsupportedCipher = 4,

    /// <summary>A key derivation other than scrypt or pbkdf2 with hmac-sha256.</summary>
    UnsupportedKdf = 5,

    /// <summary>A field is missing, of the wrong kind or of the wrong size.</summary>
    Malformed = 6,

    /// <summary>The derivation would cost more memory or time than the limits allow.</summary>
    TooCostly = 7,

    /// <summary>The password is wrong, or the file was changed.</summary>
    WrongPassword = 8,

    /// <summary>What was decrypted is no private key.</summary>
    InvalidKey = 9,

    /// <summary>The file names another address than that of its key.</summary>
    AddressMismatch = 10,
}
