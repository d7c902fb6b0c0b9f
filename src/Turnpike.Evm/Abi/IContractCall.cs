using System.Diagnostics.CodeAnalysis;
using Turnpike.Core;

namespace Turnpike.Evm.Abi;

/// <summary>A call of a contract's function, with its values; the generated bindings implement it.</summary>
public interface IContractCall
{
    /// <summary>Calldata: the selector and the values.</summary>
    byte[] Encode();
}

/// <summary>A call that returns something, so that a client infers the result's type from the call.</summary>
public interface IContractCall<out TResult> : IContractCall
{
    /// <summary>What the call returned.</summary>
    /// <exception cref="AbiException">No strict encoding of the result.</exception>
    TResult ReadResult(ReadOnlySpan<byte> returnData);
}

/// <summary>A contract's event; the generated bindings implement it.</summary>
public interface IContractEvent<TSelf>
    where TSelf : class, IContractEvent<TSelf>
{
    /// <summary>The hash of the event's signature.</summary>
    static abstract Bytes32 Topic0 { get; }

    /// <summary>False when the log is of another event or no strict encoding of this one.</summary>
    static abstract bool TryDecode(LogEntry log, [NotNullWhen(true)] out TSelf? value);
}

/// <summary>A contract's custom error; the generated bindings implement it.</summary>
public interface IContractError<TSelf>
    where TSelf : class, IContractError<TSelf>
{
    /// <summary>The error's description, for <see cref="RevertReason.Decode"/>.</summary>
    static abstract AbiError Description { get; }

    /// <summary>False when the revert data is another error or no strict encoding of this one.</summary>
    static abstract bool TryDecode(ReadOnlySpan<byte> revertData, [NotNullWhen(true)] out TSelf? value);
}
