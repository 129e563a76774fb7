using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Streamline.TestSupport;

namespace Streamline.Tests.Resilience.Continue;

/// <summary>A model that always says the same, whose connection breaks as often as the test wants, and which continues what it has said as real models do.</summary>
/// <param name="text">All that it says.</param>
/// <param name="cuts">For each request, after how many characters of its answer the connection breaks.</param>
/// <param name="continues">Makes the text of a continuation of the text that was shown, when it is asked in words; <see langword="null"/> for a model that takes a prefill.</param>
internal sealed class SimulatedModel(string text, int[] cuts, Func<string, string>? continues = null) : IStreamClient
{
    private readonly List<StreamRequest> _requests = [];

    public IReadOnlyList<StreamRequest> Requests => _requests;

    /// <summary>How many characters go into a delta.</summary>
    public int Piece { get; init; } = 5;

    /// <summary>What follows a text that is cut.</summary>
    public Exception Failure { get; init; } = Make.Interrupted();

    public object? GetService(Type serviceType) => serviceType.IsInstanceOfType(this) ? this : null;

    public async IAsyncEnumerable<StreamEvent> StreamAsync(StreamRequest request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.CompletedTask;
        var attempt = _requests.Count;
        _requests.Add(request);
        var answer = Answer(request);
        var length = attempt < cuts.Length ? Math.Min(cuts[attempt], answer.Length) : answer.Length;
        yield return new ResponseStarted { Provider = "test", ResponseId = $"r{attempt}", Model = "model" };
        yield return new ContentStarted { Index = 0, Kind = ContentKind.Text };
        for (var i = 0; i < length;)
        {
            var end = Math.Min(i + Piece, length);
            end += end < answer.Length && char.IsLowSurrogate(answer[end]) && char.IsHighSurrogate(answer[end - 1]) ? 1 : 0;
            yield return Make.Words(answer[i..end]);
            i = end;
        }

        if (attempt < cuts.Length)
        {
            throw Failure;
        }

        yield return new ContentCompleted { Index = 0, Kind = ContentKind.Text };
        yield return Make.Completed();
    }

    private string Answer(StreamRequest request)
    {
        if (request.ContinuesLastMessage)
        {
            var sent = request.Messages[^1].Text;
            text.Should().StartWith(sent);
            return text[sent.Length..];
        }

        return request.Messages.Count > 1 && continues is not null ? continues(request.Messages[^2].Text) : text;
    }
}
