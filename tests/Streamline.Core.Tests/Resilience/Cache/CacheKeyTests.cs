using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using static Streamline.Tests.Make;

namespace Streamline.Tests.Resilience.Cache;

/// <summary>What an answer depends on, and which requests share one.</summary>
public sealed class CacheKeyTests
{
    private static readonly StreamClientMetadata Metadata = new() { Provider = "p", DefaultModel = "m" };

    [Fact]
    public void Of_RequestWhoseAnswerCannotBeKept_IsNull()
    {
        ChatOptions[] refused =
        [
            new() { ContinuationToken = ResponseContinuationToken.FromBytes(new byte[] { 1 }) }, new() { ConversationId = "c" }, new() { AllowBackgroundResponses = true }, new() { RawRepresentationFactory = _ => null },
            new() { Tools = [new HostedWebSearchTool()] }, new() { Tools = [Function("f"), new HostedWebSearchTool()] }, new() { AdditionalProperties = new() { ["cannot be compared"] = new Action(() => { }) } },
        ];
        foreach (var options in refused)
        {
            KeyOf(options).Should().BeNull();
        }

        CacheKey.Of(Request with { ExtraBody = new JsonObject { ["previous_response_id"] = "r" } }, null, Metadata).Should().BeNull();
        KeyOf(new() { AllowBackgroundResponses = false, Tools = [Function("f")] }).Should().NotBeNull();
    }

    [Fact]
    [Trait("Law", "10")]
    public void Of_ValuesForThePipeline_NeedATenant()
    {
        var request = Request with { Items = new Dictionary<object, object> { ["user"] = 1 } };

        CacheKey.Of(request, null, Metadata).Should().BeNull();
        CacheKey.Of(request, "t", Metadata).Should().NotBeNull();
    }

    [Fact]
    public void Of_ModelOfTheRequest_CountsAndNotTheUsualOne()
    {
        var other = Metadata with { DefaultModel = "n" };
        var asked = Request with { Options = new() { ModelId = "x" } };

        CacheKey.Of(asked, null, Metadata).Should().Be(CacheKey.Of(asked, null, other));
        CacheKey.Of(Request, null, Metadata).Should().NotBe(CacheKey.Of(Request, null, other));
        CacheKey.Of(Request, null, Metadata, "name").Should().NotBe(CacheKey.Of(Request, null, Metadata));
        CacheKey.Of(Request, null, Metadata with { Protocol = "q" }).Should().NotBe(CacheKey.Of(Request, null, Metadata));
    }

    [Fact]
    public void Of_PropertiesOfATool_CountWhateverTheirOrder()
    {
        KeyOf(With(("a", 1), ("b", 2))).Should().Be(KeyOf(With(("b", 2), ("a", 1))));
        string?[] keys = [KeyOf(With(("a", 1))), KeyOf(With(("b", 1))), KeyOf(With(("a", 2))), KeyOf(With())];
        keys.Should().OnlyHaveUniqueItems().And.NotContainNulls();

        static ChatOptions With(params (string Name, object Value)[] properties) => new() { Tools = [new Declared(properties.ToDictionary(property => property.Name, property => (object?)property.Value))] };
    }

    [Fact]
    public void FlightKey_OtherFunctions_AreAnotherAnswer()
    {
        var (first, second) = (Function("f"), Function("f"));

        Key("k", first).Should().Be(Key("k", first));
        Key("k", first).GetHashCode().Should().Be(Key("k", second).GetHashCode());
        Key("k", first).Should().NotBe(Key("k", second)).And.NotBe(Key("k")).And.NotBe(Key("other", first)).And.NotBe(null);
        Key("k").Equals("k").Should().BeFalse();
        FlightKey.Of("k", "tenant", With(first)).Should().Be(FlightKey.Of("k", "tenant", With(second)), "the tenant says who may share");
        FlightKey.Of("k", null, Request).Should().Be(FlightKey.Of("k", null, Request));

        static FlightKey Key(string key, params AIFunction[] functions) => FlightKey.Of(key, null, With(functions));
        static StreamRequest With(params AIFunction[] functions) => Request with { Options = new() { Tools = [.. functions] } };
    }

    private static AIFunction Function(string name) => AIFunctionFactory.Create(() => 1, name);

    private static string? KeyOf(ChatOptions options) => CacheKey.Of(Request with { Options = options }, null, Metadata);

    private sealed class Declared(Dictionary<string, object?> properties) : AIFunctionDeclaration
    {
        public override string Name => "f";

        public override JsonElement JsonSchema => JsonElement.Parse("{}");

        public override IReadOnlyDictionary<string, object?> AdditionalProperties => properties;
    }
}
