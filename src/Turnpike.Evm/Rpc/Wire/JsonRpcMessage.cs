using System.Buffers;
using System.Text.Json;
using Turnpike.Core;
using Turnpike.Evm.Abi;

namespace Turnpike.Evm.Rpc;

/// <summary>JSON-RPC 2.0 on the wire: writes requests, reads replies strictly (version, id, exactly one of result and error).</summary>
internal sealed class JsonRpcMessage(string endpoint, IReadOnlyList<AbiError> customErrors)
{
    private const int MaxErrorText = 500;

    public static byte[] Write(RpcCall call, long id)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer)) WriteOne(writer, call, id);
        return buffer.WrittenSpan.ToArray();
    }

    public static byte[] Write(IReadOnlyList<RpcCall> calls, IReadOnlyList<int> chosen, long firstId)
    {
        var buffer = new ArrayBufferWriter<byte>(chosen.Count * 256);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            for (var i = 0; i < chosen.Count; i++) WriteOne(writer, calls[chosen[i]], firstId + i);
            writer.WriteEndArray();
        }
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteOne(Utf8JsonWriter writer, RpcCall call, long id)
    {
        writer.WriteStartObject();
        writer.WriteString("jsonrpc", "2.0");
        writer.WriteNumber("id", id);
        writer.WriteString("method", call.Method);
        writer.WritePropertyName("params");
        call.Parameters.WriteTo(writer);
        writer.WriteEndObject();
    }

    /// <summary>The result of the only call sent.</summary>
    public JsonElement ReadResult(JsonElement root, RpcCall call, long id)
    {
        if (!TryReadId(root, out var answered))
        {
            // A server that could not read the request answers with id null and an error.
            if (TryReadError(root, call.Method, out var general)) throw general;
            throw Malformed(call.Method, "the answer has no numeric id");
        }
        if (answered != id) throw Malformed(call.Method, $"the answer has id {answered}, not {id}");
        return ReadReply(root, call).Result;
    }

    /// <summary>Puts each reply of a batch where its call is; a reply too many, twice or missing is malformed.</summary>
    public void ReadBatch(JsonElement root, IReadOnlyList<RpcCall> calls, IReadOnlyList<int> chosen, long firstId, RpcReply[] replies)
    {
        if (TryReadError(root, "batch", out var refusal)) throw refusal;
        if (root.ValueKind != JsonValueKind.Array) throw Malformed("batch", "the answer to a batch is no array");
        var seen = new bool[chosen.Count];
        foreach (var item in root.EnumerateArray())
        {
            if (!TryReadId(item, out var id) || id < firstId || id >= firstId + chosen.Count) throw Malformed("batch", "a reply has an id that was not asked for");
            var at = (int)(id - firstId);
            if (seen[at]) throw Malformed("batch", $"two replies have id {id}");
            seen[at] = true;
            replies[chosen[at]] = ReadReply(item, calls[chosen[at]]);
        }
        var missing = Array.IndexOf(seen, false);
        if (missing >= 0) throw Malformed("batch", $"{calls[chosen[missing]].Method} (id {firstId + missing}) has no reply");
    }

    public RpcException Malformed(string method, string detail, Exception? inner = null) => new(RpcFault.Malformed, method, endpoint, detail, inner);

    private RpcReply ReadReply(JsonElement reply, RpcCall call)
    {
        if (!reply.TryGetProperty("jsonrpc", out var version) || !RpcJson.TryText(version, out var text) || text != "2.0") return new(Malformed(call.Method, "the answer is not JSON-RPC 2.0"));
        var hasResult = reply.TryGetProperty("result", out var result);
        var hasError = TryReadError(reply, call.Method, out var error);
        // Some servers send "result": null beside an error, or "error": null beside a result; both are one-sided in meaning.
        if (hasError && (!hasResult || result.ValueKind == JsonValueKind.Null)) return new(error!);
        if (hasError || !hasResult) return new(Malformed(call.Method, hasError ? "the answer has both result and error" : "the answer has neither result nor error"));
        return new(result);
    }

    private bool TryReadError(JsonElement reply, string method, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out RpcException? error)
    {
        error = null;
        if (reply.ValueKind != JsonValueKind.Object || !reply.TryGetProperty("error", out var body) || body.ValueKind == JsonValueKind.Null) return false;
        error = ReadError(body, method);
        return true;
    }

    private RpcException ReadError(JsonElement body, string method)
    {
        if (body.ValueKind != JsonValueKind.Object || !body.TryGetProperty("code", out var number) || number.ValueKind != JsonValueKind.Number || !number.TryGetInt32(out var code))
            return Malformed(method, "the error has no integer code");
        var message = body.TryGetProperty("message", out var text) && RpcJson.TryText(text, out var said) ? said : "";
        if (message.Length > MaxErrorText) message = message[..MaxErrorText] + "...";
        message = Printable(message);
        var data = body.TryGetProperty("data", out var extra) ? extra : default;
        // Tenderly and others put the reason for a refused range into data while the message says only "invalid params".
        var fault = NodeError.Classify(method, code, method == "eth_getLogs" && data.ValueKind == JsonValueKind.Object ? message + " " + data.GetRawText() : message);
        if (fault != RpcFault.Reverted) return new RpcException(fault, method, endpoint, $"{message} (code {code})") { Code = code };
        var reason = RevertReason.Decode(RevertData(data), customErrors);
        var detail = reason.Kind == RevertKind.Empty ? $"{message} (code {code})" : "reverted: " + Printable(reason.Text);
        return new RpcException(fault, method, endpoint, detail) { Code = code, Revert = reason };
    }

    // geth and those after it: hex text. Hardhat: an object with the text in "data". OpenEthereum's line: "Reverted 0x...".
    private static byte[] RevertData(JsonElement data)
    {
        if (data.ValueKind == JsonValueKind.Object && data.TryGetProperty("data", out var nested)) data = nested;
        if (!RpcJson.TryText(data, out var text)) return [];
        if (text.StartsWith("Reverted ", StringComparison.Ordinal)) text = text["Reverted ".Length..];
        return Hex.TryParse(text, out var bytes) ? bytes : [];
    }

    // A contract chooses what it reverts with, and exception messages reach logs and terminals: no escape sequences.
    private static string Printable(string text) => string.Create(text.Length, text, static (target, source) =>
    {
        for (var i = 0; i < source.Length; i++) target[i] = char.IsControl(source[i]) ? '\uFFFD' : source[i];
    });

    private static bool TryReadId(JsonElement reply, out long id)
    {
        id = 0;
        return reply.ValueKind == JsonValueKind.Object && reply.TryGetProperty("id", out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out id);
    }
}
