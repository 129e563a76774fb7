using System.Buffers;
using System.Text.Json.Nodes;
using Streamline;
using Streamline.Protocols;
using Streamline.Sse;

namespace GatewaySample;

/// <summary>
/// Answers a request that did not ask for a stream: by what its own protocol's stream would have said, put together as the protocol
/// defines it. So both answers say the same, whatever a model or an upstream comes up with.
/// </summary>
internal abstract class WholeAnswer
{
    public static async Task WriteAsync(HttpResponse response, StreamProtocol protocol, IAsyncEnumerable<StreamEvent> events)
    {
        var encoder = protocol.CreateEncoder();
        var frames = new ArrayBufferWriter<byte>();
        await foreach (var streamEvent in events)
        {
            encoder.Encode(streamEvent, frames);
        }

        var answer = For(protocol);
        await using var reader = SseReader.Create(new MemoryStream(frames.WrittenSpan.ToArray()));
        await foreach (var frame in reader.ReadAllAsync())
        {
            // Anything but an object is the word that ends a stream of Chat Completions.
            if (frame.Data.StartsWith('{'))
            {
                answer.Add(JsonNode.Parse(frame.Data)!.AsObject());
            }
        }

        response.ContentType = "application/json";
        await response.WriteAsync(answer.Build().ToJsonString(), response.HttpContext.RequestAborted);
    }

    private static WholeAnswer For(StreamProtocol protocol)
    {
        if (protocol.Name == StreamProtocols.Anthropic.Name)
        {
            return new WholeMessage();
        }

        return protocol.Name == StreamProtocols.OpenAIChat.Name ? new WholeCompletion() : new WholeResponse();
    }

    /// <summary>Adds the payload of a frame.</summary>
    protected abstract void Add(JsonObject payload);

    /// <summary>Makes the body of the answer.</summary>
    protected abstract JsonObject Build();

    /// <summary>Replaces members of the same names, except by nulls.</summary>
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
