using System.Buffers;

namespace Streamline.Protocols.Shared;

/// <summary>
/// Makes an event that a decoder passed through fit to be written again: whatever it holds, the protocol's own decoder must read it, and must not take it for an error or for another event.
/// </summary>
internal static class PassedThroughEvent
{
    private const int MaxNameLength = 1024;

    /// <summary>Gets the name of the frame; empty for a name that no frame can have, because it is longer than one line. The decoder then finds the name in the payload.</summary>
    public static string NameOf(ProviderEvent passed) =>
        passed.Name.AsSpan().ContainsAny('\r', '\n') ? ""
        : passed.Name.Length <= MaxNameLength ? passed.Name
        : passed.Name[..MaxNameLength];

    /// <summary>Gets the payload for protocols whose frames are all JSON objects: the data itself, or else an object that holds the data as a text.</summary>
    /// <param name="passed">The event.</param>
    /// <param name="canStand">Whether the data may be written as it is, if it is an object that is not an error.</param>
    public static ReadOnlySpan<byte> ObjectOf(ProviderEvent passed, bool canStand = true)
    {
        var data = Encoding.UTF8.GetBytes(passed.Data);
        var isJson = Payload.TryParse(data, out var payload);
        using (payload)
        {
            if (canStand && isJson && payload.Root.IsObject && ErrorReader.ReadPayload(payload.Root, hasContent: false) is null)
            {
                return data;
            }
        }

        return Wrap(passed);
    }

    private static ReadOnlySpan<byte> Wrap(ProviderEvent passed)
    {
        var output = new ArrayBufferWriter<byte>();
        JsonWriting.WriteObject(output, writer =>
        {
            writer.WriteString("type"u8, "passed_through"u8);
            writer.WriteString("name"u8, passed.Name);
            writer.WriteString("data"u8, passed.Data);
        });
        return output.WrittenSpan;
    }
}
