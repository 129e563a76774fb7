using System.Buffers;
using System.Text.Json.Nodes;
using Streamline;
using Streamline.Protocols;
using Streamline.Sse;

namespace GatewaySample;

/// <summary>
/// Answers a request that did not ask for a stream: by what its own wire's stream would have said, put together as the wire
/// defines it. So both answers say the same, whatever a model or an upstream comes up with.
/// </summary>
internal abstract class WholeAnswer
{
    public static async Task WriteAsync(HttpResponse response, StreamProtocol wire, IAsyncEnumerable<StreamEvent> events)
    {
        var encoder = wire.CreateEncoder();
        var frames = new ArrayBufferWriter<byte>();
        await foreach (var streamEvent in events)
        {
            encoder.Encode(streamEvent, frames);
        }

        var answer = For(wire);
        await using var reader = SseReader.Create(new MemoryStream(frames.WrittenSpan.ToArray()));
        await foreach (var frame in reader.ReadAllAsync())
        {
            // What is no object is the word that ends a stream of Chat Completions.
            if (frame.Data.StartsWith('{'))
            {
                answer.Add(JsonNode.Parse(frame.Data)!.AsObject());
            }
        }

        response.ContentType = "application/json";
        await response.WriteAsync(answer.Build().ToJsonString(), response.HttpContext.RequestAborted);
    }

    private static WholeAnswer For(StreamProtocol wire)
    {
        if (wire.Name == StreamProtocols.Anthropic.Name)
        {
            return new WholeMessage();
        }

        return wire.Name == StreamProtocols.OpenAIChat.Name ? new WholeCompletion() : new WholeResponse();
    }

    /// <summary>Adds the payload of a frame.</summary>
    protected abstract void Add(JsonObject payload);

    /// <summary>Makes the body of the answer.</summary>
    protected abstract JsonObject Build();

    /// <summary>Sets members over those of the same names, but for the nulls.</summary>
    protected static void Merge(JsonObject target, JsonNode? members)
    {
        foreach (var (name, value) in (members as JsonObject) ?? [])
        {
            if (value is not null || !target.ContainsKey(name))
            {
                target[name] = value?.DeepClone();
            }
        }
    }
}
