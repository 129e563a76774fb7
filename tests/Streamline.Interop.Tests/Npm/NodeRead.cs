using System.Text.Json;

namespace Streamline.Interop.Tests.Npm;

/// <summary>What an npm client read of one answer.</summary>
internal sealed class NodeRead(JsonElement json)
{
    /// <summary>The text of the deltas.</summary>
    public string? Text => String("text");

    /// <summary>The reasoning of the deltas.</summary>
    public string? Reasoning => String("reasoning");

    /// <summary>The text of the message that the package put together.</summary>
    public string? Whole => String("whole");

    public string? Refusal => String("refusal");

    public string? Signature => String("signature");

    public string? Finish => String("finish");

    public string? Model => String("model");

    public string? Id => String("id");

    public string? ErrorName => Error is { } error ? error.GetProperty("name").GetString() : null;

    public string? ErrorMessage => Error is { } error ? error.GetProperty("message").GetString() : null;

    public int? ErrorStatus => Error is { } error && error.GetProperty("status") is { ValueKind: JsonValueKind.Number } status ? status.GetInt32() : null;

    /// <summary>The blocks of reasoning of the message.</summary>
    public IEnumerable<(string? Text, string? Signature)> Thinking =>
        json.GetProperty("thinking").EnumerateArray().Select(block => (block.GetProperty("text").GetString(), block.GetProperty("signature").GetString()));

    public IEnumerable<(string? Id, string? Name, string Arguments)> Calls =>
        json.GetProperty("calls").EnumerateArray().Select(call =>
            (call.GetProperty("id").GetString(), call.GetProperty("name").GetString(), call.GetProperty("arguments").GetRawText()));

    public (int Input, int Output, int? Cached) Usage
    {
        get
        {
            var usage = json.GetProperty("usage");
            int? cached = usage.TryGetProperty("cached", out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt32() : null;
            return (usage.GetProperty("input").GetInt32(), usage.GetProperty("output").GetInt32(), cached);
        }
    }

    private JsonElement? Error => json.GetProperty("error") is { ValueKind: JsonValueKind.Object } error ? error : null;

    public override string ToString() => json.GetRawText();

    private string? String(string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
