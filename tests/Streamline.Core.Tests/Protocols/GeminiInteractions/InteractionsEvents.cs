using System.Text.Json;
using System.Text.Json.Nodes;

namespace Streamline.Tests.Protocols.GeminiInteractions;

/// <summary>Events of this protocol, and reading them.</summary>
internal static class InteractionsEvents
{
    public const string Created = """{"interaction":{"id":"v1_a","status":"in_progress","object":"interaction","model":"g"},"event_type":"interaction.created"}""";
    public const string Completed = """{"interaction":{"id":"v1_a","status":"completed","object":"interaction","model":"g"},"event_type":"interaction.completed"}""";

    public static string Start(int index, string step) => $$"""{"index":{{index}},"step":{{step}},"event_type":"step.start"}""";

    public static string Delta(int index, string delta) => $$"""{"index":{{index}},"delta":{{delta}},"event_type":"step.delta"}""";

    public static string Words(int index, string text) => Delta(index, $$"""{"text":{{JsonSerializer.Serialize(text)}},"type":"text"}""");

    public static string Arguments(int index, string text) => Delta(index, $$"""{"arguments":{{JsonSerializer.Serialize(text)}},"type":"arguments_delta"}""");

    public static string Stop(int index) => $$"""{"index":{{index}},"event_type":"step.stop"}""";

    public static string[] Step(int index, string step, params string[] deltas) => [Start(index, step), .. deltas.Select(delta => Delta(index, delta)), Stop(index)];

    public static string WithId(string payload, string id)
    {
        var json = JsonNode.Parse(payload)!.AsObject();
        json["event_id"] = id;
        return json.ToJsonString();
    }

    /// <summary>Makes a frame of each payload, named by its event.</summary>
    public static string Frame(string payload) => $"event: {JsonElement.Parse(payload).GetProperty("event_type").GetString()}\ndata: {payload}\n\n";

    public static string Body(params IEnumerable<string> payloads) => string.Concat(payloads.Select(Frame));

    /// <summary>Reads a whole response, of payloads between its beginning and its end, in chunks of every size.</summary>
    public static async Task<List<StreamEvent>> ReadAsync(params IEnumerable<string> payloads)
    {
        var (events, exception) = await WireRun.ReadAllWaysAsync(StreamProtocols.GeminiInteractions, Body([Created, .. payloads, Completed]) + "event: done\ndata: [DONE]\n\n");
        exception.Should().BeNull();
        return events;
    }

    public static async Task<T> FailAsync<T>(string body)
        where T : Exception
    {
        var (_, exception) = await WireRun.ReadAllWaysAsync(StreamProtocols.GeminiInteractions, body);
        return exception.Should().BeOfType<T>().Subject;
    }

    /// <summary>Describes events in short lines.</summary>
    public static IEnumerable<string> Describe(IEnumerable<StreamEvent> events) => events.Select(streamEvent => streamEvent switch
    {
        ContentStarted started => $"start {started.Index} {started.Kind}",
        TextDelta delta => $"text {delta.Index} {delta.Text}",
        ReasoningDelta delta => $"reasoning {delta.Index} {delta.Text}",
        CitationAdded citation => $"citation {citation.Index} {citation.Citation.GetRawText()}",
        ContentCompleted completed => $"end {completed.Index}{(completed.Signature is null ? "" : " signed " + completed.Signature)}{(completed.Raw is { } raw ? " " + raw.GetRawText() : "")}",
        ToolCallStarted started => $"call {started.Index} {started.CallId} {started.Name}{(started.IsProviderExecuted ? " by the provider" : "")}",
        ToolInputDelta delta => $"input {delta.Index} {delta.Fragment}",
        ToolCallCompleted completed => $"called {completed.Index} {completed.ArgumentsText}{(completed.ParseError is null ? "" : " with an error")}{(completed.ProviderData is { } data ? " " + data.GetRawText() : "")}",
        ProviderMetadata metadata => $"metadata {metadata.Name} {metadata.Value.GetRawText()}{(metadata.Index is { } index ? $" of {index}" : "")}",
        ProviderEvent passed => $"passed {passed.Name}",
        _ => null,
    }).OfType<string>();
}
