using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Streamline.Benchmarks.Pipeline;

/// <summary>
/// A model that calls two tools and answers from their results, as a source for either library: the same texts in as many pieces. The events are made beforehand, so
/// that only the reader costs anything.
/// </summary>
internal sealed class TwoToolSource : IStreamClient, IChatClient
{
    private const int TextPieces = 100;

    private readonly StreamEvent[] _callEvents;
    private readonly StreamEvent[] _answerEvents;
    private readonly ChatResponseUpdate[] _callUpdates;
    private readonly ChatResponseUpdate[] _answerUpdates;
    private readonly bool _isAsynchronous;

    /// <param name="isAsynchronous">Whether each piece arrives on its own, as from a network.</param>
    public TwoToolSource(bool isAsynchronous)
    {
        _isAsynchronous = isAsynchronous;
        _callEvents = [Started(), .. Text(0), .. Call(1, "call_1", "get_weather"), .. Call(2, "call_2", "get_time"), .. Text(3), new ResponseCompleted { FinishReason = FinishReason.ToolCalls }];
        _answerEvents = [Started(), .. Text(0), new ResponseCompleted { FinishReason = FinishReason.Stop }];
        _callUpdates = [.. Updates(), UpdateOf(new FunctionCallContent("call_1", "get_weather", Arguments())), UpdateOf(new FunctionCallContent("call_2", "get_time", Arguments())), .. Updates()];
        _answerUpdates = [.. Updates()];
    }

    /// <summary>Gets the number of tools that have started.</summary>
    public int StartedTools { get; private set; }

    /// <summary>Gets how many updates the response has that calls the tools.</summary>
    public int UpdatesOfCall => _callUpdates.Length;

    public AIFunction[] Tools => [AIFunctionFactory.Create(Weather, "get_weather"), AIFunctionFactory.Create(Time, "get_time")];

    public async IAsyncEnumerable<StreamEvent> StreamAsync(StreamRequest request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var isFirst = !HasResults(request.Messages);
        foreach (var streamEvent in isFirst ? _callEvents : _answerEvents)
        {
            if (_isAsynchronous)
            {
                await Task.Yield();
            }

            yield return streamEvent;
        }
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var isFirst = !HasResults([.. messages]);
        foreach (var update in isFirst ? _callUpdates : _answerUpdates)
        {
            if (_isAsynchronous)
            {
                await Task.Yield();
            }

            yield return update;
        }
    }

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    object? IStreamClient.GetService(Type serviceType) => null;

    object? IChatClient.GetService(Type serviceType, object? serviceKey) => null;

    public void Dispose()
    {
    }

    public void Reset() => StartedTools = 0;

    private static bool HasResults(IReadOnlyList<ChatMessage> messages) => messages[^1].Role == ChatRole.Tool;

    private static ResponseStarted Started() => new() { Provider = "test", ResponseId = "r" };

    private static Dictionary<string, object?> Arguments() => new(StringComparer.Ordinal) { ["city"] = "Paris" };

    private static IEnumerable<StreamEvent> Text(int index) => Enumerable.Range(0, TextPieces).Select(_ => new TextDelta { Index = index, Text = "word " });

    private static IEnumerable<StreamEvent> Call(int index, string id, string name)
    {
        const string Json = """{"city":"Paris"}""";
        yield return new ToolCallStarted { Index = index, CallId = id, Name = name };
        using var arguments = System.Text.Json.JsonDocument.Parse(Json);
        yield return new ToolCallCompleted { Index = index, CallId = id, Name = name, ArgumentsText = Json, Arguments = arguments.RootElement.Clone() };
    }

    private static IEnumerable<ChatResponseUpdate> Updates() => Enumerable.Range(0, TextPieces).Select(_ => UpdateOf(new TextContent("word ")));

    private static ChatResponseUpdate UpdateOf(AIContent content) => new(ChatRole.Assistant, [content]) { ResponseId = "r", MessageId = "m" };

    private string Weather(string city)
    {
        StartedTools++;
        return "Rain in " + city;
    }

    private string Time(string city)
    {
        StartedTools++;
        return "Noon in " + city;
    }
}
