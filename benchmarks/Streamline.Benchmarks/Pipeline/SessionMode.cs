using System.Globalization;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.AI;
using Streamline.Benchmarks.Real;

namespace Streamline.Benchmarks.Pipeline;

/// <summary>How long it takes from <c>InterruptAndSend</c> until the next request is there, with a provider in this process that stalls.</summary>
internal static class SessionMode
{
    public const int DefaultRounds = 2_000;

    public static async Task RunAsync(int rounds)
    {
        var table = new ResultTable(1, "the turn that is cut off", "p50: ms", "p99: ms", "most: ms");
        await MeasureAsync("text, a bare client", tool: null, defaults: false);
        await MeasureAsync("text, UseTools and UseDefaults", tool: null, defaults: true);
        await MeasureAsync("a tool that heeds its token, UseTools and UseDefaults", AIFunctionFactory.Create(StallAsync, "stall"), defaults: true);
        Console.Write(table);

        async Task MeasureAsync(string name, AIFunction? tool, bool defaults)
        {
            var provider = new Provider { CallsTool = tool is not null };
            var builder = new StreamClientBuilder(provider);
            var client = defaults ? builder.UseTools(tool is null ? [] : [tool]).UseDefaults().Build() : provider;
            var times = new List<double>();
            await using var session = new StreamSession(client, new StreamSessionOptions { MaxHistoryMessages = 20 });
            session.Queue(new ChatMessage(ChatRole.User, "begin"));
            for (var round = 0; round < rounds; round++)
            {
                await provider.Requests.Reader.ReadAsync();
                if (tool is not null)
                {
                    await Started.Reader.ReadAsync();
                }

                var start = TimeProvider.System.GetTimestamp();
                provider.Requested = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                session.InterruptAndSend(new ChatMessage(ChatRole.User, "stop"), keepPartial: false);
                await provider.Requested.Task;
                times.Add(TimeProvider.System.GetElapsedTime(start).TotalMilliseconds);
            }

            times.Sort();
            table.Add(name, Text(times[times.Count / 2]), Text(times[times.Count * 99 / 100]), Text(times[^1]));
        }
    }

    private static readonly Channel<bool> Started = Channel.CreateUnbounded<bool>();

    private static async Task<string> StallAsync(CancellationToken cancellationToken)
    {
        Started.Writer.TryWrite(true);
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        return "";
    }

    private static string Text(double milliseconds) => milliseconds.ToString("0.00", CultureInfo.InvariantCulture);

    private sealed class Provider : IStreamClient
    {
        public bool CallsTool { get; init; }

        public TaskCompletionSource Requested { get; set; } = new();

        public Channel<bool> Requests { get; } = Channel.CreateUnbounded<bool>();

        public object? GetService(Type serviceType) => null;

        public async IAsyncEnumerable<StreamEvent> StreamAsync(StreamRequest request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            Requested.TrySetResult();
            yield return new ResponseStarted { Provider = "test", Model = "m" };
            yield return new TextDelta { Index = 0, Text = "Let me think." };
            if (CallsTool)
            {
                using var arguments = System.Text.Json.JsonDocument.Parse("{}");
                yield return new ToolCallStarted { Index = 1, CallId = "call", Name = "stall" };
                yield return new ToolCallCompleted { Index = 1, CallId = "call", Name = "stall", ArgumentsText = "{}", Arguments = arguments.RootElement.Clone() };
                Requests.Writer.TryWrite(true);
                yield return new ResponseCompleted { FinishReason = FinishReason.ToolCalls };
                yield break;
            }

            Requests.Writer.TryWrite(true);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }
    }
}
