using OpenAI.Chat;
using Streamline;

namespace DocsSample.Migration;

/// <summary>From the package OpenAI.</summary>
internal static class FromOpenAI
{
    public static async Task BeforeAsync(string apiKey, CancellationToken cancellationToken)
    {
        // begin: before
        var chat = new ChatClient("gpt-5", apiKey);
        await foreach (StreamingChatCompletionUpdate update in chat.CompleteChatStreamingAsync([new UserChatMessage("Name three rivers.")], cancellationToken: cancellationToken))
        {
            foreach (var part in update.ContentUpdate)
            {
                Console.Write(part.Text);
            }
        }
        // end: before
    }

    public static async Task AfterAsync(string apiKey, CancellationToken cancellationToken)
    {
        // begin: after
        var client = new StreamClientBuilder(StreamProtocols.OpenAIChat.CreateClient(apiKey, "gpt-5")).UseDefaults().Build();
        await foreach (var text in client.StreamTextAsync("Name three rivers.", cancellationToken: cancellationToken))
        {
            Console.Write(text);
        }
        // end: after
    }
}
