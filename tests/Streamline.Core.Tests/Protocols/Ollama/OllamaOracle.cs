using System.Text;
using System.Text.Json;

namespace Streamline.Tests.Protocols.Ollama;

/// <summary>An independent reading of the lines of this wire over <see cref="JsonDocument"/>.</summary>
internal sealed class OllamaOracle
{
    public StringBuilder Text { get; } = new();

    public StringBuilder Thinking { get; } = new();

    public List<(string? Id, string Name, string Arguments)> Calls { get; } = [];

    public string? Model { get; private set; }

    public string? DoneReason { get; private set; }

    public long InputTokens { get; private set; }

    public long OutputTokens { get; private set; }

    public bool IsWhole { get; private set; }

    /// <summary>Reads a file; <see langword="null"/> when it is not of this wire.</summary>
    public static OllamaOracle? TryRead(byte[] file)
    {
        var oracle = new OllamaOracle();
        foreach (var line in Encoding.UTF8.GetString(file).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            try
            {
                using var document = JsonDocument.Parse(line);
                var root = document.RootElement;
                if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("done", out var done))
                {
                    return null;
                }

                oracle.Add(root, done.GetBoolean());
            }
            catch (JsonException)
            {
                return null;
            }
        }

        return oracle.Model is null ? null : oracle;
    }

    private void Add(JsonElement root, bool isDone)
    {
        Model ??= root.GetProperty("model").GetString();
        if (root.TryGetProperty("response", out var response))
        {
            Text.Append(response.GetString());
        }

        if (root.TryGetProperty("message", out var message))
        {
            AddMessage(message);
        }

        IsWhole |= isDone;
        if (isDone)
        {
            DoneReason = root.TryGetProperty("done_reason", out var reason) ? reason.GetString() : null;
            InputTokens = root.TryGetProperty("prompt_eval_count", out var input) ? input.GetInt64() : 0;
            OutputTokens = root.TryGetProperty("eval_count", out var output) ? output.GetInt64() : 0;
        }
    }

    private void AddMessage(JsonElement message)
    {
        Text.Append(message.GetProperty("content").GetString());
        if (message.TryGetProperty("thinking", out var thinking))
        {
            Thinking.Append(thinking.GetString());
        }

        if (message.TryGetProperty("tool_calls", out var calls))
        {
            foreach (var call in calls.EnumerateArray())
            {
                var function = call.GetProperty("function");
                Calls.Add((
                    call.TryGetProperty("id", out var id) ? id.GetString() : null,
                    function.GetProperty("name").GetString()!,
                    function.TryGetProperty("arguments", out var arguments) ? arguments.GetRawText() : ""));
            }
        }
    }
}
