using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.AI;
using Streamline.TestSupport;

namespace Streamline.Tests.Protocols.OpenAIResponses;

/// <summary>Recorded responses that are made background responses, cut, and resumed by retry: the events are those of the response without a cut.</summary>
[Trait("Law", "6")]
public sealed partial class OpenAIResponsesResumeTests
{
    // Of the shortest recording every fifth byte is cut; of the others one of so many.
    private const int FineStep = 5;
    private const int Step = 2003;

    [CorpusFact(Recordings.Pydantic)]
    public async Task Stream_RecordedResponseCutAnywhere_GivesTheEventsOfAnUnbrokenOne()
    {
        var bodies = Recordings.All().Where(recording => recording.Protocol == StreamProtocols.OpenAIResponses)
            .Select(recording => Encoding.UTF8.GetString(recording.Body).ReplaceLineEndings("\n"))
            .Where(body => body.Contains("\"background\":false", StringComparison.Ordinal) && body.Contains("response.completed", StringComparison.Ordinal))
            .Select(body => body.Replace("\"background\":false", "\"background\":true", StringComparison.Ordinal))
            .OrderBy(body => body.Length)
            .ToList();
        bodies.Count.Should().BeGreaterThan(3);
        var cuts = 0;
        foreach (var body in bodies)
        {
            var expected = (await RunAsync(body, body.Length)).Events.ToLines();
            for (var cut = body.IndexOf("\n\n", StringComparison.Ordinal) + 2; cut < body.Length; cut += body == bodies[0] ? FineStep : Step)
            {
                var (events, seams) = await RunAsync(body, cut);

                var lines = events.ToLines();
                if (lines != expected)
                {
                    lines.Should().Be(expected, string.Create(CultureInfo.InvariantCulture, $"the cut was at {cut} of {body.Length}"));
                }

                seams.Should().OnlyContain(seam => seam.Strategy == ResumeStrategy.ServerResume && seam.Confidence == SeamConfidence.Exact && seam.PriorUsage == null);
                cuts++;
            }
        }

        cuts.Should().BeGreaterThan(200);
    }

    private static async Task<(List<StreamEvent> Events, List<StreamResumed> Seams)> RunAsync(string body, int cut)
    {
        using var http = new HttpClient(new KeptResponse(body, cut));
        var client = new StreamClientBuilder(StreamProtocols.OpenAIResponses.CreateClient(http, "key", "gpt"))
            .UseTimeProvider(new EagerTimeProvider())
            .UseRetry(retry => retry.MidStream = MidStreamPolicy.Continue)
            .Build();
        var request = new StreamRequest { Messages = [new ChatMessage(ChatRole.User, "hello")], Options = new ChatOptions { AllowBackgroundResponses = true } };
        var events = await client.StreamAsync(request).CollectAsync();
        List<StreamResumed> seams = [.. events.OfType<StreamResumed>().DefaultIfEmpty(new StreamResumed { Attempt = 1, Reason = "before content" })];
        return ([.. events.Where(e => e is not (RetryScheduled or StreamResumed))], seams);
    }

    /// <summary>Sends a recorded response up to a cut, and then what follows the number that it is asked for.</summary>
    private sealed partial class KeptResponse(string body, int cut) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var after = StartingAfter().Match(request.RequestUri!.Query);
            var text = request.Method == HttpMethod.Post ? body[..cut]
                : !after.Success ? body
                : string.Concat(body.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
                    .Where(frame => Number().Match(frame) is { Success: true } number && int.Parse(number.Groups["n"].Value, CultureInfo.InvariantCulture) > int.Parse(after.Groups["n"].Value, CultureInfo.InvariantCulture))
                    .Select(frame => frame + "\n\n"));
            var response = new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(text)) };
            response.Content.Headers.ContentType = new MediaTypeHeaderValue("text/event-stream");
            return Task.FromResult(response);
        }

        [GeneratedRegex("starting_after=(?<n>[0-9]+)", RegexOptions.ExplicitCapture)]
        private static partial Regex StartingAfter();

        [GeneratedRegex("\"sequence_number\":(?<n>[0-9]+)", RegexOptions.ExplicitCapture)]
        private static partial Regex Number();
    }
}
