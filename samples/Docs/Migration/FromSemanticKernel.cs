using System.ComponentModel;
using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;
using Streamline;
using Streamline.Protocols;

namespace DocsSample.Migration;

/// <summary>From Semantic Kernel.</summary>
internal static class FromSemanticKernel
{
    public static async Task BeforeAsync(string apiKey, CancellationToken cancellationToken)
    {
        // begin: before
        var builder = Kernel.CreateBuilder().AddOpenAIChatCompletion("gpt-5", apiKey);
        builder.Plugins.AddFromType<Shop>();
        var kernel = builder.Build();
        var chat = kernel.GetRequiredService<IChatCompletionService>();
        var history = new ChatHistory();
        history.AddUserMessage("Find me a coat.");
        var settings = new PromptExecutionSettings { FunctionChoiceBehavior = FunctionChoiceBehavior.Auto() };
        var answer = "";
        await foreach (var update in chat.GetStreamingChatMessageContentsAsync(history, settings, kernel, cancellationToken))
        {
            answer += update.Content;
            Console.Write(update.Content);
        }

        history.AddAssistantMessage(answer);
        // end: before
    }

    public static async Task AfterAsync(string apiKey, CancellationToken cancellationToken)
    {
        // begin: after
        var client = new StreamClientBuilder(StreamProtocols.OpenAIChat.CreateClient(apiKey, "gpt-5"))
            .UseTools(new ToolSet().Add(AIFunctionFactory.Create(new Shop().Search), tool => tool.ReadOnly = true))
            .UseDefaults()
            .Build();
        List<ChatMessage> history = [new(ChatRole.User, "Find me a coat.")];
        var state = new StreamState();
        await foreach (var streamEvent in client.StreamAsync(history, cancellationToken: cancellationToken))
        {
            state.Apply(streamEvent);
            if (streamEvent is TextDelta delta)
            {
                Console.Write(delta.Text);
            }
        }

        history.AddRange(state.ToChatResponse().Messages); // with the calls and their results
        // end: after
    }

    // begin: plugin
    public sealed class Shop
    {
        [KernelFunction, Description("Searches the shop.")] // Streamline ignores KernelFunction and uses the descriptions
        public string Search([Description("What to look for.")] string query) => $"three results for {query}";
    }
    // end: plugin
}
