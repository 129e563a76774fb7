using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Streamline.TestSupport;

namespace Streamline.Tools.Tests.Sessions;

/// <summary>A model each of whose responses is given by the test while it is read.</summary>
internal sealed class LiveModel
{
    private readonly Channel<LiveResponse> _requests = Channel.CreateUnbounded<LiveResponse>();

    public LiveModel() => Client = new FakeStreamClient((request, token) =>
    {
        var response = new LiveResponse(request);
        _requests.Writer.TryWrite(response);
        return response.ReadAsync(token);
    });

    public FakeStreamClient Client { get; }

    /// <summary>Waits for the next request.</summary>
    public Task<LiveResponse> NextAsync() => _requests.Reader.ReadAsync().AsTask().OrFail();
}

/// <summary>A response that goes on as the test says.</summary>
internal sealed class LiveResponse(StreamRequest request)
{
    private readonly Channel<StreamEvent> _events = Channel.CreateUnbounded<StreamEvent>();

    public StreamRequest Request => request;

    /// <summary>The messages of the request, each as its role and text.</summary>
    public IEnumerable<string> Said => request.Messages.Select(message => $"{message.Role}: {message.Text}");

    public void Send(params StreamEvent[] events) => Array.ForEach(events, streamEvent => _events.Writer.TryWrite(streamEvent));

    public void End(Exception? failure = null) => _events.Writer.Complete(failure);

    public void Answer(string text)
    {
        Send(Wire.Answer(text));
        End();
    }

    public async IAsyncEnumerable<StreamEvent> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var streamEvent in _events.Reader.ReadAllAsync(cancellationToken))
        {
            yield return streamEvent;
        }
    }
}
