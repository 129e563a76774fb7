using System.Globalization;
using Microsoft.Extensions.AI;
using Streamline.Benchmarks.Real;
using Streamline.Tools;

namespace Streamline.Benchmarks.Pipeline;

/// <summary>
/// <c>-- tools [rounds]</c>: a conversation with two tools through this library's tool loop and through FunctionInvokingChatClient of Microsoft.Extensions.AI, over
/// sources that cost nothing; what the sources take alone is subtracted.
/// </summary>
internal static class ToolLoopMode
{
    public const int DefaultRounds = 300;

    private const int Repeats = 20;

    public static async Task RunAsync(int rounds)
    {
        using var source = new TwoToolSource(isAsynchronous: false);
        var options = new ChatOptions { Tools = [.. source.Tools] };
        var tools = source.Tools.Aggregate(new ToolSet(), (set, tool) => set.Add(tool, new ToolOptions { ReadOnly = true }));
        var nonBlocking = source.Tools.Aggregate(new ToolSet(), (set, tool) => set.Add(tool, new ToolOptions { ReadOnly = true, NonBlocking = true }));
        var loop = new StreamClientBuilder(source).UseTools(tools).Build();
        var inline = new StreamClientBuilder(source).UseTools(nonBlocking).Build();
        var pipeline = new StreamClientBuilder(source).UseTools(tools).UseDefaults().Build();
        using var peer = new ChatClientBuilder(source).UseFunctionInvocation().Build();
        ChatMessage[] question = [new(ChatRole.User, "What is the weather in Paris, and what time is it?")];
        ChatMessage[] answered = [.. question, new(ChatRole.Tool, [new FunctionResultContent("call_1", "Rain")])];

        (string Name, Func<Task> Run)[] contenders =
        [
            ("source of events", async () =>
            {
                await ReadAsync(source, question);
                await ReadAsync(source, answered);
            }),
            ("tool loop", () => ReadAsync(loop, question)),
            ("tool loop, tools that never block", () => ReadAsync(inline, question)),
            ("tool loop and UseDefaults", () => ReadAsync(pipeline, question)),
            ("source of updates", async () =>
            {
                await CountAsync(source, question, options);
                await CountAsync(source, answered, options);
            }),
            ("FunctionInvokingChatClient", () => CountAsync(peer, question, options)),
        ];
        foreach (var (name, run) in contenders.Where(contender => !contender.Name.StartsWith("source", StringComparison.Ordinal)))
        {
            source.Reset();
            await run();
            if (source.StartedTools != 2)
            {
                throw new InvalidOperationException($"{name} ran {source.StartedTools} tools, expected 2.");
            }
        }

        var results = await MeasureAsync(contenders, rounds);
        var table = new ResultTable(1, "reader", "µs", "above its source µs", "B allocated", "above its source B");
        for (var i = 0; i < contenders.Length; i++)
        {
            var from = results[i < 4 ? 0 : 4];
            table.Add(
                contenders[i].Name, Number(results[i].Time / 1000), Number((results[i].Time - from.Time) / 1000), Number(results[i].Bytes), Number(results[i].Bytes - from.Bytes));
        }

        Console.WriteLine(table);
        await MeasureRecordedAsync(rounds);
        var (announced, entered) = await EarlyAsync();
        Console.WriteLine($"Of 200 calls, when the reader is given the end of the response that makes them: the start is shown for {announced}, the tool has been entered for {entered}. With FunctionInvokingChatClient: entered for {await EarlyPeerAsync()}.");
    }

