using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Streamline.TestSupport;

namespace Streamline.Tools.Tests;

/// <summary>What a tool knows of its call, and in which context it runs.</summary>
public sealed class ToolContextTests
{
    private static readonly StreamEvent[] OneCall = Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "1", "tool", """{"a":1}"""));

    [Fact]
    public async Task ToolCall_TellsIdRoundMessagesAndOptions()
    {
        List<ToolCallContext> contexts = [];
        var tool = new TestTool("tool", (arguments, _) =>
        {
            contexts.Add(arguments.ToolCall()!);
            return ValueTask.FromResult<object?>("ok");
        });
        await Loop.Over([tool], OneCall, OneCall, Wire.Answer()).RunAsync(new ChatOptions { ModelId = "m" });
        contexts.Select(context => (context.CallId, context.Name, context.Round, context.Messages.Count, context.Options.ModelId)).Should().Equal(("1", "tool", 1, 1, "m"), ("1", "tool", 2, 3, "m"));
        contexts[0].Arguments.GetProperty("a").GetInt32().Should().Be(1);
        contexts[0].AreArgumentsEdited.Should().BeFalse();
    }

    [Fact]
    public async Task ToolCall_Report_IsProgress()
    {
        var tool = new TestTool("tool", (arguments, _) =>
        {
            var call = arguments.ToolCall()!;
            call.Report("half");
            call.Report(Wire.Json("""{"done":2}"""));
            FluentActions.Invoking(() => call.Report(default(JsonElement))).Should().Throw<ArgumentException>().WithMessage("A progress report must be a JSON value*");
            FluentActions.Invoking(() => call.Report((string)null!)).Should().Throw<ArgumentNullException>().WithParameterName("value");
            FluentActions.Invoking(() => call.AddTool(null!)).Should().Throw<ArgumentNullException>().WithParameterName("tool");
            return ValueTask.FromResult<object?>("ok");
        });
        var events = await Loop.Over([tool], OneCall, Wire.Answer()).RunAsync();
        events.ResultOf("1").IsError.Should().BeFalse("what the tool expects above has happened");
        events.OfType<ToolProgress>().Select(progress => progress.Progress.GetRawText()).Should().Equal("\"half\"", """{"done":2}""");
    }

    [Fact]
    public void ToolCall_OutsideOfALoop_IsNull() => new AIFunctionArguments().ToolCall().Should().BeNull();

    [Fact]
    public async Task AddTool_DuringTheRun_IsDeclaredAndRunFromTheNextRoundOn()
    {
        var later = new TestTool("later", "ok");
        var tool = new TestTool("tool", (arguments, _) =>
        {
            arguments.ToolCall()!.AddTool(later);
            return ValueTask.FromResult<object?>("ok");
        });
        var loop = Loop.Over([tool], OneCall, Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "2", "later")), Wire.Answer());
        (await loop.RunAsync()).ResultOf("2").IsError.Should().BeFalse();
        loop.Source.Requests.Select(request => request.Options!.Tools!.Count).Should().Equal(1, 2, 2);
    }

    [Fact]
    [Trait("Finding", "T8")]
    public async Task ExecutionContext_OfAQueuedTool_IsTheCallersAndNotThatOfTheToolBefore()
    {
        var local = new AsyncLocal<string>();
        List<string?> seen = [];
        var tool = new TestTool("tool", async (_, _) =>
        {
            lock (seen)
            {
                seen.Add(local.Value);
            }

            local.Value = "tool";
            await Task.Yield();
            return "ok";
        });
        StreamEvent[] calls = Wire.Response(FinishReason.ToolCalls, [.. Wire.Call(0, "1", "tool"), .. Wire.Call(1, "2", "tool"), .. Wire.Call(2, "3", "tool")]);
        local.Value = "caller";
        await Loop.Over([tool], o => o.MaxConcurrency = 1, calls, Wire.Answer()).RunAsync();
        seen.Should().Equal("caller", "caller", "caller");
    }

    [Fact]
    [Trait("Finding", "T8")]
    public async Task ScopePerCall_EachCall_GetsAScopeThatEndsWithTheTool()
    {
        List<Scoped> seen = [];
        List<bool> disposedWhileRunning = [];
        var tool = new TestTool("tool", (arguments, _) =>
        {
            var scoped = arguments.Services!.GetRequiredService<Scoped>();
            arguments.Services!.GetRequiredService<Scoped>().Should().BeSameAs(scoped);
            seen.Add(scoped);
            disposedWhileRunning.Add(scoped.IsDisposed);
            return ValueTask.FromResult<object?>("ok");
        });
        await using var services = new ServiceCollection().AddScoped<Scoped>().BuildServiceProvider(validateScopes: true);
        StreamEvent[] calls = Wire.Response(FinishReason.ToolCalls, [.. Wire.Call(0, "1", "tool"), .. Wire.Call(1, "2", "tool")]);
        await Loop.Over([tool], o => (o.Services, o.ScopePerCall, o.MaxConcurrency) = (services, true, 1), calls, Wire.Answer()).RunAsync();
        seen.Distinct().Should().HaveCount(2).And.OnlyContain(scoped => scoped.IsDisposed);
        disposedWhileRunning.Should().Equal(false, false);
    }

    [Fact]
    public async Task ScopePerCall_WithoutServices_IsAClearFailure()
    {
        var loop = Loop.Over([new TestTool("tool")], o => (o.ScopePerCall, o.IncludeExceptionDetails) = (true, true), OneCall, Wire.Answer());
        (await loop.RunAsync()).ErrorOf("1").Should().Contain("ScopePerCall");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ScopePerCall_DisposalThatThrows_LeavesTheOutcomeAsItIs(bool fails)
    {
        var tool = new TestTool("tool", (arguments, _) =>
        {
            arguments.Services!.GetRequiredService<Stubborn>();
            return fails ? throw new ToolErrorException("of the tool") : ValueTask.FromResult<object?>("ok");
        });
        var failures = new List<ToolFailure>();
        await using var services = new ServiceCollection().AddScoped<Stubborn>().BuildServiceProvider();

        var events = await Loop.Over([tool], o => (o.Services, o.ScopePerCall, o.OnToolFailure) = (services, true, failures.Add), OneCall, Wire.Answer()).RunAsync();

        (events.ResultOf("1").IsError, events.ResultOf("1").Result.GetString()).Should().Be((fails, fails ? "of the tool" : "ok"));
        failures.Should().ContainSingle(failure => failure.Exception is IOException, "whoever watches is told of it");
    }

    private sealed class Stubborn : IDisposable
    {
        public void Dispose() => throw new IOException("The log could not be flushed.");
    }

    private sealed class Scoped : IDisposable
    {
        public bool IsDisposed { get; private set; }

        public void Dispose() => IsDisposed = true;
    }
}
