using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

namespace Streamline.Testing;

/// <summary>Reads a recording. A last line that was cut is left out: the recording ended there.</summary>
internal static class RecordingReader
{
    public static RecordedExchange Read(Stream file)
    {
        using var reader = new StreamReader(file, Encoding.UTF8);
        using var request = ParseLine(reader.ReadLine(), 1, isLast: false);
        if (request is null || !request.RootElement.TryGetProperty("streamline"u8, out var mark) || !mark.ValueEquals("exchange"u8))
        {
            throw Invalid(1, "a text that does not begin as a recording does", """{"streamline":"exchange","version":1""");
        }

        var version = GetInteger(request.RootElement, "version", 1);
        if (version != 1)
        {
            throw Invalid(1, string.Create(CultureInfo.InvariantCulture, $"version {version}"), "version 1");
        }

        return ReadResponse(reader, request.RootElement);
    }

    private static RecordedExchange ReadResponse(StreamReader reader, JsonElement request)
    {
        HttpStatusCode? status = null;
        TimeSpan? headAt = null;
        TimeSpan? endAt = null;
        IReadOnlyDictionary<string, string> headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        List<RecordedChunk> chunks = [];
        var end = RecordedEnd.Unknown;
        string? error = null;
        for (var number = 2; reader.ReadLine() is { } text; number++)
        {
            using var line = ParseLine(text, number, reader.EndOfStream);
            if (line is null)
            {
                break;
            }

            var root = line.RootElement;
            var at = GetTime(root, number);
            if (root.TryGetProperty("status"u8, out _))
            {
                (status, headAt, headers) = ((HttpStatusCode)GetInteger(root, "status", number), at, ReadHeaders(root, number));
            }
            else if (root.TryGetProperty("end"u8, out _))
            {
                endAt = at;
                var word = GetString(root, "end", number);
                end = Enum.TryParse<RecordedEnd>(word, ignoreCase: true, out var named) ? named : throw Invalid(number, $"the end '{word}'", "complete, broken or left");
                error = root.TryGetProperty("error"u8, out _) ? GetString(root, "error", number) : null;
            }
            else
            {
                chunks.Add(new RecordedChunk(at, ReadBytes(root, number)));
            }
        }

        var method = GetString(request, "method", 1);
        var address = Uri.TryCreate(GetString(request, "address", 1), UriKind.RelativeOrAbsolute, out var known) ? known : throw Invalid(1, "no address", "an address");
        return new RecordedExchange
        {
            Method = method,
            Address = address,
            RequestHeaders = ReadHeaders(request, 1),
            RequestBody = ReadBytes(request, 1),
            StatusCode = status,
            ResponseHeaders = headers,
            HeadAt = headAt,
            Chunks = chunks,
            End = end == RecordedEnd.Left && RecordedAnswer.IsWhole(method, address, chunks) ? RecordedEnd.Complete : end,
            EndAt = endAt,
            Error = error,
        };
    }

    private static JsonDocument? ParseLine(string? line, int number, bool isLast)
    {
        try
        {
            var document = JsonDocument.Parse(line ?? "");
            return document.RootElement.ValueKind == JsonValueKind.Object ? document : throw Invalid(number, document.RootElement.ValueKind.ToString(), "an object");
        }
        catch (JsonException) when (isLast)
        {
            return null;
        }
        catch (JsonException exception)
        {
            throw Invalid(number, "no JSON", "an object", exception);
        }
    }

    private static Dictionary<string, string> ReadHeaders(JsonElement line, int number)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var header in Expect(line, "headers", number, JsonValueKind.Object).EnumerateObject())
        {
            headers[header.Name] = header.Value.ToString();
        }

        return headers;
    }

    private static byte[] ReadBytes(JsonElement line, int number)
    {
        if (!line.TryGetProperty("base64"u8, out _))
        {
            return Encoding.UTF8.GetBytes(GetString(line, "text", number));
        }

        return Expect(line, "base64", number, JsonValueKind.String).TryGetBytesFromBase64(out var decoded) ? decoded : throw Invalid(number, "a member 'base64' that is not base64", "base64");
    }

    private static TimeSpan GetTime(JsonElement line, int number)
    {
        var milliseconds = Expect(line, "at", number, JsonValueKind.Number).GetDouble();
        return milliseconds is >= 0 and < int.MaxValue * 1000.0
            ? TimeSpan.FromMilliseconds(milliseconds)
            : throw Invalid(number, string.Create(CultureInfo.InvariantCulture, $"{milliseconds} as 'at'"), "a number of milliseconds");
    }

    private static int GetInteger(JsonElement line, string name, int number) =>
        Expect(line, name, number, JsonValueKind.Number).TryGetInt32(out var value) ? value : throw Invalid(number, $"a fraction as '{name}'", "an integer");

    private static string GetString(JsonElement line, string name, int number) => Expect(line, name, number, JsonValueKind.String).GetString()!;

    private static JsonElement Expect(JsonElement line, string name, int number, JsonValueKind kind)
    {
        if (!line.TryGetProperty(name, out var value))
        {
            throw Invalid(number, $"no member '{name}'", $"a member '{name}'");
        }

        return value.ValueKind == kind ? value : throw Invalid(number, $"{value.ValueKind} as '{name}'", kind.ToString());
    }

    private static InvalidDataException Invalid(int line, string found, string expected, Exception? inner = null) =>
        new(string.Create(CultureInfo.InvariantCulture, $"Line {line} of the recording: found {found}, expected {expected}."), inner);
}
