using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

namespace Streamline.Tests.Protocols.Bedrock;

/// <summary>An independent reading of a recording of this wire: bytes by their offsets, payloads over <see cref="JsonDocument"/>.</summary>
internal sealed class BedrockOracle
{
    private readonly Dictionary<int, (string Id, string Name, StringBuilder Input)> _calls = [];

    public StringBuilder Text { get; } = new();

    public StringBuilder Reasoning { get; } = new();

    public IEnumerable<(string Id, string Name, string Input)> Calls => _calls.Values.Select(call => (call.Id, call.Name, call.Input.ToString()));

    public Dictionary<string, long> Usage { get; } = new(StringComparer.Ordinal);

    public string? StopReason { get; private set; }

    /// <summary>Gets the length of the file up to the end of the message that has the stop reason.</summary>
    public int EndOfStop { get; private set; }

    /// <summary>Gets what the chunks hold of a stream in a model's own form.</summary>
    public List<string> Chunks { get; } = [];

    public static BedrockOracle Read(ReadOnlySpan<byte> file)
    {
        var oracle = new BedrockOracle();
        for (var offset = 0; offset < file.Length;)
        {
            var total = BinaryPrimitives.ReadInt32BigEndian(file[offset..]);
            var headers = BinaryPrimitives.ReadInt32BigEndian(file[(offset + 4)..]);
            var message = file.Slice(offset, total);
            offset += total;
            oracle.Add(EventType(message.Slice(12, headers)), JsonDocument.Parse(message[(12 + headers)..^4].ToArray()).RootElement, offset);
        }

        return oracle;
    }

    private static string EventType(ReadOnlySpan<byte> headers)
    {
        while (!headers.IsEmpty)
        {
            var name = Encoding.UTF8.GetString(headers.Slice(1, headers[0]));
            headers = headers[(headers[0] + 2)..]; // all of them are texts
            var length = BinaryPrimitives.ReadUInt16BigEndian(headers);
            if (name == ":event-type")
            {
                return Encoding.UTF8.GetString(headers.Slice(2, length));
            }

            headers = headers[(2 + length)..];
        }

        return "";
    }

    private void Add(string type, JsonElement payload, int end)
    {
        switch (type)
        {
            case "contentBlockStart" when payload.GetProperty("start").TryGetProperty("toolUse", out var call):
                _calls.Add(payload.GetProperty("contentBlockIndex").GetInt32(), (call.GetProperty("toolUseId").GetString()!, call.GetProperty("name").GetString()!, new StringBuilder()));
                break;
            case "contentBlockDelta":
                AddDelta(payload.GetProperty("contentBlockIndex").GetInt32(), payload.GetProperty("delta"));
                break;
            case "messageStop":
                StopReason = payload.GetProperty("stopReason").GetString();
                EndOfStop = end;
                break;
            case "metadata":
                foreach (var count in payload.GetProperty("usage").EnumerateObject().Where(count => count.Value.ValueKind == JsonValueKind.Number))
                {
                    Usage[count.Name] = count.Value.GetInt64();
                }

                break;
            case "chunk":
                Chunks.Add(Encoding.UTF8.GetString(payload.GetProperty("bytes").GetBytesFromBase64()));
                break;
            default:
                break;
        }
    }

    private void AddDelta(int index, JsonElement delta)
    {
        if (delta.TryGetProperty("text", out var text))
        {
            Text.Append(text.GetString());
        }
        else if (delta.TryGetProperty("reasoningContent", out var reasoning) && reasoning.TryGetProperty("text", out var thought))
        {
            Reasoning.Append(thought.GetString());
        }
        else if (delta.TryGetProperty("toolUse", out var call))
        {
            _calls[index].Input.Append(call.GetProperty("input").GetString());
        }
    }
}
