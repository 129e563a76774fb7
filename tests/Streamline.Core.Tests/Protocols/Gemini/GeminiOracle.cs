using System.Text;
using System.Text.Json;

namespace Streamline.Tests.Protocols.Gemini;

/// <summary>An independent reading of a stream of this wire over <see cref="JsonDocument"/>: event stream or array, told apart by the first character.</summary>
internal sealed class GeminiOracle
{
    private readonly Dictionary<string, long> _usage = new(StringComparer.Ordinal);

    public bool IsArray { get; private init; }

    public StringBuilder Text { get; } = new();

    public StringBuilder Thoughts { get; } = new();

    /// <summary>Every signature, in order.</summary>
    public List<string> Signatures { get; } = [];

    public List<(string? Id, string Name, string Arguments)> Calls { get; } = [];

    /// <summary>Every part that is neither text nor a call.</summary>
    public List<string> Others { get; } = [];

    public string? Model { get; private set; }

    public string? ResponseId { get; private set; }

    public string? FinishReason { get; private set; }

    public string? Grounding { get; private set; }

    public static GeminiOracle? TryRead(byte[] file)
    {
        var text = Encoding.UTF8.GetString(file).TrimStart('\uFEFF');
        try
        {
            return text.StartsWith('[') ? Read(isArray: true, JsonDocument.Parse(text).RootElement.EnumerateArray())
                : text.Contains("\"candidates\"", StringComparison.Ordinal) ? Read(isArray: false, Payloads(text))
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public long? Count(string name) => _usage.TryGetValue(name, out var count) ? count : null;

    private static IEnumerable<JsonElement> Payloads(string text) => text.Split('\n')
        .Where(line => line.StartsWith("data:", StringComparison.Ordinal))
        .Select(line => JsonDocument.Parse(line["data:".Length..]).RootElement);

    private static GeminiOracle? Read(bool isArray, IEnumerable<JsonElement> chunks)
    {
        var oracle = new GeminiOracle { IsArray = isArray };
        foreach (var chunk in chunks)
        {
            if (!chunk.TryGetProperty("candidates", out var candidates))
            {
                return null;
            }

            oracle.Model ??= Member(chunk, "modelVersion");
            oracle.ResponseId ??= Member(chunk, "responseId");
            foreach (var candidate in candidates.EnumerateArray())
            {
                oracle.AddCandidate(candidate);
            }

            foreach (var count in chunk.GetProperty("usageMetadata").EnumerateObject().Where(count => count.Value.ValueKind == JsonValueKind.Number))
            {
                oracle._usage[count.Name] = count.Value.GetInt64();
            }
        }

        return oracle;
    }

    private static string? Member(JsonElement owner, string name) => owner.TryGetProperty(name, out var value) ? value.GetString() : null;

    private void AddCandidate(JsonElement candidate)
    {
        FinishReason = Member(candidate, "finishReason") ?? FinishReason;
        Grounding = candidate.TryGetProperty("groundingMetadata", out var grounding) ? grounding.GetRawText() : Grounding;
        if (candidate.TryGetProperty("content", out var content) && content.TryGetProperty("parts", out var parts))
        {
            foreach (var part in parts.EnumerateArray())
            {
                AddPart(part);
            }
        }
    }

    private void AddPart(JsonElement part)
    {
        if (Member(part, "thoughtSignature") is { } signature)
        {
            Signatures.Add(signature);
        }

        if (part.TryGetProperty("functionCall", out var call))
        {
            Calls.Add((Member(call, "id"), Member(call, "name")!, call.TryGetProperty("args", out var arguments) ? arguments.GetRawText() : ""));
        }
        else if (part.TryGetProperty("text", out var text))
        {
            (part.TryGetProperty("thought", out _) ? Thoughts : Text).Append(text.GetString());
        }
        else
        {
            Others.Add(part.GetRawText());
        }
    }
}
