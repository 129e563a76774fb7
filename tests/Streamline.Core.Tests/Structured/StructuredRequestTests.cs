using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.AI;
using Streamline.Protocols;
using Streamline.Testing;

namespace Streamline.Tests.Structured;

/// <summary>How a model is asked for a type that not every provider has a response format for.</summary>
public sealed class StructuredRequestTests
{
    private static readonly StreamClientMetadata OnlyClosed = new() { Provider = "test", SupportsOpenSchemas = false };

    [Fact]
    public async Task Auto_OpenOrRecursiveType_UsesAToolWhereTheProviderTakesOnlyClosedSchemas()
    {
        (await OptionsAsync(TripContext.Default.Trip, OnlyClosed)).ResponseFormat.Should().BeNull("a dictionary is open");
        (await OptionsAsync(OddContext.Default.Branch, OnlyClosed)).ResponseFormat.Should().BeNull("it is recursive");
        (await OptionsAsync(OddContext.Default.Limits, OnlyClosed)).ResponseFormat.Should().NotBeNull();
        (await OptionsAsync(OddContext.Default.Branch, null)).ResponseFormat.Should().NotBeNull();
    }

    [Fact]
    public async Task ToolCall_RecursiveType_IsStrictOnlyWhereTheProviderTakesIt()
    {
        (await OptionsAsync(OddContext.Default.Branch, OnlyClosed)).Tools![0].AdditionalProperties.Should().BeEmpty();
        (await OptionsAsync(OddContext.Default.Branch, null, StructuredOutputMode.ToolCall)).Tools![0].AdditionalProperties.Should().Contain("strict", true);
    }

    [Fact]
    public async Task AutoOverHttp_RecursiveType_IsAToolCallOnAnthropicAndBedrock()
    {
        const string Answer = """{"label":"a","children":[{"label":"b","children":[]}]}""";
        foreach (var protocol in new[] { StreamProtocols.Anthropic, StreamProtocols.BedrockConverse })
        {
            var provider = new ScriptedProvider(ScriptedReply.ToolCall("Branch", Answer));
            using var http = new HttpClient(provider.CreateHandler(protocol));
            var last = await protocol.CreateClient(http, "none", "any").StreamObjectAsync("?", OddContext.Default.Branch).LastAsync();
            last.Value!.Children[0].Label.Should().Be("b");
            provider.Exchanges[0].Request.Body.GetRawText().Should().Contain("Branch").And.NotContain("json_schema");
        }
    }

    private static async Task<ChatOptions> OptionsAsync<T>(JsonTypeInfo<T> type, StreamClientMetadata? metadata, StructuredOutputMode mode = StructuredOutputMode.Auto)
    {
        var client = new SynchronousClient(Answers.Text("{}", reason: FinishReason.Refusal)) { Metadata = metadata };
        await client.Invoking(c => c.StreamObjectAsync("?", type, new StructuredOutputOptions { Mode = mode }).LastAsync().AsTask()).Should().ThrowAsync<StructuredOutputException>();
        return client.Request!.Options!;
    }
}
