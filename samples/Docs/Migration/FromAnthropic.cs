using Anthropic;
using Anthropic.Models.Messages;
using Streamline;

namespace DocsSample.Migration;

/// <summary>From the package Anthropic.</summary>
internal static class FromAnthropic
{
    public static async Task BeforeAsync(string apiKey, CancellationToken cancellationToken)
    {
        // begin: before
        using var anthropic = new AnthropicClient { ApiKey = apiKey };
        var parameters = new MessageCreateParams { Model = "claude-sonnet-4-5", MaxTokens = 1024, Messages = [new UserMessageParam { Content = "Name three rivers." }] };
        await foreach (var streamEvent in anthropic.Messages.CreateStreaming(parameters, cancellationToken))
        {
            if (streamEvent.TryPickContentBlockDelta(out var delta) && delta.Delta.TryPickText(out var text))
            {
                Console.Write(text.Text);
            }
        }
        // end: before
    }

    public static async Task AfterAsync(string apiKey, CancellationToken cancellationToken)
    {
        // begin: after
        var client = new StreamClientBuilder(StreamProtocols.Anthropic.CreateClient(apiKey, "claude-sonnet-4-5")).UseDefaults().Build();
        await foreach (var text in client.StreamTextAsync("Name three rivers.", cancellationToken: cancellationToken))
        {
            Console.Write(text);
        }
        // end: after
    }
}