    private static async Task MeasureRecordedAsync(int rounds)
    {
        using var conversation = new RecordedConversation();
        (string Name, Func<Task> Run)[] contenders =
        [
            ("Streamline: client alone, two requests", conversation.OursAloneAsync),
            ("Streamline: client, tool loop", conversation.OursAsync),
            ("Streamline: client, tool loop, tools that never block", conversation.InlineAsync),
            ("OpenAI package alone, two requests", conversation.PeerAloneAsync),
            ("OpenAI package, FunctionInvokingChatClient", conversation.PeerAsync),
        ];
        foreach (var (name, run) in contenders.Where(contender => !contender.Name.Contains("alone", StringComparison.Ordinal)))
        {
            var before = conversation.ToolsRun;
            await run();
            if (conversation.ToolsRun != before + 2)
            {
                throw new InvalidOperationException($"{name} ran {conversation.ToolsRun - before} tools, expected 2.");
            }
        }

        var results = await MeasureAsync(contenders, rounds);
        var table = new ResultTable(1, "from recorded bytes", "µs", "B allocated", "the loop alone µs", "the loop alone B", "time of the package");
        for (var i = 0; i < contenders.Length; i++)
        {
            var alone = results[i < 3 ? 0 : 3];
            table.Add(
                contenders[i].Name, Number(results[i].Time / 1000), Number(results[i].Bytes), Number((results[i].Time - alone.Time) / 1000), Number(results[i].Bytes - alone.Bytes), Number(results[i].Time / results[^1].Time));
        }

        Console.WriteLine(table);
    }

    private static async Task<(double Time, double Bytes)[]> MeasureAsync((string Name, Func<Task> Run)[] contenders, int rounds)
    {
        var results = contenders.Select(_ => (Time: double.MaxValue, Bytes: double.MaxValue)).ToArray();
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < contenders.Length; i++)
            {
                var bytes = GC.GetTotalAllocatedBytes();
                var start = TimeProvider.System.GetTimestamp();
                for (var repeat = 0; repeat < Repeats; repeat++)
                {
                    await contenders[i].Run();
                }

                var time = TimeProvider.System.GetElapsedTime(start).TotalNanoseconds / Repeats;
                bytes = GC.GetTotalAllocatedBytes() - bytes;
                results[i] = (Math.Min(results[i].Time, time), Math.Min(results[i].Bytes, bytes / (double)Repeats));
            }
        }

        return results;
    }

    private static async Task<(int Announced, int Entered)> EarlyAsync()
    {
        var (announced, entered) = (0, 0);
        for (var i = 0; i < 100; i++)
        {
            using var source = new TwoToolSource(isAsynchronous: true);
            var tools = source.Tools.Aggregate(new ToolSet(), (set, tool) => set.Add(tool, new ToolOptions { ReadOnly = true }));
            var client = new StreamClientBuilder(source).UseTools(tools).UseDefaults().Build();
            var shown = 0;
            await foreach (var streamEvent in client.StreamAsync(new StreamRequest { Messages = [new(ChatRole.User, "Hi")] }))
            {
                shown += streamEvent is ToolExecutionStarted ? 1 : 0;
                if (streamEvent is ResponseCompleted { FinishReason: FinishReason.ToolCalls })
                {
                    (announced, entered) = (announced + shown, entered + source.StartedTools);
                }
            }
        }

        return (announced, entered);
    }

    private static async Task<int> EarlyPeerAsync()
    {
        var entered = 0;
        for (var i = 0; i < 100; i++)
        {
            using var source = new TwoToolSource(isAsynchronous: true);
            using var peer = new ChatClientBuilder(source).UseFunctionInvocation().Build();
            var seen = 0;
            await foreach (var update in peer.GetStreamingResponseAsync([new(ChatRole.User, "Hi")], new ChatOptions { Tools = [.. source.Tools] }))
            {
                entered += ++seen == source.UpdatesOfCall ? source.StartedTools : 0;
            }
        }

        return entered;
    }

    private static async Task ReadAsync(IStreamClient client, IReadOnlyList<ChatMessage> messages)
    {
        await foreach (var streamEvent in client.StreamAsync(new StreamRequest { Messages = messages }))
        {
            _ = streamEvent;
        }
    }

    private static async Task CountAsync(IChatClient client, IEnumerable<ChatMessage> messages, ChatOptions options)
    {
        await foreach (var update in client.GetStreamingResponseAsync(messages, options))
        {
            _ = update;
        }
    }

    private static string Number(double value) => value.ToString(Math.Abs(value) < 10 ? "0.00" : "0", CultureInfo.InvariantCulture);
}
