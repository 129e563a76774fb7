using System.Diagnostics;
using Streamline.TestSupport;
using static Streamline.Tests.Make;

namespace Streamline.Tests.Diagnostics.Telemetry;

/// <summary>The span of a request that was expected after the results of tools, and never sent because the consumer left.</summary>
public sealed class UnsentRequestSpanTests
{
    [Fact]
    [Trait("Law", "9")]
    public async Task Request_ThatIsExpectedAndNeverSent_EndsItsSpanAndIsNotRecorded()
    {
        using var trace = new Activity("test").Start();
        var (open, recorded) = (0, 0);
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == StreamTelemetry.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> creation) => creation.TraceId == trace.TraceId ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
            ActivityStarted = span => open += span.TraceId == trace.TraceId ? 1 : 0,
            ActivityStopped = span =>
            {
                open -= span.TraceId == trace.TraceId ? 1 : 0;
                recorded += span.TraceId == trace.TraceId && span.Recorded && span.OperationName.StartsWith("chat", StringComparison.Ordinal) ? 1 : 0;
            },
        };
        ActivitySource.AddActivityListener(listener);
        var client = new StreamClientBuilder(FakeStreamClient.Of(
            Started("r1"), new ToolCallStarted { Index = 0, CallId = "c", Name = "f" }, new ToolCallCompleted { Index = 0, CallId = "c", Name = "f", ArgumentsText = "{}", Arguments = System.Text.Json.JsonElement.Parse("{}") },
            new ResponseCompleted { FinishReason = FinishReason.ToolCalls }, new ToolExecutionStarted { CallId = "c", Name = "f" },
            new ToolResult { CallId = "c", Name = "f", Result = System.Text.Json.JsonElement.Parse("1") }, Words("never read"))).UseTelemetry().Build();

        await foreach (var streamEvent in client.StreamAsync(Request))
        {
            if (streamEvent is ToolResult)
            {
                break;
            }
        }

        open.Should().Be(0);
        recorded.Should().Be(1, "one request was sent");
    }
}
