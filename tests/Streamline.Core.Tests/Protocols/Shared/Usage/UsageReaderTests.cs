using System.Text;
using Streamline.Protocols.Shared;

namespace Streamline.Tests.Protocols.Shared;

public sealed class UsageReaderTests
{
    [Theory]
    [InlineData("""{"prompt_tokens":3,"completion_tokens":4,"total_tokens":7}""", 3L, 4L, 7L)]
    [InlineData("""{"prompt_tokens":3.0,"completion_tokens":"4","total_tokens":null}""", 3L, 4L, 7L)]
    [InlineData("""{"input_tokens":11,"output_tokens":5}""", 11L, 5L, 16L)]
    [InlineData("""{"input_tokens":3,"output_tokens":4,"cache_read_input_tokens":10,"cache_creation_input_tokens":100}""", 113L, 4L, 117L)]
    [InlineData("""{"cache_read_input_tokens":10}""", 10L, null, null)]
    [InlineData("""{"prompt_tokens":13,"completion_tokens":4,"cache_read_input_tokens":10}""", 13L, 4L, 17L)]
    [InlineData("""{"inputTokens":3,"outputTokens":4,"totalTokens":17,"cacheReadInputTokens":10,"cacheWriteInputTokens":0}""", 13L, 4L, 17L)]
    [InlineData("""{"promptTokenCount":3,"candidatesTokenCount":4,"thoughtsTokenCount":5,"totalTokenCount":12}""", 3L, 9L, 12L)]
    [InlineData("""{"promptTokenCount":"3","thoughtsTokenCount":"5"}""", 3L, 5L, 8L)]
    [InlineData("""{"prompt_eval_count":3,"eval_count":4}""", 3L, 4L, 7L)]
    public void TryUpdate_EverySpelling_IsRead(string json, long? input, long? output, long? total)
    {
        var usage = Read(new UsageReader(), json);

        usage.Should().NotBeNull();
        (usage!.InputTokens, usage.OutputTokens, usage.TotalTokens).Should().Be((input, output, total));
    }

    [Theory]
    [InlineData("""{"prompt_tokens_details":{"cached_tokens":1,"cache_write_tokens":2},"completion_tokens_details":{"reasoning_tokens":3}}""", 1L, 2L, 3L)]
    [InlineData("""{"input_tokens_details":{"cached_tokens":1},"output_tokens_details":{"reasoning_tokens":3}}""", 1L, null, 3L)]
    [InlineData("""{"output_tokens_details":{"thinking_tokens":3},"cache_creation_input_tokens":2}""", null, 2L, 3L)]
    [InlineData("""{"prompt_cache_hit_tokens":1,"prompt_cache_miss_tokens":9}""", 1L, null, null)]
    [InlineData("""{"cachedContentTokenCount":1,"thoughtsTokenCount":3}""", 1L, null, 3L)]
    public void TryUpdate_Details_AreRead(string json, long? cached, long? written, long? reasoning)
    {
        var usage = Read(new UsageReader(), json)!;

        (usage.CachedInputTokens, usage.CacheWriteTokens, usage.ReasoningTokens).Should().Be((cached, written, reasoning));
    }

    [Fact]
    public void TryUpdate_FurtherCounts_AreKnownByTheirPaths()
    {
        const string Json = """
            {"prompt_tokens":1,"input_tokens":2,"server_tool_use":{"web_search_requests":3},"iterations":[{"output_tokens":4},{"output_tokens":5}],
             "promptTokensDetails":[{"modality":"TEXT","tokenCount":6},{"modality":"IMAGE","tokenCount":"7"}],"cost":0.5,"tier":"8","num_sources_used":9}
            """;

        Read(new UsageReader(), Json)!.AdditionalCounts.Should().BeEquivalentTo(new Dictionary<string, long>
        {
            ["input_tokens"] = 2,
            ["server_tool_use.web_search_requests"] = 3,
            ["iterations[0].output_tokens"] = 4,
            ["iterations[1].output_tokens"] = 5,
            ["promptTokensDetails.TEXT"] = 6,
            ["promptTokensDetails.IMAGE"] = 7,
            ["num_sources_used"] = 9,
        });
    }

    [Fact]
    public void TryUpdate_LaterReports_ReplaceWhatTheyHave()
    {
        var reader = new UsageReader();
        Read(reader, """{"input_tokens":3,"output_tokens":1,"x":2,"list":[{"n":1},{"n":2}]}""");

        var usage = Read(reader, """{"input_tokens":0,"output_tokens":5,"x":0,"list":[{"n":7}]}""")!;

        usage.Should().Be(reader.Current);
        (usage.InputTokens, usage.OutputTokens).Should().Be((3, 5));
        usage.AdditionalCounts.Should().BeEquivalentTo(new Dictionary<string, long> { ["x"] = 0, ["list[0].n"] = 7 });
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"prompt_tokens":null,"cost":1.5}""")]
    [InlineData("[1]")]
    [InlineData("7")]
    public void TryUpdate_NoCount_ChangesNothing(string json)
    {
        var reader = new UsageReader();

        Read(reader, json).Should().BeNull();
        reader.Current.Should().BeNull();
    }

    [Fact]
    public void TryUpdate_SameNumbers_AllocatesNothing()
    {
        var reader = new UsageReader();
        var json = Encoding.UTF8.GetBytes("""{"promptTokenCount":3,"candidatesTokenCount":4,"promptTokensDetails":[{"modality":"T","tokenCount":3}],"a":{"b":1}}""");
        reader.TryUpdate(Payload.Parse(json, "a test", 0).Root, out _).Should().BeTrue();
        using var payload = Payload.Parse(json.Select(b => b).ToArray(), "a test", 0);
        reader.TryUpdate(payload.Root, out _).Should().BeFalse();

        var before = GC.GetAllocatedBytesForCurrentThread();
        var isChanged = reader.TryUpdate(payload.Root, out _);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        isChanged.Should().BeFalse();
        allocated.Should().BeLessThan(200, "only the names of modalities are read");
    }

    [Fact]
    [Trait("Law", "8")]
    public void TryUpdate_MoreCountsThanAnyProviderHas_IsBounded()
    {
        var json = "{" + string.Join(',', Enumerable.Range(0, 3000).Select(i => $"\"n{i}\":{i}")) + "}";

        Read(new UsageReader(), json)!.AdditionalCounts.Should().HaveCount(1024);
    }

    [Theory]
    [InlineData("""{"prompt_tokens":3,"a":{"b":1},"c":[1],"d":null}""", false)]
    [InlineData("""{"promptTokensDetails":[{"modality":"TEXT","tokenCount":"3"}],"promptTokenCount":"3"}""", false)]
    [InlineData("""{"cost":0.5}""", true)]
    [InlineData("""{"service_tier":"standard"}""", true)]
    [InlineData("""{"a":[{"is_byok":false}]}""", true)]
    public void HasMoreThanCounts_Report_IsJudged(string json, bool expected)
    {
        using var payload = Payload.Parse(Encoding.UTF8.GetBytes(json), "a test", 0);

        UsageReader.HasMoreThanCounts(payload.Root).Should().Be(expected);
    }

    private static TokenUsage? Read(UsageReader reader, string json)
    {
        using var payload = Payload.Parse(Encoding.UTF8.GetBytes(json), "a test", 0);
        return reader.TryUpdate(payload.Root, out var total) ? total : null;
    }
}
