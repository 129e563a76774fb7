using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Streamline.Protocols.Shared;

namespace Streamline.Tests.Protocols.Matrix;

/// <summary>The rows about what a request carries.</summary>
internal static class RequestFeatures
{
    private const string Base64 = "AQID";

    private static readonly byte[] Bytes = [1, 2, 3];

    /// <summary>The markers of the wires. On a wire that is not its own, one is left out, and what it stands on stays.</summary>
    private static readonly (string Form, string Raw, Func<AIContent> Content)[] Markers =
    [
        ("`cache_control`", """{"type":"text","text":"q","cache_control":{"type":"ephemeral","ttl":"mark-7"}}""", () => new TextContent("q")),
        ("`cachePoint`", """{"cachePoint":{"type":"default","ttl":"mark-7"}}""", () => new AIContent()),
    ];

    public static IReadOnlyList<ProviderFeature> All { get; } =
    [
        Media("images in", "image/png", [("data", Data("image/png"), Base64)]),
        Media("documents in", "application/pdf", [("PDF", Data("application/pdf"), Base64), ("text", new DataContent("word by word"u8.ToArray(), "text/plain"), null)]),
        Media("audio in", "audio/wav", [("WAV", Data("audio/wav"), Base64), ("MP3", Data("audio/mpeg"), Base64), ("FLAC", Data("audio/flac"), Base64)]),
        Media("video in", "video/mp4", [("data", Data("video/mp4"), Base64)]),
        new RequestFeature("structured output", _ =>
        [
            new("schema", "\"answer_member\"") { Options = new() { ResponseFormat = ChatResponseFormat.ForJsonSchema(JsonElement.Parse("""{"type":"object","properties":{"answer_member":{"type":"string"}}}"""), "answer_member") } },
            new("any JSON", "json") { Options = new() { ResponseFormat = ChatResponseFormat.Json } },
        ]),
        new RequestFeature("cache markers", wire => Markers.Select(marker => new RequestSample(marker.Form, "mark-7")
        {
            Claim = "raw",
            MayBeLeftOut = true,
            Message = new ChatMessage(ChatRole.User, [new TextContent("q"), Marked(marker.Content(), wire, marker.Raw)]),
        })),
        new RequestFeature("several answers, asked for", wire => wire switch
        {
            "openai" => [Extra("`n`", new JsonObject { ["n"] = 3 }, "\"n\":3")],
            "gemini" => [Extra("`candidateCount`", new JsonObject { ["generationConfig"] = new JsonObject { ["candidateCount"] = 3 } }, "\"candidateCount\":3")],
            _ => [],
        }),
        new RequestFeature("resuming after a cut", _ => [new("background", "\"background\":true") { Options = new() { AllowBackgroundResponses = true } }]),
    ];

    /// <summary>Data of some media types, and a file of the first of them by its address, its id at the provider, and in S3.</summary>
    private static RequestFeature Media(string name, string mediaType, (string Form, DataContent Data, string? Mark)[] data) => new(name, wire =>
    [
        .. data.Select(one => new RequestSample(one.Form, one.Mark ?? (wire == "anthropic" ? "word by word" : Convert.ToBase64String("word by word"u8))) { Message = With(one.Data) }),
        new("address", "https://e.org/f") { Message = With(new UriContent(new Uri("https://e.org/f"), mediaType)) },
        new("file id", "file-77") { Message = With(new HostedFileContent("file-77") { MediaType = mediaType }) },
        .. wire == "bedrock" ? [new RequestSample("S3", "s3://b/f") { Message = With(new UriContent(new Uri("s3://b/f"), mediaType)) }] : Array.Empty<RequestSample>(),
    ]);

    private static DataContent Data(string mediaType) => new(Bytes, mediaType);

    private static ChatMessage With(AIContent content) => new(ChatRole.User, [new TextContent("Look:"), content]);

    private static RequestSample Extra(string form, JsonObject extra, string mark) => new(form, mark) { Claim = "extra", Extra = extra };

    private static AIContent Marked(AIContent content, string wire, string raw)
    {
        var isOwn = content is TextContent ? wire is "anthropic" or "openai" : wire == "bedrock";
        content.AdditionalProperties = new() { [ContentProperties.RawBlock(isOwn ? wire : "another")] = JsonElement.Parse(raw) };
        return content;
    }
}
