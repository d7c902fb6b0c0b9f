using System.Text.Json;
using System.Text.Json.Serialization;
using Turnpike.Core;
using Turnpike.Evm;

namespace Turnpike.Node.Deploy;

/// <summary>Addresses in files for people: with the checksum of EIP-55.</summary>
internal sealed class AddressJsonConverter : JsonConverter<Address>
{
    public override Address Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Address.TryParse(reader.GetString(), out var address) ? address : throw new JsonException($"'{reader.GetString()}' is no address.");

    public override void Write(Utf8JsonWriter writer, Address value, JsonSerializerOptions options) => writer.WriteStringValue(ChecksumAddress.Format(value));
}
