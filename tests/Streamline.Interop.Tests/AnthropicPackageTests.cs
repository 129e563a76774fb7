using System.Net;
using System.Text;
using System.Text.Json;
using Anthropic;
using Anthropic.Core;
using Anthropic.Exceptions;
using Anthropic.Models.Messages;
using Streamline.Testing;
using Streamline.TestSupport;

namespace Streamline.Interop.Tests;

/// <summary>The official package <c>Anthropic</c> reads, over a real socket, what our encoder writes.</summary>
public class AnthropicPackageTests
{
    [Fact]
    public async Task Stream_TextReasoningAndParallelCalls_IsReadWhole()
    {
        var reply = ScriptedReply.Reasoning("Two cities, two calls.", "c2lnbmF0dXJl")
            .ThenText("Grüße! \U0001F326 Let me \"look\".\nNow.")
            .ThenToolCall("get_weather", """{"city":"Zürich","days":[1,2,3]}""", "toolu_1")
            .ThenToolCall("get_time", "", "toolu_2") with
        {
            Model = "claude-test",
            ResponseId = "msg_1",
            Usage = new TokenUsage { InputTokens = 120, OutputTokens = 42, CachedInputTokens = 20 },
            Faults = new FaultPlan { ChunkSeed = 1, ChunkSize = 40 },
        };

        var read = await ReadAsync(reply);

        read.Id.Should().Be("msg_1");
        read.Model.Should().Be("claude-test");
        read.Reasoning.ToString().Should().Be("Two cities, two calls.");
        read.Signature.Should().Be("c2lnbmF0dXJl");
        read.Text.ToString().Should().Be("Grüße! \U0001F326 Let me \"look\".\nNow.");
        read.Calls.Select(call => (call.Id, call.Name, call.Arguments.ToString())).Should().Equal(
            ("toolu_1", "get_weather", """{"city":"Zürich","days":[1,2,3]}"""), ("toolu_2", "get_time", ""));
        read.StopReason.Should().Be("tool_use");
        read.OutputTokens.Should().Be(42);
        (read.InputTokens + read.CachedInputTokens).Should().Be(120);
        read.IsStopped.Should().BeTrue();
    }

    [Theory]
    [InlineData(FinishReason.Stop, "end_turn")]
    [InlineData(FinishReason.Length, "max_tokens")]
    [InlineData(FinishReason.Refusal, "refusal")]
    [InlineData(FinishReason.Pause, "pause_turn")]
    public async Task Stream_FinishReason_IsTheWiresWord(FinishReason reason, string expected) =>
        (await ReadAsync(ScriptedReply.Text("Hi") with { FinishReason = reason })).StopReason.Should().Be(expected);

    [Theory]
    [InlineData(400, typeof(AnthropicBadRequestException))]
    [InlineData(401, typeof(AnthropicUnauthorizedException))]
    [InlineData(403, typeof(AnthropicForbiddenException))]
    [InlineData(404, typeof(AnthropicNotFoundException))]
    [InlineData(429, typeof(AnthropicRateLimitException))]
    [InlineData(500, typeof(Anthropic5xxException))]
    [InlineData(529, typeof(AnthropicOverloadedException))]
    public async Task Error_Status_BecomesThePackagesException(int status, System.Type expected)
    {
        var act = () => ReadAsync(ScriptedReply.Error((HttpStatusCode)status, "In these words."));

        var thrown = (await act.Should().ThrowAsync<AnthropicApiException>()).Which;
        thrown.Should().BeOfType(expected);
        ((int)thrown.StatusCode).Should().Be(status);
        thrown.Message.Should().Contain("In these words.");
    }

    [Fact]
    public async Task Error_InBand_EndsTheStreamWithTheMessage()
    {
        var act = () => ReadAsync(ScriptedReply.Text("One two three") with { Faults = new FaultPlan { ErrorAfterEvent = 3 } });

        (await act.Should().ThrowAsync<AnthropicException>()).Which.ToString().Should().Contain("overloaded_error");
    }

