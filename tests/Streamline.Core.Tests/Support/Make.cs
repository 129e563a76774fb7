using System.Net;
using Microsoft.Extensions.AI;
using Streamline.TestSupport;

namespace Streamline.Tests;

/// <summary>Short names for what middleware tests are made of.</summary>
internal static class Make
{
    public static StreamRequest Request { get; } = new() { Messages = [new ChatMessage(ChatRole.User, "hello")] };

    public static ResponseStarted Started(string id = "r") => new() { Provider = "test", ResponseId = id };

    public static ResponseCompleted Completed() => new() { FinishReason = FinishReason.Stop };

    public static TextDelta Words(string text, int index = 0) => new() { Index = index, Text = text };

    public static ReasoningDelta Reasoning(string text, int index = 0) => new() { Index = index, Text = text };

    public static RefusalDelta Refusal(string text, int index = 0) => new() { Index = index, Text = text };

    public static ToolInputDelta Input(string fragment, int index = 0, string call = "c") => new() { Index = index, CallId = call, Fragment = fragment };

    public static ProviderException Overloaded(TimeSpan? retryAfter = null, bool inBand = false) =>
        new("test", (HttpStatusCode)529, "overloaded_error", "try later") { IsRetryable = true, RetryAfter = retryAfter, IsInBand = inBand };

    public static StreamInterruptedException Interrupted() => new("The body ended", bytesReceived: 7);

    /// <summary>An attempt that streams the events and then throws.</summary>
    public static Func<StreamRequest, CancellationToken, IAsyncEnumerable<StreamEvent>> Fails(Exception exception, params StreamEvent[] events) =>
        (_, _) => FakeStreamClient.StreamThenThrow(exception, events);

    /// <summary>An attempt that streams the events and ends.</summary>
    public static Func<StreamRequest, CancellationToken, IAsyncEnumerable<StreamEvent>> Ends(params StreamEvent[] events) =>
        (_, _) => FakeStreamClient.Stream(events);

    /// <summary>An attempt that streams the events and then stalls until it is cancelled.</summary>
    public static Func<StreamRequest, CancellationToken, IAsyncEnumerable<StreamEvent>> Stalls(params StreamEvent[] events) =>
        (_, cancellationToken) => FakeStreamClient.StreamThenStall(events, cancellationToken);

    public static string TextOf(IEnumerable<StreamEvent> events)
    {
        var state = new StreamState();
        foreach (var streamEvent in events)
        {
            state.Apply(streamEvent);
        }

        return state.Text;
    }
}
