using ChatSample;
using Streamline.Json;
using static Streamline.Samples.Tests.Chat.Calls;

namespace Streamline.Samples.Tests.Chat;

public sealed class TranscriptTests
{
    private readonly Transcript _transcript = new();

    [Fact]
    public void Apply_AToolCallThatGrows_ShowsItsArguments()
    {
        Apply(Response, Started("a"));
        var json = """{"city": "Par""";
        Apply(new ToolInputDelta { Index = 0, CallId = "a", Fragment = json, Input = PartialJson.Parse(json) });
        Shown().Should().Be("""▸ look(city: "Par…)""");

        Apply(new ToolCallCompleted { Index = 0, CallId = "a", Name = "look", ArgumentsText = """{"city":"Paris"}""", Arguments = System.Text.Json.JsonSerializer.SerializeToElement(new { city = "Paris" }) });
        Shown().Should().Be("""▸ look(city: "Paris")""");

        Apply(Asked("a"));
        Shown().Should().Contain("May it run?  y yes   n no");

        Apply(Answered("a"), Running("a"));
        Shown().Should().Contain("running…").And.NotContain("May it run?");

        Apply(Result("a"));
        Shown().Should().EndWith("✓ 0 ms  found");
    }

    [Fact]
    [Trait("Law", "6")]
    public void Apply_ARestart_DiscardsTheResponseAndSaysSo()
    {
        Apply(Response, Text("kept"), ResponseEnd, Response, Text("half an ans"));
        Apply(new StreamRestarted { Attempt = 2, Reason = "broken", Discarded = [0] });
        Apply(Response, Text("whole"));

        Shown().Should().Be("kept\n\nThe answer was interrupted (broken) and starts over.\n\nwhole");
    }

    [Fact]
    public void Apply_TextAroundACall_KeepsTheOrder()
    {
        Apply(Response, Text("before", 0), Started("a"), Text("after", 2));

        Shown().Should().Be("before\n\n▸ look(…)\n\nafter");
    }

    [Fact]
    public void Apply_AnErrorWithControlCharacters_ShowsOneCleanLine()
    {
        Apply(Response, Started("a"), Result("a", "no\e[2J\nsecond", isError: true));

        Shown().Should().EndWith("✗ no[2J second");
    }

    private static TextDelta Text(string text, int index = 0) => new() { Index = index, Text = text };

    private void Apply(params StreamEvent[] events)
    {
        foreach (var streamEvent in events)
        {
            _transcript.Apply(streamEvent);
        }
    }

    private string Shown() => Drawing.Of(_transcript.Render(new Timeline(), TimeSpan.Zero, Drawing.Width));
}
