using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;

namespace Streamline.Tests.Events;

/// <summary>What a later version wrote is read by this one: nothing is lost, and nothing fails but what is no event.</summary>
public sealed class LaterVersionTests
{
    private const string New = "fromTheFuture";

    private static readonly Config Config = Config.QuickThrowOnFailure.WithMaxTest(40).WithReplay(20261130, 1);

    public static TheoryData<Type> EventTypes => new(EventGenerators.ByType.Keys);

    [Theory]
    [MemberData(nameof(EventTypes))]
    public void Deserialize_StringThatIsUnknown_IsReadOrBecomesAProviderEvent(Type type) => ForEachPlace(type, (json, place) =>
    {
        if (place.Value is not JsonValue value || value.GetValueKind() != JsonValueKind.String || place.Key is "outcome") // made from finishReason
        {
            return;
        }

        var isTime = DateTimeOffset.TryParse(value.GetValue<string>(), CultureInfo.InvariantCulture, out _);
        Replace(place, New);
        var text = json.ToJsonString();
        if (Read(text) is not { } read)
        {
            isTime.Should().BeTrue("only a time has a form of its own, but this was not read: {0}", text);
        }
        else if (read is ProviderEvent later && type != typeof(ProviderEvent))
        {
            later.Data.Should().Be(text);
            later.Name.Should().Be(json["type"]!.GetValue<string>());
        }
        else
        {
            StreamEventJson.Serialize(read).Should().ContainAny(New, "\"other\"");
        }
    });

    [Theory]
    [MemberData(nameof(EventTypes))]
    public void Deserialize_MemberThatIsNew_IsIgnored(Type type) => ForEach(type, text =>
    {
        var json = JsonNode.Parse(text)!.AsObject();
        foreach (var members in new[] { json, json["update"]?.AsObject() }.OfType<JsonObject>())
        {
            members.Insert(0, New, new JsonObject { ["type"] = New });
        }

        StreamEventJson.Serialize(Read(json.ToJsonString())!).Should().Be(StreamEventJson.Serialize(Read(text)!));
    });

    [Theory]
    [MemberData(nameof(EventTypes))]
    public void Deserialize_MemberThatIsMissingOrOfAnotherType_IsReadOrNoEvent(Type type) => ForEachPlace(type, (json, place) =>
    {
        foreach (var other in (JsonNode?[])[null, 1, -1.5, true, "x", new JsonObject(), new JsonArray(), new JsonObject { ["type"] = 1 }, new JsonArray(1)])
        {
            Replace(place, other);
            Read(json.ToJsonString()); // fails on every exception but the documented one
        }

        if (place.Parent is JsonObject parent)
        {
            parent.Remove((string)place.Key);
            Read(json.ToJsonString());
        }
    });

    [Theory]
    [InlineData("""{"type":"markdownUpdated","update":{"type":"futureUpdate","id":1}}""", "markdownUpdated")]
    [InlineData("""{"type":"codeBlockUpdated","update":{"id":1,"type":"futureUpdate"}}""", "codeBlockUpdated")]
    [InlineData("""{"type":"markdownUpdated","update":{"type":"blockOpened","id":1,"kind":"future","level":0,"start":0}}""", "markdownUpdated")]
    [InlineData("""{"type":"toolWaiting","callId":"c","name":"n","reason":"future"}""", "toolWaiting")]
    [InlineData("""{"type":"approvalResolved","approvalId":"a","callId":"c","name":"d","decision":"later"}""", "approvalResolved")]
    public void Deserialize_ValueWithoutAnOther_BecomesAProviderEventWithTheWholeText(string json, string name) =>
        StreamEventJson.Deserialize(json).Should().BeOfType<ProviderEvent>().Which.Should().BeEquivalentTo(new { Name = name, Data = json });

    [Theory]
    [InlineData("""{"type":"markdownUpdated","update":{"id":1}}""")]
    [InlineData("""{"type":"codeBlockUpdated","update":{}}""")]
    [InlineData("""{"type":"markdownUpdated","update":{"type":"\ud800"}}""")]
    public void Deserialize_PartWithoutAType_IsNoEvent(string json) => Read(json).Should().BeNull();

    private static StreamEvent? Read(string json)
    {
        try
        {
            return StreamEventJson.Deserialize(json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static void Replace((JsonNode Parent, object Key, JsonNode? Value) place, JsonNode? value)
    {
        if (place.Key is string name)
        {
            place.Parent[name] = value;
        }
        else
        {
            place.Parent[(int)place.Key] = value;
        }
    }

    // Each place of each event, changed in a copy of its own.
    private static void ForEachPlace(Type type, Action<JsonObject, (JsonNode Parent, object Key, JsonNode? Value)> check) => ForEach(type, text =>
    {
        for (var i = 0; i < PlacesIn(JsonNode.Parse(text)!).Count(); i++)
        {
            var json = JsonNode.Parse(text)!.AsObject();
            check(json, PlacesIn(json).ElementAt(i));
        }
    });

    private static void ForEach(Type type, Action<string> check) => Check.One(Config, Prop.ForAll(EventGenerators.ByType[type].ToArbitrary(), original =>
    {
        check(StreamEventJson.Serialize(original));
        return true;
    }));

    private static IEnumerable<(JsonNode Parent, object Key, JsonNode? Value)> PlacesIn(JsonNode node)
    {
        List<(JsonNode Parent, object Key, JsonNode? Value)> places = node switch
        {
            JsonObject members => [.. members.Where(member => member.Key != "type" || members.Parent is not null).Select(member => (node, (object)member.Key, member.Value))],
            JsonArray items => [.. items.Select((item, i) => (node, (object)i, item))],
            _ => [],
        };
        return places.Concat(places.Where(place => place.Value is not null).SelectMany(place => PlacesIn(place.Value!)));
    }
}
