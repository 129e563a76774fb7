using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.AI;
using Streamline.TestSupport;

namespace Streamline.Tools.Tests.Composition;

/// <summary>Tools run under a span of their own, in the trace of their stream.</summary>
public sealed class ToolSpanTests
{
    [Fact]
    public async Task Activity_InATool_IsItsSpanAndTheRoundsAreSpansOfOneStream()
    {
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is StreamTelemetry.SourceName or "test",
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        using var own = new ActivitySource("test").StartActivity("own");
        Activity? inside = null;
        var tool = new TestTool("tool", (_, _) =>
        {
            inside = Activity.Current;
            return ValueTask.FromResult<object?>("ok");
        });
        var source = new FakeStreamClient(
            (_, _) => FakeStreamClient.Stream(Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "1", "tool", """{"a":1}"""))),
            (_, _) => FakeStreamClient.Stream(Wire.Answer()));
        var client = new StreamClientBuilder(source).UseTelemetry().UseTools(new ToolSet().Add(tool)).Build();

        await foreach (var _ in client.StreamAsync("Hi", new ChatOptions { ModelId = "m" }))
        {
            Activity.Current.Should().BeSameAs(own);
        }

        var trace = spans.Where(span => span.TraceId == own!.TraceId).ToList();
        inside!.DisplayName.Should().Be("execute_tool tool");
        inside.TagObjects.Should().BeEquivalentTo(new Dictionary<string, object?>
        {
            ["gen_ai.operation.name"] = "execute_tool",
            ["gen_ai.tool.name"] = "tool",
            ["gen_ai.tool.call.id"] = "1",
            ["gen_ai.tool.type"] = "function",
        });
        inside.Status.Should().Be(ActivityStatusCode.Unset);
        trace.Select(span => span.DisplayName).Should().BeEquivalentTo("chat m", "chat m", "execute_tool tool", "streamline.stream");
        var whole = trace.Single(span => span.DisplayName == "streamline.stream");
        whole.ParentSpanId.Should().Be(own!.SpanId);
        trace.Where(span => span.DisplayName == "chat m").Should().OnlyContain(span => span.ParentSpanId == whole.SpanId);
        trace.Select(span => span.GetTagItem("streamline.outcome")).Where(outcome => outcome is not null).Should().OnlyContain(outcome => (string)outcome! == "completed");
    }

    [Fact]
    public async Task Span_OfAToolThatFails_SaysSo()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == StreamTelemetry.SourceName,
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        Activity? inside = null;
        var tool = new TestTool("tool", (_, _) =>
        {
            inside = Activity.Current;
            throw new InvalidOperationException();
        });

        await Loop.Over([tool], Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "1", "tool")), Wire.Answer()).RunAsync();

        inside!.GetTagItem("error.type").Should().Be("Exception");
        inside.Status.Should().Be(ActivityStatusCode.Error);
    }
}
