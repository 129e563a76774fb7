using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Streamline.Json;

namespace Streamline.Tests.Structured;

/// <summary>Values of every kind at the root, with and without an object around them, and in what models write around JSON.</summary>
public sealed class StructuredRootTests
{
    private static readonly string[] Surroundings =
    [
        "{0}", "```json\n{0}\n```", "```\n{0}", "Sure! Here it is:\n\n```json\n{0}\n```\nAnything else?", "<think>Is it {\"value\":9}? No.</think>\n{0}", "Here is the answer: {0}",
    ];

    [Fact]
    public Task Read_List_WrappedOrNot() => ReadsAsync("[1,22,333]", PlanContext.Default.Int32Array, value => value.Should().Equal(1, 22, 333), "value", "items");

    [Fact]
    public Task Read_ListOfObjects_WrappedOrNot() => ReadsAsync(
        """[{"title":"a","priority":"top"},{"title":"b","priority":"Low"}]""",
        PlanContext.Default.ListPlanStep,
        value => value.Should().Equal(new PlanStep("a", Priority.High), new PlanStep("b", Priority.Low)),
        "value",
        "items");

    [Fact]
    public Task Read_Union_WrappedOrNot() =>
        ReadsAsync("""{"kind":"train","company":"FS","line":"1"}""", PlanContext.Default.Transport, value => value.Should().Be(new Train("FS", "1")), "value");

    [Fact]
    public Task Read_Object_AsItIs() =>
        ReadsAsync("""{"entries":[],"summary":"x"}""", PlanContext.Default.Log, value => value!.Summary.Should().Be("x"));

    [Fact]
    public async Task Read_Scalar_WrappedOrNot()
    {
        await ReadsAsync("\"some text\"", PlanContext.Default.String, value => value.Should().Be("some text"), "value");
        await ReadsAsync("42", PlanContext.Default.Int32, value => value.Should().Be(42), "value");
        await ReadsAsync("true", PlanContext.Default.Boolean, value => value.Should().BeTrue(), "value");
        await ReadsAsync("\"top\"", PlanContext.Default.Priority, value => value.Should().Be(Priority.High), "value");
    }

    [Fact]
    public async Task Read_AnyJson_WrappedOrNot()
    {
        await ReadsAsync("""{"a":[1]}""", PlanContext.Default.JsonElement, value => value.GetProperty("a").GetArrayLength().Should().Be(1), "value");
        await ReadsAsync("[1]", PlanContext.Default.JsonElement, value => value.GetArrayLength().Should().Be(1), "value");
    }

    [Fact]
    public async Task Read_ListAfterOtherMembers_IsFound()
    {
        var partials = await Reading.ReadAsync("""{"thoughts":"two of them","value":[1,2]}""", PlanContext.Default.Int32Array);
        partials[^1].Value.Should().Equal(1, 2);
        partials[5].Value.Should().BeNull();
    }

    [Fact]
    public async Task Read_ScalarThatGrows_IsShown()
    {
        (await Reading.ReadAsync("""{"value":"some text"}""", PlanContext.Default.String)).Should().Contain(partial => partial.Value == "some");
    }

    [Fact]
    public async Task Read_NeitherTheValueNorItsWrapper_IsInvalid()
    {
        var (_, fault) = await Reading.FailAsync(Answers.Text("""{"list":[1]}"""), PlanContext.Default.Int32Array);
        (fault.Error, fault.Path).Should().Be((StructuredOutputError.InvalidValue, "$"));
        fault.Response!.RawText.Should().Be("""{"list":[1]}""");
    }

    [Theory]
    [InlineData("```\n\"x\"\n```")]
    [InlineData("```json\n\"x\"\n```\nThat is all.")]
    public async Task Read_StringInAFence_IsRead(string text) => (await Reading.ReadAsync(text, PlanContext.Default.String))[^1].Value.Should().Be("x");

    [Theory]
    [InlineData("""{"title":"a","priority":"Low"}""")]
    [InlineData("""{"value":{"title":"a","priority":"Low"}}""")]
    [InlineData("""[{"title":"a","priority":"Low"}]""")]
    public async Task Read_OneItemWithGuesses_IsAListOfOne(string text)
    {
        var options = new StructuredOutputOptions { Json = { Repair = PartialJsonRepairMode.Guess } };
        (await Reading.ReadAsync(text, PlanContext.Default.ListPlanStep, options: options))[^1].Value.Should().ContainSingle().Which.Title.Should().Be("a");
    }

    [Theory]
    [InlineData("5")]
    [InlineData("[5]")]
    [InlineData("""{"value":5}""")]
    [InlineData("""{"value":"5"}""")]
    public async Task Read_OneNumberWithGuesses_IsAListOfOne(string text)
    {
        var options = new StructuredOutputOptions { Json = { Repair = PartialJsonRepairMode.Guess } };
        (await Reading.ReadAsync(text, PlanContext.Default.Int32Array, options: options))[^1].Value.Should().Equal(5);
    }

    [Fact]
    public async Task Read_WhatIsAroundTheValue_IsReported()
    {
        var partials = await Reading.ReadAsync("Here you are: ```json\n{\"entries\":[],\"summary\":\"x\"}\n```", PlanContext.Default.Log);
        partials[^1].Repairs.Select(repair => repair.Kind).Should().Contain([PartialJsonRepairKind.TextBefore, PartialJsonRepairKind.MarkdownFence]);
        partials[^1].Response.RawText.Should().StartWith("Here you are");
    }

    [Fact]
    public async Task Read_StrictJson_RefusesWhatIsAround()
    {
        var options = new StructuredOutputOptions { Json = { Repair = PartialJsonRepairMode.None, AllowTruncation = false } };
        var (_, fault) = await Reading.FailAsync(Answers.Text("```json\n{\"entries\":[],\"summary\":\"x\"}\n```"), PlanContext.Default.Log, options);
        fault.Error.Should().Be(StructuredOutputError.InvalidJson);
    }

    private static async Task ReadsAsync<T>(string json, JsonTypeInfo<T> type, Action<T?> check, params string[] wrappers)
    {
        string[] answers = [json, .. wrappers.Select(wrapper => $$"""{"{{wrapper}}":{{json}}}""")];
        foreach (var surrounding in Surroundings)
        {
            foreach (var answer in answers.Where(answer => answer[0] is '{' or '[' || surrounding == "{0}"))
            {
                var text = surrounding.Replace("{0}", answer, StringComparison.Ordinal);
                foreach (var size in new[] { 1, 7, 1000 })
                {
                    var partials = await Reading.ReadAsync(text, type, size);
                    partials[^1].IsComplete.Should().BeTrue(text);
                    check(partials[^1].Value);
                }
            }
        }
    }
}
