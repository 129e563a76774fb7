using System.Globalization;
using System.Text.Json.Nodes;

namespace Streamline.Tests.Protocols;

/// <summary>Picks what a random request holds.</summary>
internal sealed class RandomBody(int seed)
{
    private static readonly string[] Texts = ["Hi", "Grüße \U0001F326", "a\n\"b\" \\ c", "<x>&'y'", " z "];

    private readonly Random _random = new(seed);
    private int _ids;

    public bool Maybe(double chance = 0.5) => _random.NextDouble() < chance;

    public string Text() => Pick(Texts);

    public string Id() => string.Create(CultureInfo.InvariantCulture, $"id_{_ids++}");

    public T Pick<T>(params ReadOnlySpan<T> choices) => choices[_random.Next(choices.Length)];

    /// <summary>A body that is, for a wire, one of several that are told apart only by name.</summary>
    public JsonNode Make(params Func<JsonNode>[] makers) => Pick(makers)();

    public JsonArray Several(int min, int max, Func<JsonNode> make) =>
        [.. Enumerable.Range(0, _random.Next(min, max + 1)).Select(_ => (JsonNode?)make())];

    /// <summary>Sets a member now and then.</summary>
    public void Set(JsonObject body, string name, Func<JsonNode> make, double chance = 0.4)
    {
        if (Maybe(chance))
        {
            body[name] = make();
        }
    }

    /// <summary>An object whose members are found on no wire.</summary>
    public JsonObject Unknown() => new() { ["text"] = Text(), ["list"] = new JsonArray(1, 2.50m, null), ["flag"] = Maybe() };
}
