
namespace Streamline.Tests.Protocols.Ollama;

/// <summary>Lines of this wire, and reading them.</summary>
internal static class OllamaWire
{
    private const string Head = "\"model\":\"q\",\"created_at\":\"2026-01-01T00:00:00.1Z\"";

    public const string Stop = "{" + Head + ",\"message\":{\"role\":\"assistant\",\"content\":\"\"},\"done\":true,\"done_reason\":\"stop\",\"prompt_eval_count\":61,\"eval_count\":24}";

    /// <summary>Puts members into the message of a line.</summary>
    public static string Message(string members) => $$"""{{{Head}},"message":{"role":"assistant",{{members}}},"done":false}""";

    public static string Content(string jsonText) => Message($"\"content\":{jsonText}");

    public static string Body(params string[] lines) => string.Concat(lines.Select(line => line + "\n"));

    /// <summary>Reads a whole response in chunks of every size.</summary>
    public static async Task<List<StreamEvent>> ReadAsync(params string[] lines)
    {
        var (events, exception) = await WireRun.ReadAllWaysAsync(StreamProtocols.Ollama, Body(lines));
        exception.Should().BeNull();
        return events;
    }

    public static async Task<T> FailAsync<T>(params string[] lines)
        where T : Exception
    {
        var (_, exception) = await WireRun.ReadAllWaysAsync(StreamProtocols.Ollama, Body(lines));
        return exception.Should().BeOfType<T>().Subject;
    }
}
