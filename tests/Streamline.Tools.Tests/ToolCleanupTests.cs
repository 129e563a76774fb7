using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.AI;
using Streamline.Json;
using Streamline.TestSupport;

namespace Streamline.Tools.Tests;

/// <summary>What streaming tools have begun is taken back before a stream is left.</summary>
[Trait("Law", "9")]
public sealed class ToolCleanupTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    public async Task Leave_WaitsForEveryRollback(int first, int second)
    {
        var tool = new SlowRollback();
        var live = new LiveStream([tool]);
        live.Send(Wire.Started, Wire.CallStarted(0, "1", "edit"), Wire.CallStarted(1, "2", "edit"), Wire.Text("x", 2));
        await live.ReadToAsync<TextDelta>();
        var leaving = live.DisposeAsync().AsTask();
        TaskCompletionSource[] rollbacks = [await tool.NextRollbackAsync(), await tool.NextRollbackAsync()];

        rollbacks[first].SetResult();
        leaving.IsCompleted.Should().BeFalse("the other one is under way");
        rollbacks[second].SetResult();
        await leaving.OrFail();
    }

    private sealed class SlowRollback : StreamingTool
    {
        private readonly Channel<TaskCompletionSource> _rollbacks = Channel.CreateUnbounded<TaskCompletionSource>();

        public override string Name => "edit";

        public override JsonElement JsonSchema { get; } = JsonElement.Parse("""{"type":"object"}""");

        public Task<TaskCompletionSource> NextRollbackAsync() => _rollbacks.Reader.ReadAsync().AsTask().OrFail();

        public override StreamingToolCall BeginCall(ToolCallContext? context) => new Call(this);

        private sealed class Call(SlowRollback tool) : StreamingToolCall
        {
            public override ValueTask OnInputAsync(PartialJsonElement input, CancellationToken cancellationToken) => ValueTask.CompletedTask;

            public override ValueTask<object?> CommitAsync(AIFunctionArguments arguments, CancellationToken cancellationToken) => new("done");

            public override ValueTask RollBackAsync()
            {
                var rollback = new TaskCompletionSource(); // what waits for it continues at once
                tool._rollbacks.Writer.TryWrite(rollback);
                return new ValueTask(rollback.Task);
            }
        }
    }
}
