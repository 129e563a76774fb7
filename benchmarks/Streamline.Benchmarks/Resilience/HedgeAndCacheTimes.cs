using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Streamline.Benchmarks.Resilience;

/// <summary>How long the loser of a hedge lives after the first content of the winner, and how long a late reader of a shared answer waits for what is there.</summary>
internal static class HedgeAndCacheTimes
{
    private const int Warm = 50;
    private const int Prefix = 1000;

    private static readonly StreamRequest Request = new() { Messages = [new ChatMessage(ChatRole.User, "Hi")] };
    private static readonly StreamEvent Started = new ResponseStarted { Provider = "p", Model = "m" };
    private static readonly StreamEvent Delta = new TextDelta { Index = 0, Text = "word " };
    private static readonly StreamEvent Completed = new ResponseCompleted { FinishReason = FinishReason.Stop };

    public static async Task RunAsync(int count, TextWriter output)
    {
        var closings = await HedgeAsync(count);
        var joins = await JoinAsync(count);
        output.WriteLine("| | p50, µs | p99, µs | most, µs | of |\n|---|---|---|---|---|");
        Write("hedging: first content to the loser's stream closed", closings);
        Write(string.Create(CultureInfo.InvariantCulture, $"cache: a late reader's call to the {Prefix:N0}th event"), joins);

        void Write(string name, List<double> times)
        {
            times.Sort();
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {times[times.Count / 2]:F0} | {times[times.Count * 99 / 100]:F0} | {times[^1]:F0} | {times.Count} |"));
        }
    }

    private static async Task<List<double>> HedgeAsync(int count)
    {
        List<double> times = [];
        for (var i = 0; i < count + Warm; i++)
        {
            var closed = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
            var calls = 0;

            // The first request is quick, so that it is known how long a first content takes; the next one hangs, and is overtaken.
            var source = new DelegateSource((_, token) => ++calls == 2 ? HangAsync(closed, token) : AnswerAsync());
            var client = new StreamClientBuilder(source).UseHedging(options => (options.MinimumRequests, options.Budget, options.MinDelay) = (1, 1, TimeSpan.FromMilliseconds(1))).Build();
            await foreach (var _ in client.StreamAsync(Request))
            {
            }

            var first = 0L;
            await foreach (var streamEvent in client.StreamAsync(Request))
            {
                if (streamEvent is TextDelta && first == 0)
                {
                    first = TimeProvider.System.GetTimestamp();
                }
            }

            var elapsed = TimeProvider.System.GetElapsedTime(first, await closed.Task).TotalMicroseconds;
            if (i >= Warm)
            {
                times.Add(Math.Max(0, elapsed));
            }
        }

        return times;
    }

    private static async Task<List<double>> JoinAsync(int count)
    {
        List<double> times = [];
        for (var i = 0; i < count + Warm; i++)
        {
            var ends = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var client = new StreamClientBuilder(new DelegateSource((_, _) => AnswerAsync(ends.Task))).UseCache().Build();
            var leader = client.StreamAsync(Request).GetAsyncEnumerator();
            for (var read = 0; read < Prefix + 1; read++)
            {
                await leader.MoveNextAsync();
            }

            var start = TimeProvider.System.GetTimestamp();
            var seen = 0;
            await foreach (var streamEvent in client.StreamAsync(Request))
            {
                if (streamEvent is TextDelta && ++seen == Prefix)
                {
                    break;
                }
            }

            if (i >= Warm)
            {
                times.Add(TimeProvider.System.GetElapsedTime(start).TotalMicroseconds);
            }

            ends.SetResult();
            while (await leader.MoveNextAsync())
            {
            }

            await leader.DisposeAsync();
        }

        return times;
    }

    private static async IAsyncEnumerable<StreamEvent> HangAsync(TaskCompletionSource<long> closed, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            yield return Started;
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }
        finally
        {
            closed.TrySetResult(TimeProvider.System.GetTimestamp());
        }
    }

    private static async IAsyncEnumerable<StreamEvent> AnswerAsync(Task? ends = null)
    {
        yield return Started;
        for (var i = 0; i < Prefix; i++)
        {
            yield return Delta;
        }

        await (ends ?? Task.CompletedTask);
        yield return Completed;
    }

    private sealed class DelegateSource(Func<StreamRequest, CancellationToken, IAsyncEnumerable<StreamEvent>> stream) : IStreamClient
    {
        public IAsyncEnumerable<StreamEvent> StreamAsync(StreamRequest request, CancellationToken cancellationToken = default) => stream(request, cancellationToken);

        public object? GetService(Type serviceType) => serviceType.IsInstanceOfType(this) ? this : null;
    }
}