    [Fact]
    public async Task ExpectedApiKey_FromThePackage_IsAccepted()
    {
        var provider = new ScriptedProvider(new ScriptedProviderOptions { ExpectedApiKey = "sk-test" }, ScriptedReply.Text("Hi"));

        (await ReadAsync(provider)).Text.ToString().Should().Be("Hi");

        var request = provider.Exchanges[0].Request;
        request.LastUserText.Should().Be("What should I wear?");
        request.Body.GetProperty("stream").GetBoolean().Should().BeTrue();
        request.Headers.Values.Should().ContainSingle(value => value == "[redacted]").And.NotContain(value => value.Contains("sk-test"));
    }

    private static Task<ReadMessage> ReadAsync(ScriptedReply reply) => ReadAsync(new ScriptedProvider(reply));

    private static async Task<ReadMessage> ReadAsync(ScriptedProvider provider)
    {
        await using var host = await ScriptedProviderHost.StartAsync(provider);
        using var client = new AnthropicClient(new ClientOptions { ApiKey = "sk-test", BaseUrl = host.BaseAddress.ToString().TrimEnd('/'), MaxRetries = 0 });
        var request = new MessageCreateParams
        {
            Model = "claude-test",
            MaxTokens = 1000,
            Messages = [new UserMessageParam { Content = "What should I wear?" }],
        };
        var read = new ReadMessage();
        await read.ReadAsync(client.Messages.CreateStreaming(request)).OrFail();
        return read;
    }

    private sealed class ReadCall
    {
        public required string Id { get; init; }

        public required string Name { get; init; }

        public StringBuilder Arguments { get; } = new();
    }

    private sealed class ReadMessage
    {
        private readonly Dictionary<long, ReadCall> _byIndex = [];

        public string? Id { get; private set; }

        public string? Model { get; private set; }

        public StringBuilder Text { get; } = new();

        public StringBuilder Reasoning { get; } = new();

        public string? Signature { get; private set; }

        public IEnumerable<ReadCall> Calls => _byIndex.OrderBy(pair => pair.Key).Select(pair => pair.Value);

        public string? StopReason { get; private set; }

        public long OutputTokens { get; private set; }

        public long? InputTokens { get; private set; }

        public long? CachedInputTokens { get; private set; }

        public bool IsStopped { get; private set; }

        public async Task ReadAsync(IAsyncEnumerable<RawMessageStreamEvent> events)
        {
            await foreach (var streamEvent in events)
            {
                // The package is strict only when it is asked to be.
                streamEvent.Validate();
                Add(streamEvent);
            }
        }

        private void Add(RawMessageStreamEvent streamEvent)
        {
            if (streamEvent.TryPickStart(out var start))
            {
                Id = start.Message.ID;
                Model = start.Message.Model.Raw();
            }
            else if (streamEvent.TryPickContentBlockStart(out var blockStart) && blockStart.ContentBlock.TryPickToolUse(out var call))
            {
                _byIndex.Add(blockStart.Index, new ReadCall { Id = call.ID, Name = call.Name });
            }
            else if (streamEvent.TryPickContentBlockDelta(out var delta))
            {
                AddDelta(delta);
            }
            else if (streamEvent.TryPickDelta(out var end))
            {
                StopReason = end.Delta.StopReason?.Raw();
                OutputTokens = end.Usage.OutputTokens;
                InputTokens = end.Usage.InputTokens;
                CachedInputTokens = end.Usage.CacheReadInputTokens;
            }
            else if (streamEvent.TryPickStop(out _))
            {
                IsStopped = true;
            }
        }

        private void AddDelta(RawContentBlockDeltaEvent delta)
        {
            if (delta.Delta.TryPickText(out var text))
            {
                Text.Append(text.Text);
            }
            else if (delta.Delta.TryPickThinking(out var thinking))
            {
                Reasoning.Append(thinking.Thinking);
            }
            else if (delta.Delta.TryPickSignature(out var signature))
            {
                Signature = signature.Signature;
            }
            else if (delta.Delta.TryPickInputJson(out var input))
            {
                _byIndex[delta.Index].Arguments.Append(input.PartialJson);
            }
        }
    }
}
