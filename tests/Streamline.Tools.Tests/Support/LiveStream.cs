using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.AI;
using Streamline.TestSupport;

namespace Streamline.Tools.Tests;

/// <summary>A tool loop whose responses the test sends event by event while it reads what comes out.</summary>
internal sealed class LiveStream : IAsyncDisposable
{
    private readonly List<Channel<StreamEvent>> _responses = [];
    private readonly IAsyncEnumerator<StreamEvent> _events;
    private int _sending;

    public LiveStream(ToolSet tools, Action<ToolLoopOptions>? configure = null, ChatOptions? options = null, int responses = 3, CancellationToken cancellationToken = default)
    {
        for (var i = 0; i < responses; i++)
        {
            _responses.Add(Channel.CreateUnbounded<StreamEvent>());
        }

        Source = new FakeStreamClient([.. _responses.Select(channel =>
            new Func<StreamRequest, CancellationToken, IAsyncEnumerable<StreamEvent>>((_, token) => Read(channel, token)))]);
        Client = new StreamClientBuilder(Source).UseTools(tools, configure).Build();
        _events = Client.StreamAsync("hi", options, cancellationToken).GetAsyncEnumerator(CancellationToken.None);
    }

    public FakeStreamClient Source { get; }

    public IStreamClient Client { get; }

    /// <summary>Everything that was read so far.</summary>
    public List<StreamEvent> Seen { get; } = [];

    public void Send(params StreamEvent[] events)
    {
        foreach (var streamEvent in events)
        {
            _responses[_sending].Writer.TryWrite(streamEvent);
        }
    }

    /// <summary>Ends the response, with a failure if one is given; what is sent next belongs to the following one.</summary>
    public void End(Exception? failure = null) => _responses[_sending++].Writer.Complete(failure);

    /// <summary>Sends a whole response.</summary>
    public void SendAll(params StreamEvent[] events)
    {
        Send(events);
        End();
    }

    /// <summary>The next event; <see langword="null"/> at the end.</summary>
    public async Task<StreamEvent?> NextAsync()
    {
        if (!await _events.MoveNextAsync().AsTask().OrFail())
        {
            return null;
        }

        Seen.Add(_events.Current);
        return _events.Current;
    }

    /// <summary>Reads up to the next event of a type.</summary>
    public async Task<T> ReadToAsync<T>(Func<T, bool>? predicate = null)
        where T : StreamEvent
    {
        while (await NextAsync() is { } streamEvent)
        {
            if (streamEvent is T wanted && predicate?.Invoke(wanted) != false)
            {
                return wanted;
            }
        }

        throw new InvalidOperationException($"The stream ended without {typeof(T).Name}.\n{Seen.ToLines()}");
    }

    public Task<ToolResult> ResultOfAsync(string callId) => ReadToAsync<ToolResult>(result => result.CallId == callId);

    /// <summary>Reads up to the failure of the stream.</summary>
    public async Task<T> FailureAsync<T>()
        where T : Exception =>
        (await FluentActions.Awaiting(ReadToEndAsync).Should().ThrowAsync<T>()).Which;

    public async Task<List<StreamEvent>> ReadToEndAsync()
    {
        while (await NextAsync() is not null)
        {
        }

        return Seen;
    }

    public async ValueTask DisposeAsync() => await _events.DisposeAsync().AsTask().OrFail();

    private static async IAsyncEnumerable<StreamEvent> Read(Channel<StreamEvent> channel, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var streamEvent in channel.Reader.ReadAllAsync(cancellationToken))
        {
            yield return streamEvent;
        }
    }
}
