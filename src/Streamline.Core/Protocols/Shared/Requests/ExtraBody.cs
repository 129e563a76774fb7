using System.Buffers;
using System.Text.Json.Nodes;

namespace Streamline.Protocols.Shared;

/// <summary>Adds <see cref="StreamRequest.ExtraBody"/> to the body of a request.</summary>
internal static class ExtraBody
{
    /// <summary>Writes a body. A member of <paramref name="extra"/> takes the place of the whole top-level member of that name: nothing is merged inside of it.</summary>
    /// <param name="extra">What to add; <see langword="null"/> for nothing.</param>
    /// <param name="output">Where to write the JSON text.</param>
    /// <param name="writeMembers">Writes the members of the body; the writer stands inside its object.</param>
    public static void Write(JsonObject? extra, IBufferWriter<byte> output, Action<Utf8JsonWriter> writeMembers)
    {
        if (extra is null or { Count: 0 })
        {
            JsonWriting.WriteObject(output, writeMembers);
            return;
        }

        var written = JsonWriting.ToElement(writeMembers);
        JsonWriting.WriteObject(output, writer =>
        {
            foreach (var member in written.EnumerateObject().Where(member => !extra.ContainsKey(member.Name)))
            {
                member.WriteTo(writer);
            }

            foreach (var (name, value) in extra)
            {
                writer.WritePropertyName(name);
                JsonWriting.WriteNode(writer, value);
            }
        });
    }
}
