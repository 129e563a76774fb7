using System.Net;
using Streamline.Protocols;

namespace Streamline.Testing;

/// <summary>Answers the requests of an <see cref="HttpClient"/> in process.</summary>
internal sealed class ScriptedHandler(ScriptedProvider provider, StreamProtocol? protocol) : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var exchange = await AcceptAsync(request, cancellationToken).ConfigureAwait(false);
        try
        {
            var reply = provider.Prepare(exchange);
            await reply.OpenAsync(cancellationToken).ConfigureAwait(false);
            return ToResponse(reply, exchange, request);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            exchange.Complete(ExchangeOutcome.ClientGone);
            throw;
        }
        catch (HttpIOException exception)
        {
            exchange.Complete(ExchangeOutcome.Aborted);
            throw new HttpRequestException(exception.HttpRequestError, exception.Message, exception);
        }
        catch (Exception exception)
        {
            exchange.Fail(exception);
            throw;
        }
    }

    private async Task<ScriptedExchange> AcceptAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var method = request.Method.Method;
        var path = request.RequestUri?.AbsolutePath ?? "";
        var body = request.Content is { } content ? await content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false) : [];
        var headers = request.Headers.NonValidated.Select(Flatten).Concat(request.Content?.Headers.NonValidated.Select(Flatten) ?? []);
        var wire = protocol is null ? WireRoutes.Find(method, path, request.RequestUri?.Query ?? "") : method == "POST" ? protocol : null;
        return provider.Accept(wire, method, path, [.. headers], body);
    }

    private static HttpResponseMessage ToResponse(PreparedReply reply, ScriptedExchange exchange, HttpRequestMessage request)
    {
        var content = new StreamContent(new ScriptedBodyStream(reply.Body, exchange));
        var response = new HttpResponseMessage((HttpStatusCode)reply.StatusCode) { Content = content, RequestMessage = request };
        content.Headers.TryAddWithoutValidation("Content-Type", reply.ContentType);
        foreach (var (name, value) in reply.Headers)
        {
            if (!response.Headers.TryAddWithoutValidation(name, value))
            {
                content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return response;
    }

    private static KeyValuePair<string, string> Flatten(KeyValuePair<string, System.Net.Http.Headers.HeaderStringValues> header) =>
        new(header.Key, header.Value.ToString());
}
