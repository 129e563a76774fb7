using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Streamline.Tests.Structured;

/// <summary>Every preview is a value that its own context can write, and shows nothing that the model did not say.</summary>
public sealed class PreviewSerializationTests
{
    private const string PlanText = """
        {"goal":"Ship","effort":3,"priority":"top","steps":[{"title":"Build","priority":"Low","note":"n"},{"priority":"top","title":"Test","sub-steps":[]}],"tags":["a","b"],
        "link":"https://example.org/","due":"2026-05-01T08:00:00Z","owner":{"name":"Kim","home":{"city":"Rome","lines":["1"]}},"currency":"USD","slug":"ship","codes":[1,2],
        "extra":{"a":1},"days":"Monday","counts":{"x":1},"fallback":"top"}
        """;

    [Fact]
    public async Task Serialize_EveryPrefix_IsPossible()
    {
        await SerializesAsync(PlanText, PlanContext.Default.Plan);
        await SerializesAsync("""{"name":"x","by":{"kind":"train","company":"FS","line":"1"}}""", PlanContext.Default.Journey);
        await SerializesAsync("""{"tickets":[{"id":"1","file":"f","code":"c","text":"t"}],"snippet":null,"text":"x"}""", PlanContext.Default.Notes);
        await SerializesAsync("""[{"title":"a","priority":"top"}]""", PlanContext.Default.ListPlanStep);
    }

    [Fact]
    public async Task Preview_WhatHasNotArrived_IsEmptyWhereThereIsNoNull()
    {
        var first = (await Reading.ReadAsync(PlanText, PlanContext.Default.Plan)).Select(partial => partial.Value).First(value => value is not null)!;
        (first.Effort, first.Currency, first.Slug).Should().Be((0, "", null));
        (first.Owner.Name, first.Owner.Home.City, first.Owner.Home.Lines.Length).Should().Be(("", "", 0));
        first.Steps.Should().BeEmpty();
        first.Tags.Should().BeEmpty();
        first.Codes.IsDefault.Should().BeFalse();
        first.Counts.Should().BeEmpty("what the type gives it itself is not part of the answer");
        Enum.IsDefined(first.Priority).Should().BeFalse();
        Enum.IsDefined(first.Fallback).Should().BeFalse();
        first.Days.Should().Be(default, "no flag is set");
    }

    [Fact]
    public async Task Preview_ThatCannotBeMade_IsHeldBack()
    {
        var partials = await Reading.ReadAsync("""{"name":"x","by":{"kind":"train","company":"FS","line":"1"}}""", PlanContext.Default.Journey);
        partials.TakeWhile(partial => partial.Value is null).Should().HaveCountGreaterThanOrEqualTo("""{"name":"x","by":{"kind":"train""".Length);
        partials.SkipWhile(partial => partial.Value is null).Should().OnlyContain(partial => partial.Value!.By is Train);
    }

