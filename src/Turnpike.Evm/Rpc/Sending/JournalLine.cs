using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Turnpike.Core;

namespace Turnpike.Evm.Rpc;

/// <summary>The journal file's lines: {"put": entry} and {"withdraw": id}. Finished entries drop data and attempts, which nothing needs any more.</summary>
internal static class JournalLine
{
    public static byte[] Put(JournalEntry entry) => Write("put", writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("id", entry.Id);
        writer.WriteString("fingerprint", entry.Fingerprint.ToString());
        writer.WriteNumber("nonce", entry.Nonce);
        writer.WriteNumber("gasLimit", entry.GasLimit);
        if (entry.Outcome is { } outcome) WriteOutcome(writer, outcome);
        else WriteOpen(writer, entry);
        writer.WriteEndObject();
    });

    public static byte[] Withdraw(string id) => Write("withdraw", writer => writer.WriteStringValue(id));

    public static void Apply(ReadOnlySpan<byte> line, MemoryTransactionJournal entries)
    {
        var root = JsonElement.Parse(line);
        // Both complete at once: the target is a dictionary.
        if (root.TryGetProperty("withdraw", out var id)) _ = entries.WithdrawAsync(id.GetString()!, default);
        else _ = entries.PutAsync(ReadEntry(root.GetProperty("put")), default);
    }

    private static byte[] Write(string kind, Action<Utf8JsonWriter> body)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WritePropertyName(kind);
            body(writer);
            writer.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteOpen(Utf8JsonWriter writer, JournalEntry entry)
    {
        if (entry.To is { } to) writer.WriteString("to", to.ToString());
        writer.WriteString("value", Decimal(entry.Value));
        writer.WriteString("data", Hex.Format(entry.Data.Span));
        if (entry.MaxFeePerGas is { } cap) writer.WriteString("cap", Decimal(cap));
        writer.WriteStartArray("attempts");
        foreach (var attempt in entry.Attempts)
        {
            writer.WriteStartObject();
            writer.WriteString("raw", Hex.Format(attempt.Raw.Span));
            writer.WriteString("fee", Decimal(attempt.Fees.MaxFeePerGas));
            writer.WriteString("tip", Decimal(attempt.Fees.MaxPriorityFeePerGas));
            writer.WriteBoolean("legacy", attempt.Fees.IsLegacy);
            writer.WriteNumber("signedAt", attempt.SignedAt.ToUnixTimeMilliseconds());
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private static void WriteOutcome(Utf8JsonWriter writer, TransactionOutcome outcome)
    {
        writer.WriteStartObject("outcome");
        writer.WriteNumber("state", (int)outcome.State);
        writer.WriteString("hash", outcome.TransactionHash.ToString());
        if (outcome.Block is { } block)
        {
            writer.WriteNumber("blockNumber", block.Number);
            writer.WriteString("blockHash", block.Hash.ToString());
        }
        writer.WriteNumber("gasUsed", outcome.GasUsed);
        writer.WriteString("gasPrice", Decimal(outcome.EffectiveGasPrice));
        if (outcome.ContractAddress is { } contract) writer.WriteString("contract", contract.ToString());
        writer.WriteEndObject();
    }

    private static JournalEntry ReadEntry(JsonElement entry)
    {
        var nonce = entry.GetProperty("nonce").GetUInt64();
        var isOpen = !entry.TryGetProperty("outcome", out var outcome);
        return new JournalEntry
        {
            Id = entry.GetProperty("id").GetString() ?? throw new FormatException("an entry has no id"),
            Fingerprint = Bytes32.Parse(entry.GetProperty("fingerprint").GetString()),
            Nonce = nonce,
            GasLimit = entry.GetProperty("gasLimit").GetUInt64(),
            To = entry.TryGetProperty("to", out var to) ? Address.Parse(to.GetString()) : null,
            Value = isOpen ? Number(entry, "value") : 0,
            Data = isOpen ? Hex.Parse(entry.GetProperty("data").GetString()) : default,
            MaxFeePerGas = isOpen && entry.TryGetProperty("cap", out _) ? Number(entry, "cap") : null,
            Attempts = isOpen ? [.. entry.GetProperty("attempts").EnumerateArray().Select(ReadAttempt)] : [],
            Outcome = isOpen ? null : ReadOutcome(outcome, nonce),
        };
    }

    private static SignedAttempt ReadAttempt(JsonElement attempt)
    {
        var raw = Hex.Parse(attempt.GetProperty("raw").GetString());
        var fees = new GasFees(Number(attempt, "fee"), Number(attempt, "tip"), attempt.GetProperty("legacy").GetBoolean());
        return new SignedAttempt(raw, Keccak256.Hash(raw), fees, DateTimeOffset.FromUnixTimeMilliseconds(attempt.GetProperty("signedAt").GetInt64()));
    }

    private static TransactionOutcome ReadOutcome(JsonElement outcome, ulong nonce) => new()
    {
        State = (TransactionState)outcome.GetProperty("state").GetInt32(),
        Nonce = nonce,
        TransactionHash = Bytes32.Parse(outcome.GetProperty("hash").GetString()),
        Block = outcome.TryGetProperty("blockNumber", out var number) ? new BlockPoint(number.GetUInt64(), Bytes32.Parse(outcome.GetProperty("blockHash").GetString())) : null,
        GasUsed = outcome.GetProperty("gasUsed").GetUInt64(),
        EffectiveGasPrice = Number(outcome, "gasPrice"),
        ContractAddress = outcome.TryGetProperty("contract", out var contract) ? Address.Parse(contract.GetString()) : null,
    };

    private static string Decimal(BigInteger value) => value.ToString(CultureInfo.InvariantCulture);

    private static BigInteger Number(JsonElement from, string name) => BigInteger.Parse(from.GetProperty(name).GetString() ?? "", NumberStyles.None, CultureInfo.InvariantCulture);
}
