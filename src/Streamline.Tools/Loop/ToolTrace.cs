using System.Diagnostics;
using Streamline.Diagnostics;

namespace Streamline.Tools;

/// <summary>The span of a tool call, with the names of OpenTelemetry's conventions for generative AI, which are the same in every edition. It is current while the tool runs.</summary>
internal static class ToolTrace
{
    private static readonly ActivitySource Source = new(StreamTelemetry.SourceName);

    public static bool IsListenedTo => Source.HasListeners();

    /// <summary>Starts the span of a call. A listener that throws must not keep the tool from running; the call then has no span.</summary>
    public static Activity? Start(ToolCall call)
    {
        var outer = Activity.Current;
        try
        {
            return Source.StartActivity($"execute_tool {call.Name}")
                ?.SetTag("gen_ai.operation.name", "execute_tool")
                .SetTag("gen_ai.tool.name", call.Name)
                .SetTag("gen_ai.tool.call.id", call.CallId)
                .SetTag("gen_ai.tool.type", "function");
        }
        catch (Exception)
        {
            Activity.Current = outer; // a listener is called after the span has become current
            return null;
        }
    }

    /// <summary>Ends the span of a call. A listener that throws must not change the outcome.</summary>
    public static void End(Activity? span, ToolOutcome outcome)
    {
        try
        {
            if (outcome.Failure is { } failure)
            {
                span?.SetTag("error.type", failure.ToString()).SetStatus(ActivityStatusCode.Error);
            }

            span?.Dispose();
        }
        catch (Exception)
        {
            // As for the observers of failures.
        }
    }
}
