namespace Streamline.Tests.Protocols.WireCases;

/// <summary>A transport that answers requests one after another as a case says, and with its last answer from then on.</summary>
internal sealed class WireServer(IReadOnlyList<WireAnswer> answers) : HttpMessageHandler
{
    /// <summary>How many requests have arrived.</summary>
    public int Requests { get; private set; }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var answer = answers[Math.Min(Requests++, answers.Count - 1)];
        var response = new HttpResponseMessage(answer.Status) { RequestMessage = request, Content = new StreamContent(new WireBody(answer)) };
        foreach (var (name, value) in answer.Headers)
        {
            if (name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase))
            {
                response.Content.Headers.TryAddWithoutValidation(name, value);
            }
            else
            {
                response.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return Task.FromResult(response);
    }
}
