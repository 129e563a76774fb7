using System.Text.Json.Nodes;
using Streamline.Protocols.Shared;

namespace Streamline.Tests.Protocols.Requests;

/// <summary>The field list of Gemini: reference of the wire, sections 2, 4, 5 and 6.</summary>
internal static class GeminiShape
{
    private static readonly string[] Part = ["text?", "thought?", "thoughtSignature?", "functionCall?", "functionResponse?", "inlineData?", "fileData?"];

    public static void Check(JsonObject body, bool isForeign)
    {
        body.HasOnly("contents", "systemInstruction?", "generationConfig?", "tools?", "toolConfig?", "safetySettings?", "cachedContent?");
        List<string> open = [];
        foreach (var content in body.Items("contents"))
        {
            var role = content.HasOnly("role", "parts").Text("role");
            role.Should().BeOneOf("user", "model");
            var parts = content.Items("parts").ToList();
            parts.Should().NotBeEmpty();
            foreach (var part in parts)
            {
                CheckPart(part, role == "model", isForeign);
            }

            // All results of a step stand in one content, as many as there were calls, and in their order.
            parts.Select(part => part["functionResponse"]).OfType<JsonObject>().Select(response => response.Text("name")).Should().Equal(open);
            open = [.. parts.Select(part => part["functionCall"]).OfType<JsonObject>().Select(call => call.Text("name"))];
        }

        open.Should().BeEmpty();
    }

    // Calls are answered by name and position.
    public static IReadOnlyList<string> CallsAndResults(JsonObject body) =>
    [
        .. body.Items("contents").SelectMany(content => content.Items("parts")).Select(part =>
            part["functionCall"] is { } call ? "?" + call.Text("name")
            : part["functionResponse"] is { } response ? "!" + response.Text("name")
            : "").Where(call => call.Length > 0),
    ];

    private static void CheckPart(JsonNode part, bool isModel, bool isForeign)
    {
        if (isForeign || !isModel)
        {
            part.HasOnly(Part);
            (part["thought"] is null).Should().BeTrue("another provider's reasoning has no place here");
        }

        if (part["functionCall"] is { } call)
        {
            isModel.Should().BeTrue();
            (isForeign ? call.HasOnly("name", "args?") : call.AsObject()).Text("name").Should().NotBeEmpty();
            (call["args"] is null or JsonObject).Should().BeTrue("arguments are an object: {0}", call.ToJsonString());
        }
        else if (part["functionResponse"] is { } response)
        {
            isModel.Should().BeFalse();
            response.HasOnly("name", "response", "id?", "parts?")["response"].Should().BeOfType<JsonObject>();
        }
    }
}
