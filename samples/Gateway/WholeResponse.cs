using System.Text.Json.Nodes;

namespace GatewaySample;

/// <summary>Takes the whole response from the last event of a stream of OpenAI's Responses API, which holds it.</summary>
internal sealed class WholeResponse : WholeAnswer
{
    private JsonObject _response = [];

    protected override void Add(JsonObject payload) => _response = payload["response"] as JsonObject ?? _response;

    protected override JsonObject Build() => _response;
}
