using ChatSample;

namespace Streamline.Samples.Tests.Chat;

public sealed class AnswerKeysTests
{
    private readonly ScriptedKeys _input = new();
    private readonly List<(string Call, ApprovalDecision Decision)> _answers = [];
    private int _stops;

    [Fact]
    public async Task Listen_YesAndNo_AnswerTheRequestsInTheirOrder()
    {
        await PressAsync([Question("a"), Question("b")], ConsoleKey.Y, ConsoleKey.N);

        _answers.Should().Equal(("a", ApprovalDecision.Approved), ("b", ApprovalDecision.Denied));
        _stops.Should().Be(0);
    }

    [Fact]
    public async Task Listen_ARequestThatNobodyAnsweredInTime_LeavesTheKeyToTheNext()
    {
        await PressAsync([Question("a", counts: false), Question("b")], ConsoleKey.Y);

        _answers.Should().Equal(("a", ApprovalDecision.Approved), ("b", ApprovalDecision.Approved));
    }

    [Fact]
    public async Task Listen_Escape_Stops()
    {
        await PressAsync([], ConsoleKey.Y, ConsoleKey.X, ConsoleKey.Escape);

        _stops.Should().Be(1);
        _answers.Should().BeEmpty();
    }

    private ApprovalRequested Question(string call, bool counts = true) => Calls.Asked(call, answer =>
    {
        _answers.Add((call, answer.Decision));
        return counts;
    });

    // The keys are there before anybody listens, and are read without a wait until none is left.
    private async Task PressAsync(ApprovalRequested[] questions, params ConsoleKey[] pressed)
    {
        var keys = new AnswerKeys(_input, () => _stops++);
        foreach (var question in questions)
        {
            keys.Ask(question);
        }

        foreach (var key in pressed)
        {
            _input.Press(key);
        }

        using var end = new CancellationTokenSource();
        var listening = keys.ListenAsync(end.Token);
        await end.CancelAsync();
        await listening;
    }
}
