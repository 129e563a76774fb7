using System.Text.Json;
using Microsoft.Extensions.AI;
using Streamline.TestSupport;

namespace Streamline.Tools.Tests;

/// <summary>Tools and hooks that are broken themselves: the model gets a result, nothing runs twice, nothing hangs.</summary>
[Trait("Law", "7")]
public sealed class BadInputTests
{
    private static readonly StreamEvent[] OneCall = Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "1", "tool", """{"a":1}"""));

    [Theory]
    [InlineData(null)]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("{}")]
    [InlineData("5")]
    [InlineData("\"object\"")]
    [InlineData("[]")]
    [InlineData("""{"type":5,"properties":[],"required":"a","enum":1,"minProperties":"x"}""")]
    [InlineData("""{"type":"map","$ref":"https://example.com/schema"}""")]
    [InlineData("""{"$ref":"#"}""")]
    [InlineData("""{"allOf":[{"$ref":"#"},{"$ref":"#"}]}""")]
    public async Task Schema_MissingOrNotUnderstood_LeavesTheArgumentsToTheTool(string? schema)
    {
        var tool = new SchemaTool(() => schema is null ? default : Wire.Json(schema));
        var events = await Loop.Over([tool], OneCall, Wire.Answer()).RunAsync();
        events.ResultOf("1").Result.GetString().Should().Be("1");
        tool.Calls.Should().Be(1);
    }

    [Fact]
    public async Task Schema_ThatThrows_LeavesTheArgumentsToTheTool()
    {
        var tool = new SchemaTool(() => throw new NotSupportedException("no schema"));
        var events = await Loop.Over([tool], OneCall, Wire.Answer()).RunAsync();
        events.ResultOf("1").IsError.Should().BeFalse();
        tool.Calls.Should().Be(1);
    }

    [Fact]
    public async Task Schema_ThatAllowsNothing_IsNotRunAndTheModelIsTold()
    {
        var tool = new SchemaTool(() => Wire.Json("false"));
        var events = await Loop.Over([tool], OneCall, Wire.Answer()).RunAsync();
        events.ErrorOf("1").Should().Contain("do not match the schema");
        tool.Calls.Should().Be(0);
    }

    [Fact]
    public async Task Schema_Deep_IsCheckedAsFarAsItIsRead()
    {
        var deep = string.Concat(Enumerable.Repeat("""{"properties":{"a":""", 1_000)) + "{}" + string.Concat(Enumerable.Repeat("}}", 1_000));
        var tool = new SchemaTool(() => JsonDocument.Parse(deep, new JsonDocumentOptions { MaxDepth = 4_000 }).RootElement);
        (await Loop.Over([tool], OneCall, Wire.Answer()).RunAsync()).ResultOf("1").IsError.Should().BeFalse();
        tool.Calls.Should().Be(1);
    }

    [Fact]
    public async Task HookBetweenRounds_ThatThrows_EndsTheStreamAndNothingRunsAgain()
    {
        var tool = new SchemaTool(() => Wire.Json("{}"));
        var loop = Loop.Over([tool], o => o.StopWhen = _ => throw new InvalidOperationException("hook"), OneCall, Wire.Answer());
        var (_, exception) = await loop.Client.StreamAsync("hi").CatchAsync();
        exception.Should().BeOfType<InvalidOperationException>().Which.Message.Should().Be("hook");
        (tool.Calls, loop.Source.Requests.Count).Should().Be((1, 1));
    }

    private sealed class SchemaTool(Func<JsonElement> schema) : AIFunction
    {
        public int Calls { get; private set; }

        public override string Name => "tool";

        public override JsonElement JsonSchema => schema();

        protected override ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
        {
            Calls++;
            return ValueTask.FromResult<object?>(arguments["a"]!.ToString());
        }
    }
}
