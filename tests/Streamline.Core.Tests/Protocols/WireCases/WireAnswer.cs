using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

namespace Streamline.Tests.Protocols.WireCases;

/// <summary>One HTTP response of a case.</summary>
/// <param name="Status">The status code.</param>
/// <param name="Headers">Headers as they are sent, the content type included.</param>
/// <param name="Body">The bytes that arrive.</param>
/// <param name="Ending">How the body ends.</param>
/// <param name="ChunkSize">How many bytes arrive at once; <see langword="null"/> for all of them.</param>
internal sealed record WireAnswer(
    HttpStatusCode Status, IReadOnlyList<(string Name, string Value)> Headers, ReadOnlyMemory<byte> Body, WireEnding Ending, int? ChunkSize)
{
    public static WireAnswer Read(JsonElement element)
    {
        var headers = new List<(string, string)>();
        if (Text(element, "contentType") is { } contentType)
        {
            headers.Add(("Content-Type", contentType));
        }

        if (element.TryGetProperty("headers", out var list))
        {
            headers.AddRange(list.EnumerateArray().Select(line => line.GetString()!.Split(": ", 2)).Select(parts => (parts[0], parts[1])));
        }

        var body = Text(element, "bodyBase64") is { } base64 ? Convert.FromBase64String(base64) : Encoding.UTF8.GetBytes(Text(element, "body") ?? "");
        var ending = Enum.Parse<WireEnding>(Text(element, "ending") ?? nameof(WireEnding.Proper));
        if (element.TryGetProperty("contentLength", out var length))
        {
            // The transport reads as many bytes as the header says, and fails when there are fewer.
            headers.Add(("Content-Length", length.GetRawText()));
            ending = body.Length < length.GetInt32() ? WireEnding.CutChunked : ending;
            body = body[..Math.Min(body.Length, length.GetInt32())];
        }

        return new WireAnswer(
            (HttpStatusCode)int.Parse(Text(element, "status")!.Split(' ')[0], CultureInfo.InvariantCulture),
            headers,
            body,
            ending,
            element.TryGetProperty("chunkSize", out var size) ? size.GetInt32() : null);
    }

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetString() : null;
}
