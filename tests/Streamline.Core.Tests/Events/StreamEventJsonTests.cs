using System.Collections;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using FsCheck;
using FsCheck.Fluent;

namespace Streamline.Tests.Events;

public sealed class StreamEventJsonTests
{
    private static readonly Config Config = Config.QuickThrowOnFailure.WithMaxTest(200).WithReplay(20260103, 1);

    public static TheoryData<Type> EventTypes => new(Types);

    private static IEnumerable<Type> Types => typeof(StreamEvent).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(StreamEvent)));

    [Fact]
    public void EventTypes_All_AreSealedListedAndTested()
    {
        var listed = typeof(StreamEvent).GetCustomAttributes<JsonDerivedTypeAttribute>().Select(attribute => attribute.DerivedType);

        Types.Should().HaveCountGreaterThan(15).And.OnlyContain(type => type.IsSealed);
        listed.Should().BeEquivalentTo(Types);
        EventGenerators.ByType.Keys.Should().BeEquivalentTo(Types);
    }

    [Theory]
    [MemberData(nameof(EventTypes))]
    public void Deserialize_WhatWasSerialized_IsTheSame(Type type) =>
        Check.One(Config, Prop.ForAll(EventGenerators.ByType[type].ToArbitrary(), original =>
        {
            var json = StreamEventJson.Serialize(original);
            json.Should().NotContain("\n").And.NotContain("\r", "an event is one line of a journal or of a stream");

            var read = StreamEventJson.Deserialize(json);

            read.Should().BeOfType(type);
            ShouldBeSame(read, original);
            StreamEventJson.Serialize(read).Should().Be(json);
            ShouldBeSame(StreamEventJson.Deserialize(Encoding.UTF8.GetBytes($" \n{json}\r\n")), original);
            using var stream = new MemoryStream();
            using (var writer = new Utf8JsonWriter(stream))
            {
                StreamEventJson.Write(writer, original);
            }

            StreamEventJson.Serialize(StreamEventJson.Deserialize(stream.ToArray())).Should().Be(json);
            return true;
        }));

    [Fact]
    [Trait("Finding", "T11")]
    public void Serialize_ResultThatIsUndefined_IsAClearError()
    {
        var result = new ToolResult { CallId = "c", Name = "n", Result = default };
        using var writer = new Utf8JsonWriter(Stream.Null);
        FluentActions.Invoking(() => StreamEventJson.Serialize(result)).Should().Throw<ArgumentException>().WithMessage("*found a ToolResult with an undefined one*");
        FluentActions.Invoking(() => StreamEventJson.Write(writer, result)).Should().Throw<ArgumentException>().WithMessage("*found a ToolResult*");
        result.ToString().Should().Be("ToolResult");
    }

    [Fact]
    [Trait("Finding", "T11")]
    public void ToString_AnyEvent_ShowsWhatItHolds()
    {
        new TextDelta { Index = 1, Text = "hi" }.ToString().Should().Be("""{"type":"textDelta","index":1,"text":"hi"}""");
        new TextDelta { Index = 1, Text = new string('x', 10_000) }.ToString().Should().HaveLength(1025).And.EndWith("…");
    }

    [Theory]
    [MemberData(nameof(EventTypes))]
    public void Serialize_Discriminator_IsTheNameOfTheType(Type type)
    {
        var json = StreamEventJson.Serialize(EventGenerators.ByType[type].Sample(1).First());

        json.Should().StartWith($"{{\"type\":\"{JsonNamingPolicy.CamelCase.ConvertName(type.Name)}\"");
    }

    [Fact]
    public void Serialize_Form_IsStable()
    {
        StreamEventJson.Serialize(new TextDelta { Index = 1, Text = "hé 好 <" }).Should().Be("""{"type":"textDelta","index":1,"text":"hé 好 \u003C"}""");
        StreamEventJson.Serialize(new RetryScheduled { Attempt = 2, Delay = TimeSpan.FromMilliseconds(437.5), Reason = "x" })
            .Should().Be("""{"type":"retryScheduled","attempt":2,"delayMs":437.5,"reason":"x"}""");
        StreamEventJson.Serialize(new ResponseCompleted { FinishReason = FinishReason.ToolCalls })
            .Should().Be("""{"type":"responseCompleted","finishReason":"toolCalls","outcome":"complete"}""");
        StreamEventJson.Serialize(KeepAlive.Instance).Should().Be("""{"type":"keepAlive"}""");
    }

    [Theory]
    [Trait("Law", "11")]
    [InlineData("""{"type":"fromTheFuture","x":[1,2]}""", "fromTheFuture")]
    [InlineData("""{"x":1,"type":""}""", "")]
    [InlineData("""{"type":"TextDelta"}""", "TextDelta")]
    public void Deserialize_UnknownType_BecomesAProviderEventWithTheWholeText(string json, string name) =>
        StreamEventJson.Deserialize(json).Should().BeOfType<ProviderEvent>().Which.Should().BeEquivalentTo(new { Name = name, Data = json });

    [Theory]
    [Trait("Law", "11")]
    [InlineData("""{"index":0,"new":{"a":1},"text":"x","type":"textDelta"}""")]
    [InlineData("""{"type":"textDelta","text":"x","index":0,"isContent":true}""")]
    public void Deserialize_OtherOrderAndUnknownMembers_AreRead(string json) =>
        StreamEventJson.Deserialize(json).Should().BeOfType<TextDelta>().Which.Text.Should().Be("x");

    [Theory]
    [Trait("Law", "11")]
    [InlineData("""{"type":"responseCompleted","finishReason":"newReason","rawFinishReason":"new"}""", typeof(ResponseCompleted))]
    [InlineData("""{"type":"contentStarted","index":0,"kind":"hologram"}""", typeof(ContentStarted))]
    public void Deserialize_UnknownEnumValue_IsOther(string json, Type type)
    {
        var read = StreamEventJson.Deserialize(json);

        read.Should().BeOfType(type);
        StreamEventJson.Serialize(read).Should().Contain("\"other\"");
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"type\":1}")]
    [InlineData("{\"type\":null}")]
    [InlineData("{\"type\":\"\\ud800\"}")]
    [InlineData("{\"type\":\"textDelta\"}")]
    [InlineData("{\"type\":\"textDelta\",\"index\":\"0\",\"text\":\"x\"}")]
    [InlineData("{\"type\":\"textDelta\",\"index\":0,\"text\":\"\\ud800\"}")]
    [InlineData("{\"type\":\"textDelta\",\"index\":0,\"text\":\"x\"} x")]
    [InlineData("{\"type\":\"textDelta\",\"index\":0,\"text\":\"x\"}{}")]
    [InlineData("{\"type\":\"textDelta\",\"index\":0,\"text\":\"x\"")]
    [InlineData("{\"type\":\"textDelta\",\"type\":\"keepAlive\",\"index\":0,\"text\":\"x\"}")]
    [InlineData("{\"type\":\"retryScheduled\",\"attempt\":1,\"delayMs\":1e300,\"reason\":\"\"}")]
    [InlineData("{\"type\":\"retryScheduled\",\"attempt\":1,\"delayMs\":\"1\",\"reason\":\"\"}")]
    [InlineData("{\"type\":\"responseCompleted\",\"finishReason\":7}")]
    [InlineData("{\"type\":\"textDelta\",\"index\":0,\"text\":null}")]
    [InlineData("{\"type\":\"toolCallStarted\",\"index\":0,\"callId\":null,\"name\":\"f\"}")]
    public void Deserialize_WhatIsNoEvent_ThrowsJsonException(string json) =>
        FluentActions.Invoking(() => StreamEventJson.Deserialize(json)).Should().Throw<JsonException>();

    [Theory]
    [MemberData(nameof(EventTypes))]
    public void Deserialize_NullInPlaceOfAMember_IsRefusedOrMeansNothing(Type type) =>
        Check.One(Config.WithMaxTest(20), Prop.ForAll(EventGenerators.ByType[type].ToArbitrary(), original =>
        {
            var json = JsonNode.Parse(StreamEventJson.Serialize(original))!.AsObject();
            foreach (var name in json.Select(member => member.Key).Where(name => name != "type").ToList())
            {
                var changed = json.DeepClone().AsObject();
                changed[name] = null;
                StreamEvent read;
                try
                {
                    read = StreamEventJson.Deserialize(changed.ToJsonString());
                }
                catch (JsonException)
                {
                    continue;
                }

                StreamEventJson.Deserialize(StreamEventJson.Serialize(read)).Should().BeOfType(type, name);
            }
        }));

    [Fact]
    public void Deserialize_Null_Throws()
    {
        FluentActions.Invoking(() => StreamEventJson.Deserialize((string)null!)).Should().Throw<ArgumentNullException>();
        FluentActions.Invoking(() => StreamEventJson.Serialize(null!)).Should().Throw<ArgumentNullException>();
    }

    private static void ShouldBeSame(StreamEvent read, StreamEvent original)
    {
        foreach (var property in original.GetType().GetProperties().Where(property => property.GetCustomAttribute<JsonIgnoreAttribute>() is null))
        {
            Comparable(property.GetValue(read)).Should().BeEquivalentTo(Comparable(property.GetValue(original)), property.Name);
        }
    }

    private static object? Comparable(object? value) => value switch
    {
        JsonElement element => JsonSerializer.Serialize(element),
        TokenUsage usage => usage.ToString() + string.Join(',', usage.AdditionalCounts?.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.ToString()) ?? []),
        IEnumerable and not string => string.Join(',', ((IEnumerable)value).Cast<object>()),
        _ => value,
    };
}
