using Microsoft.Extensions.AI;
using Streamline.TestSupport;

namespace Streamline.Tools.Tests;

public sealed class ToolSetTests
{
    [Fact]
    public void Add_SameNameTwice_IsRejected()
    {
        var set = new ToolSet { new TestTool("a") };
        FluentActions.Invoking(() => set.Add(new TestTool("a"))).Should().Throw<ArgumentException>().WithMessage("*'a'*");
        set.Count.Should().Be(1);
    }

    [Fact]
    public void Add_NamesThatDifferInCase_AreTwoTools() => new ToolSet { new TestTool("a"), new TestTool("A") }.Count.Should().Be(2);

    [Fact]
    public void Constructor_FromFunctions_HoldsThemInOrder()
    {
        AIFunction[] functions = [new TestTool("b"), new TestTool("a")];
        new ToolSet(functions).Should().Equal(functions);
    }

    [Fact]
    public void CollectionForms_GiveTheSameSet()
    {
        ToolSet expression = [new TestTool("a"), new TestTool("b")];
        ToolSet initializer = new() { new TestTool("a"), { new TestTool("b"), options => options.ReadOnly = true } };
        expression.Select(tool => tool.Name).Should().Equal(initializer.Select(tool => tool.Name));
    }

    [Fact]
    public void Add_Null_IsRejected()
    {
        var set = new ToolSet();
        FluentActions.Invoking(() => set.Add(null!)).Should().Throw<ArgumentNullException>();
        FluentActions.Invoking(() => set.Add(new TestTool("a"), (ToolOptions)null!)).Should().Throw<ArgumentNullException>();
        FluentActions.Invoking(() => set.Add(new TestTool("a"), (Action<ToolOptions>)null!)).Should().Throw<ArgumentNullException>();
        FluentActions.Invoking(() => new ToolSet(null!)).Should().Throw<ArgumentNullException>();
    }

    [Fact]
    public async Task UseTools_SetAndOptionsChangedLater_HaveNoEffect()
    {
        var late = new TestTool("late");
        var options = new ToolOptions { ReadOnly = true };
        var early = new GatedTool("early");
        var set = new ToolSet().Add(early.Function, options);
        ToolLoopOptions? captured = null;
        await using var live = new LiveStream(set, o => captured = o);
        options.ReadOnly = false;
        set.Add(late);
        captured!.MaxCallsPerRound = 1;

        live.Send([Wire.Started, .. Wire.Call(0, "1", "early"), .. Wire.Call(1, "2", "late")]);
        await live.ReadToAsync<ToolExecutionStarted>();
        (await early.NextRunAsync()).Complete();
        live.SendAll(Wire.Ended());
        live.SendAll(Wire.Answer());
        var events = await live.ReadToEndAsync();

        events.ErrorOf("2").Should().Contain("no tool named 'late'");
        late.Calls.Should().Be(0);
        live.Source.Requests[0].Options!.Tools.Should().ContainSingle();
    }

    [Fact]
    public async Task UseTools_EachForm_DeclaresTheTools()
    {
        AIFunction a = new TestTool("a");
        AIFunction b = new TestTool("b");
        foreach (var use in new Func<StreamClientBuilder, StreamClientBuilder>[]
        {
            builder => builder.UseTools(a, b),
            builder => builder.UseTools([a, b]),
            builder => builder.UseTools([a, b], options => options.MaxRounds = 2),
            builder => builder.UseTools(new ToolSet { a, b }),
        })
        {
            var source = FakeStreamClient.Of(Wire.Answer());
            await use(new StreamClientBuilder(source)).Build().StreamAsync("hi").CollectAsync();
            source.Requests[0].Options!.Tools!.Select(tool => tool.Name).Should().Equal("a", "b");
        }
    }

    [Fact]
    public void UseTools_Null_IsRejected()
    {
        var builder = new StreamClientBuilder(FakeStreamClient.Of());
        FluentActions.Invoking(() => builder.UseTools((ToolSet)null!)).Should().Throw<ArgumentNullException>();
        FluentActions.Invoking(() => builder.UseTools((AIFunction[])null!)).Should().Throw<ArgumentNullException>().WithParameterName("tools");
        FluentActions.Invoking(() => ((StreamClientBuilder)null!).UseTools(new ToolSet())).Should().Throw<ArgumentNullException>();
        FluentActions.Invoking(() => builder.UseTools(new TestTool("a")).Build().StreamAsync((StreamRequest)null!)).Should().Throw<ArgumentNullException>();
    }
}
