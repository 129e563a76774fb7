using System.Text.Json;
using Streamline.TestSupport;

namespace Streamline.Tests.Protocols.Anthropic;

/// <summary>The recorded streams of this wire.</summary>
internal static class AnthropicCorpus
{
    public const string Recordings = "pydantic-ai-raw-sse";
    public const string SdkFixtures = "anthropic-sdk-sse";

    public static IEnumerable<string> Files() => RecordedFiles()
        .Concat(Corpora.Files(SdkFixtures, "*.sse"))
        .Concat(Corpora.Files(SdkFixtures, "*.txt"));

    private static IEnumerable<string> RecordedFiles()
    {
        if (!Corpora.Has(Recordings))
        {
            yield break;
        }

        foreach (var line in File.ReadLines(Corpora.Folder(Recordings, "manifest.jsonl")))
        {
            using var entry = JsonDocument.Parse(line);
            var endpoint = entry.RootElement.GetProperty("endpoint").GetString()!;
            var contentType = entry.RootElement.GetProperty("contentType").GetString()!;
            if (endpoint.Contains("/v1/messages", StringComparison.Ordinal) && contentType.StartsWith("text/event-stream", StringComparison.Ordinal))
            {
                yield return $"{Recordings}/{entry.RootElement.GetProperty("file").GetString()}";
            }
        }
    }
}
