using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Streamline.Tests.Resilience.Failover;

/// <summary>A server of the Chat Completions protocol that continues the last message of a request literally, or repeats it first, and whose first answer is cut.</summary>
/// <param name="answer">All that the model says.</param>
/// <param name="cut">After how many characters of its text the first answer is cut.</param>
/// <param name="repeats">Whether it repeats the message before it continues it.</param>
/// <param name="stitches">Whether it refuses to continue a message after the first time, so that it has to be asked in words.</param>
internal sealed class RepeatingServer(string answer, int cut, bool repeats, bool stitches) : HttpMessageHandler
{
    private int _requests;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = JsonNode.Parse(await request.Content!.ReadAsStringAsync(cancellationToken))!;
        var messages = body["messages"]!.AsArray();
        var last = messages[^1]!;
        var isFirst = _requests++ == 0;
        if (last["role"]!.GetValue<string>() == "user")
        {
            body["continue_final_message"].Should().BeNull("the last message is not one to continue");
            var shown = messages[^2]!["content"]!.GetValue<string>();
            answer.Should().StartWith(shown);
            return Answer(shown[Math.Max(0, shown.Length - 24)..] + answer[shown.Length..], int.MaxValue);
        }

        var message = last["content"]!.GetValue<string>();
        if (stitches && !isFirst)
        {
            return new HttpResponseMessage(HttpStatusCode.BadRequest) { Content = new StringContent("""{"error":{"message":"no","type":"invalid_request_error"}}""", Encoding.UTF8, "application/json") };
        }

        answer.Should().StartWith(message, "a prefill is what was shown, byte for byte");
        return Answer(repeats ? answer : answer[message.Length..], isFirst ? cut + (repeats ? message.Length : 0) : int.MaxValue);
    }

    private static HttpResponseMessage Answer(string text, int cut)
    {
        var sse = new StringBuilder();
        foreach (var piece in text[..Math.Min(cut, text.Length)].Chunk(5))
        {
            sse.Append("data: {\"id\":\"c\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":").Append(JsonSerializer.Serialize(new string(piece))).Append("}}]}\n\n");
        }

        if (cut >= text.Length)
        {
            sse.Append("data: {\"id\":\"c\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n");
        }

        return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(sse.ToString(), Encoding.UTF8, "text/event-stream") };
    }
}
