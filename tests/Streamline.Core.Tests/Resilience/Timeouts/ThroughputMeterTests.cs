using static Streamline.Tests.Make;

namespace Streamline.Tests.Resilience.Timeouts;

[Trait("Law", "12")]
public sealed class ThroughputMeterTests
{
    private readonly ThroughputMeter _meter = new(minimum: 10, maxLag: TimeSpan.FromSeconds(10));

    public static TheoryData<StreamEvent> Deltas => new() { Words("12345"), Reasoning("12345"), Refusal("12345"), Input("12345") };

    public static TheoryData<StreamEvent> Ends => new()
    {
        new ContentCompleted { Index = 0, Kind = ContentKind.Text },
        new ToolCallCompleted { Index = 0, CallId = "c", Name = "n", ArgumentsText = "{}" },
        Completed(),
    };

    [Theory]
    [MemberData(nameof(Deltas))]
    public void Note_Characters_MakeUpForTheTimeTheyMayTake(StreamEvent delta)
    {
        _meter.Note(Words("a"));
        _meter.NoteWait(TimeSpan.FromSeconds(3));
        Left().Should().Be(7);

        _meter.Note(delta);
        Left().Should().Be(7.5);
    }

    [Fact]
    public void Note_MoreThanIsMissing_IsNotSavedUp()
    {
        _meter.Note(Words("a"));
        _meter.NoteWait(TimeSpan.FromSeconds(0.5));
        _meter.Note(Words("123456789"));
        Left().Should().Be(10);

        _meter.NoteWait(TimeSpan.FromSeconds(20));
        Left().Should().Be(0, "no time is left, and none is owed");
    }

    [Fact]
    public void Left_BeforeTheFirstCharacter_IsNotMeasured()
    {
        _meter.NoteWait(TimeSpan.FromSeconds(5));
        _meter.Note(Started());
        _meter.Note(Words(""));
        _meter.Note(KeepAlive.Instance);
        _meter.Left.Should().BeNull();

        _meter.Note(Words("a"));
        Left().Should().Be(10);
    }

    [Theory]
    [MemberData(nameof(Ends))]
    public void Note_EndOfABlock_EndsTheMeasurement(StreamEvent end)
    {
        _meter.Note(Words("a"));
        _meter.NoteWait(TimeSpan.FromSeconds(3));
        _meter.Note(KeepAlive.Instance);
        Left().Should().Be(7, "a sign of life changes nothing");

        _meter.Note(end);
        _meter.Left.Should().BeNull();
        _meter.NoteWait(TimeSpan.FromSeconds(3));
        _meter.Note(Words("a"));
        Left().Should().Be(10);
    }

    [Fact]
    public void Note_RateOfNearlyNothing_DoesNotOverflow()
    {
        var meter = new ThroughputMeter(double.Epsilon, TimeSpan.FromSeconds(10));
        meter.Note(Words("a"));
        meter.NoteWait(TimeSpan.FromSeconds(3));
        meter.Note(Words("a"));

        meter.Left.Should().Be(TimeSpan.FromSeconds(10));
    }

    private double Left() => _meter.Left!.Value.TotalSeconds;
}