    [Theory]
    [InlineData("\"urgent\"")]
    [InlineData("\"to")]
    [InlineData("\"Low, top\"")]
    [InlineData("\"\"")]
    [InlineData("{\"a\":1}")]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("99")]
    public void Preview_BadEnumeration_IsNeverARealValue(string json)
    {
        var whole = Read(PlanContext.Default.Plan, $$"""{"goal":"g","priority":{{json}}""");
        Enum.IsDefined(whole.Priority).Should().BeFalse();
        var verbatim = Read(PlanContext.Default.Plan, $$"""{"goal":"g","fallback":{{json}}""");
        verbatim.Goal.Should().Be("g");
        Enum.IsDefined(verbatim.Fallback).Should().BeFalse();
        Read(PlanContext.Default.PriorityArray, $"[\"Low\",{json}").Should().OnlyContain(priority => priority == Priority.Low);
        Enum.IsDefined(Read(PlanContext.Default.Priority, json)).Should().BeFalse();
    }

    [Fact]
    public void Preview_EnumerationWithADefault_HasItOnlyWhenTheObjectIsCompleteWithoutIt()
    {
        var type = (JsonTypeInfo<WithDefault>)DefaultContext.Default.GetTypeInfo(typeof(WithDefault))!;
        Enum.IsDefined(Read(type, "{").Priority).Should().BeFalse();
        Read(type, "{}").Should().Be(new WithDefault(Priority.High));
        Enum.IsDefined(Read(type, """{"priority":"urgent""").Priority).Should().BeFalse();
        Read(type, """{"priority":"Low","text":"x""").Should().Be(new WithDefault(Priority.Low, "x"));
    }

    [Fact]
    public async Task Serialize_EveryPrefixOfAValueTypeAtTheRoot_IsPossible()
    {
        await SerializesAsync("""["a","bc"]""", GrowingContext.Default.ImmutableArrayString);
        await SerializesAsync("""{"a":[1,2]}""", GrowingContext.Default.JsonElement);
        await SerializesAsync("""{"city":"Rome","lines":["1"]}""", GrowingContext.Default.Place);
        await SerializesAsync("\"Blue\"", GrowingContext.Default.NullableShade);
    }

    [Fact]
    public async Task Serialize_ValueThatMustNotBeEmpty_IsAwaited()
    {
        await SerializesAsync("""{"text":"abc","ticket":"t"}""", GrowingContext.Default.Holder);
        var values = (await Reading.ReadAsync("""{"text":"abc","ticket":"t"}""", GrowingContext.Default.Holder)).Select(partial => partial.Value).OfType<Holder>().Distinct();
        values.Should().Equal(new Holder("abc", new Ticketed("t")));
    }

    [Theory]
    [InlineData(20)]
    [InlineData(63)]
    [InlineData(70)]
    public void Serialize_AnyDepth_IsPossible(int depth)
    {
        var text = string.Concat(Enumerable.Repeat("""{"name":"a","next":""", depth)) + "null" + new string('}', depth);
        var (document, reader, deepest) = (new Streamline.Json.PartialJsonDocument(), new PartialReader<Chain>(GrowingContext.Default.Chain), 0);
        foreach (var piece in text.Chunk(16))
        {
            document.Append(piece);
            var value = reader.Read(document.RootElement).Value;
            JsonSerializer.Serialize(value, GrowingContext.Default.Chain!).Should().NotBeEmpty();
            var shown = 0;
            for (var link = value; link is not null; link = link.Next)
            {
                shown++;
            }

            shown.Should().BeGreaterThanOrEqualTo(deepest);
            deepest = shown;
        }

        deepest.Should().Be(Math.Min(depth, 63));
    }

    [Fact]
    public void UnknownEnum_OfAnyUnderlyingType_IsNotDefined()
    {
        Enum.IsDefined((Small)UnknownEnum.Of(typeof(Small))!).Should().BeFalse();
        Enum.IsDefined((Large)UnknownEnum.Of(typeof(Large))!).Should().BeFalse();
        Enum.IsDefined((Negative)UnknownEnum.Of(typeof(Negative))!).Should().BeFalse();
        UnknownEnum.Of(typeof(Gap)).Should().Be((Gap)0);
        UnknownEnum.Of(typeof(Days)).Should().BeNull();
    }

    private static T Read<T>(JsonTypeInfo<T> type, string text)
    {
        var document = new Streamline.Json.PartialJsonDocument();
        document.Append(text);
        document.Complete();
        return new PartialReader<T>(type).Read(document.RootElement).Value!;
    }

    private static async Task SerializesAsync<T>(string text, JsonTypeInfo<T> type)
    {
        foreach (var partial in await Reading.ReadAsync(text, type))
        {
            JsonSerializer.Serialize(partial.Value!, type).Should().NotBeEmpty();
        }
    }

    internal enum Small : byte
    {
        Zero,
        Top = byte.MaxValue,
    }

    internal enum Large : ulong
    {
        Zero,
        Top = ulong.MaxValue,
    }

    internal enum Negative : sbyte
    {
        Zero,
        Minus = -1,
        More = -2,
    }

    internal enum Gap
    {
        One = 1,
    }

    internal sealed record WithDefault(Priority Priority = Priority.High, string Text = "");
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true)]
[JsonSerializable(typeof(PreviewSerializationTests.WithDefault))]
internal sealed partial class DefaultContext : JsonSerializerContext;
