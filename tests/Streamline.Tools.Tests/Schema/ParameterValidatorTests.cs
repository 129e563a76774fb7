using System.Text.Json;
using Microsoft.Extensions.AI;
using Streamline.TestSupport;

namespace Streamline.Tools.Tests.Schema;

/// <summary>Arguments that fit the schema and not the parameter are refused before the tool starts, and the model reads which one and why.</summary>
public sealed class ParameterValidatorTests
{
    private static readonly Func<string, string> Name = static text => text;

    public static TheoryData<Delegate, string, string> Unreadable => new()
    {
        { (DateTime day) => Name($"{day}"), """{"day":"tomorrow"}""", "'day': expected date-time, found string \"tomorrow\"." },
        { (DateTimeOffset? day) => Name($"{day}"), """{"day":"tomorrow"}""", "'day': expected date-time, found string \"tomorrow\"." },
        { (DateOnly day) => Name($"{day}"), """{"day":"2026-02-30"}""", "'day': expected date, found string \"2026-02-30\"." },
        { (TimeOnly at) => Name($"{at}"), """{"at":"noon"}""", "'at': expected time, found string \"noon\"." },
        { (TimeSpan wait) => Name($"{wait}"), """{"wait":"a day"}""", "'wait': expected duration, such as \"00:01:30\", found string \"a day\"." },
        { (Guid id) => Name($"{id}"), """{"id":"7"}""", "'id': expected uuid, found string \"7\"." },
        { (byte level) => Name($"{level}"), """{"level":300}""", "'level': expected integer from 0 to 255, found number 300." },
        { (int count) => Name($"{count}"), """{"count":99999999999}""", "'count': expected integer from -2147483648 to 2147483647, found number 99999999999." },
        { (int count) => Name($"{count}"), """{"count":5.0}""", "'count': expected integer without fraction and exponent, found number 5.0." },
        { (uint a, int b) => Name($"{a}{b}"), """{"a":-1,"b":1e3}""", "'a': expected integer from 0 to 4294967295, found number -1. 'b': expected integer without fraction and exponent, found number 1e3." },
        { (Stay stay) => Name($"{stay}"), """{"stay":{"nights":[{"day":"2026-01-01","guests":1},{"day":"2026-01-02","guests":-3}]}}""", "'stay.nights[1].guests': expected integer from 0 to 255, found number -3." },
        { (Dictionary<string, Guid> ids) => Name($"{ids.Count}"), """{"ids":{"a b":"x"}}""", "'ids.a b': expected uuid, found string \"x\"." },
        { (Even number) => Name($"{number}"), """{"number":{"value":3}}""", "'number': not a valid value: object." },
    };

    public static TheoryData<Delegate, string> Readable => new()
    {
        { (DateTime day) => Name($"{day:yyyy}"), """{"day":"2026-01-02T03:04:05Z"}""" },
        { (int count, byte? level, double ratio) => Name($"{count}{level}{ratio}"), """{"count":-5,"level":null,"ratio":5}""" },
        { (Stay stay) => Name($"{stay}"), """{"stay":{"nights":[{"day":"2026-01-01","guests":1}]}}""" },
        { (Even number, string text, JsonElement any) => Name($"{number}{text}{any}"), """{"number":{"value":4},"text":"","any":{"b":[]}}""" },
        { (AIFunctionArguments all, CancellationToken token) => Name($"{all.Count}{token.IsCancellationRequested}"), "{}" },
    };

    [Theory]
    [MemberData(nameof(Unreadable))]
    public async Task ArgumentThatTheParameterCannotTake_IsNotRun_AndTheModelIsToldWhy(Delegate method, string arguments, string problems)
    {
        var events = await RunAsync(AIFunctionFactory.Create(method, "tool"), arguments);

        events.ErrorOf("1").Should().Be($"The tool was not run: its arguments do not match the schema. {problems}");
        events.Should().NotContain(streamEvent => streamEvent is ToolExecutionStarted);
    }

    [Theory]
    [MemberData(nameof(Readable))]
    public async Task ArgumentThatTheParameterTakes_RunsTheTool(Delegate method, string arguments)
    {
        var events = await RunAsync(AIFunctionFactory.Create(method, "tool"), arguments);

        events.ResultOf("1").IsError.Should().BeFalse();
    }

    [Fact]
    public async Task WrappedFunction_IsCheckedBeforeAnybodyIsAsked()
    {
        var function = new ApprovalRequiredAIFunction(AIFunctionFactory.Create((DateTime day) => Name($"{day}"), "tool"));

        var events = await RunAsync(function, """{"day":"tomorrow"}""");

        events.ErrorOf("1").Should().Contain("'day': expected date-time");
        events.Should().NotContain(streamEvent => streamEvent is ApprovalRequested);
    }

    [Fact]
    public async Task ValidateArguments_False_LeavesTheArgumentsToTheFunction()
    {
        var loop = Loop.Over(new ToolSet().Add(AIFunctionFactory.Create((DateTime day) => Name($"{day}"), "tool"), tool => tool.ValidateArguments = false), Calls("""{"day":"tomorrow"}"""), Wire.Answer());

        var events = await loop.RunAsync();

        events.ErrorOf("1").Should().Be("The tool failed.");
    }

    private static StreamEvent[] Calls(string arguments) => Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "1", "tool", arguments));

    private static Task<List<StreamEvent>> RunAsync(AIFunction function, string arguments) => Loop.Over([function], Calls(arguments), Wire.Answer()).RunAsync();

    internal sealed record Stay(IReadOnlyList<Night> Nights);

    internal sealed record Night(DateOnly Day, byte Guests);

    internal sealed record Even
    {
        public Even(int value) => Value = value % 2 == 0 ? value : throw new ArgumentException("Secret words.", nameof(value));

        public int Value { get; }
    }
}
