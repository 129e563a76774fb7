using System.Text.Json;
using System.Text.RegularExpressions;
using Streamline.Protocols;
using Streamline.TestSupport;

namespace Streamline.Tests.Protocols.WireCases;

/// <summary>One case of the corpus <c>wire-cases</c>: what a server sends, and a pattern for what the default pipeline gives.</summary>
internal sealed record WireCase(string Id, string Report, StreamProtocol Protocol, IReadOnlyList<WireAnswer> Answers, Regex Expected)
{
    public const string Corpus = "wire-cases";

    private static readonly Lazy<IReadOnlyDictionary<string, WireCase>> Cases =
        new(() => ReadAll().ToDictionary(wireCase => wireCase.Id, StringComparer.Ordinal));

    /// <summary>All cases in the order of the file; empty where the corpus is missing.</summary>
    public static IReadOnlyDictionary<string, WireCase> All => Cases.Value;

    private static IEnumerable<WireCase> ReadAll()
    {
        if (!Corpora.Has(Corpus))
        {
            yield break;
        }

        foreach (var line in File.ReadLines(Corpora.Folder(Corpus, "cases.jsonl")).Where(line => line.Length > 0))
        {
            using var document = JsonDocument.Parse(line);
            yield return Read(document.RootElement);
        }
    }

    private static WireCase Read(JsonElement element)
    {
        var report = element.GetProperty("report").GetString()!;
        return new WireCase(
            element.GetProperty("id").GetString()!,
            report,
            ProtocolOf(element.GetProperty("wire").GetString()!, report),
            [.. element.GetProperty("answers").EnumerateArray().Select(WireAnswer.Read)],
            new Regex(element.GetProperty("expect").GetString()!, RegexOptions.CultureInvariant | RegexOptions.Singleline));
    }

    /// <summary>The names that the corpus gives to protocols. The cases of Gemini's JSON array say so in their report.</summary>
    private static StreamProtocol ProtocolOf(string name, string report) => name switch
    {
        "anthropic" => StreamProtocols.Anthropic,
        "openai" => StreamProtocols.OpenAIChat,
        "openai-responses" => StreamProtocols.OpenAIResponses,
        "gemini" when report.StartsWith("GeminiJsonArray", StringComparison.Ordinal) => StreamProtocols.GeminiJsonArray,
        "gemini" => StreamProtocols.Gemini,
        "ollama" => StreamProtocols.Ollama,
        "bedrock" => StreamProtocols.BedrockConverse,
        _ => throw new InvalidDataException($"Found the protocol '{name}', expected one that has a mapping here."),
    };
}
