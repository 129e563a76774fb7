using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Streamline.Testing;

/// <summary>Answers requests that came over a socket. Each chunk is flushed by itself.</summary>
internal sealed class ScriptedApplication(ScriptedProvider provider, CancellationToken stopping) : IHttpApplication<HttpContext>
{
    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    public void DisposeContext(HttpContext context, Exception? exception)
    {
    }

    public async Task ProcessRequestAsync(HttpContext context)
    {
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        var exchange = await AcceptAsync(context.Request, leaving.Token).ConfigureAwait(false);
        try
        {
            await ReplyAsync(context, exchange, leaving.Token).ConfigureAwait(false);
            exchange.Complete(ExchangeOutcome.Completed);
        }
        catch (HttpIOException) when (context.Response.HasStarted)
        {
            // Kestrel answers an exception by closing the connection without the end of the body, after what was written has been sent.
            exchange.Complete(ExchangeOutcome.Aborted);
            throw;
        }
        catch (HttpIOException)
        {
            exchange.Complete(ExchangeOutcome.Aborted);
            context.Abort();
        }
        catch when (leaving.IsCancellationRequested)
        {
            exchange.Complete(stopping.IsCancellationRequested ? ExchangeOutcome.Aborted : ExchangeOutcome.ClientGone);
            context.Abort();
        }
        catch (Exception exception)
        {
            exchange.Fail(exception);
            throw;
        }
    }

    private async Task<ScriptedExchange> AcceptAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, cancellationToken).ConfigureAwait(false);
        var path = request.Path.Value ?? "";
        var headers = request.Headers.Select(header => KeyValuePair.Create(header.Key, header.Value.ToString()));
        return provider.Accept(WireRoutes.Find(request.Method, path, request.QueryString.Value ?? ""), request.Method, path, [.. headers], body.ToArray());
    }

    private async Task ReplyAsync(HttpContext context, ScriptedExchange exchange, CancellationToken cancellationToken)
    {
        var reply = Prepare(exchange);
        using var body = reply.Body;
        await reply.OpenAsync(cancellationToken).ConfigureAwait(false);
        var response = context.Response;
        response.StatusCode = reply.StatusCode;
        response.ContentType = reply.ContentType;
        foreach (var (name, value) in reply.Headers)
        {
            response.Headers.Append(name, value);
        }

        await response.StartAsync(cancellationToken).ConfigureAwait(false);
        await response.Body.FlushAsync(cancellationToken).ConfigureAwait(false);
        await WriteAsync(body, response.Body, exchange, cancellationToken).ConfigureAwait(false);
        await response.CompleteAsync().ConfigureAwait(false);
    }

    private static async Task WriteAsync(ReplyBody body, Stream output, ScriptedExchange exchange, CancellationToken cancellationToken)
    {
        while (await body.ReadAsync(cancellationToken).ConfigureAwait(false) is { IsEmpty: false } chunk)
        {
            // This flushes too. Writing to a client that has left says nothing; the next read notices.
            await output.WriteAsync(chunk, cancellationToken).ConfigureAwait(false);
            exchange.AddBytes(chunk.Length);
        }
    }

    private PreparedReply Prepare(ScriptedExchange exchange)
    {
        try
        {
            return provider.Prepare(exchange);
        }
        catch (Exception exception) when (exchange.Request.Protocol is not null)
        {
            exchange.Fail(exception);
            return provider.PrepareFailure(exchange, exchange.Request.Protocol, exception);
        }
    }
}
