namespace Streamline.Tests.Protocols.OpenAIChat;

/// <summary>Token counts, wherever a server puts them.</summary>
public sealed class OpenAIChatUsageTests
{
    [Fact]
    public async Task Decode_CumulativeUsageInEveryChunk_IsReportedOnlyWhenItChanges()
    {
        static string Chunk(string text, int tokens) =>
            $$$"""{"id":"c","choices":[{"index":0,"delta":{"role":"assistant","content":"{{{text}}}"}}],"usage":{"prompt_tokens":3,"completion_tokens":{{{tokens}}},"total_tokens":9},"citations":["u"]}""";
        var events = await OpenAIChatWire.DecodeAllWaysAsync(OpenAIChatWire.Stream(Chunk("a", 1), Chunk("b", 1), Chunk("c", 2), Chunk("d", 2), "[DONE]"));

        events.OfType<UsageUpdated>().Select(update => update.Usage.OutputTokens).Should().Equal(1, 2);
        events.OfType<ProviderMetadata>().Should().ContainSingle(metadata => metadata.Name == "citations");
        events.OfType<ResponseCompleted>().Single().Usage!.OutputTokens.Should().Be(2);
    }

    [Fact]
    public async Task Decode_Usage_IsReadWhole()
    {
        var events = await OpenAIChatWire.DecodeAllWaysAsync(OpenAIChatWire.Stream(
            OpenAIChatWire.Delta("", "stop"),
            """
            {"id":"c","choices":[],"usage":{"prompt_tokens":10,"completion_tokens":5,"cost":0.5,"num_sources_used":2,"prompt_tokens_details":{"cached_tokens":4,"cache_write_tokens":1,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":3,"x":null}}}
            """.Trim(),
            "[DONE]"));

        events.OfType<UsageUpdated>().Single().Usage.Should().Be(new TokenUsage
        {
            InputTokens = 10,
            OutputTokens = 5,
            TotalTokens = 15,
            CachedInputTokens = 4,
            CacheWriteTokens = 1,
            ReasoningTokens = 3,
            AdditionalCounts = new Dictionary<string, long> { ["num_sources_used"] = 2, ["prompt_tokens_details.audio_tokens"] = 0 },
        });
        events.OfType<ProviderMetadata>().Single(metadata => metadata.Name == "usage").Value.GetProperty("cost").GetDouble().Should().Be(0.5);
    }

    [Fact]
    public async Task Decode_UsageOfGroq_IsFoundInItsOwnMember()
    {
        var events = await OpenAIChatWire.DecodeAllWaysAsync(OpenAIChatWire.Stream(
            """{"id":"c","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"x_groq":{"id":"r","usage":{"queue_time":0.1,"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}}""",
            "[DONE]"));

        events.OfType<ResponseCompleted>().Single().Usage!.TotalTokens.Should().Be(3);
        events.OfType<ProviderMetadata>().Should().Contain(metadata => metadata.Name == "x_groq");
    }
}
