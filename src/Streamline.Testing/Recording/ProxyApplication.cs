using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Streamline.Testing;

/// <summary>Passes requests on, and their responses back, chunk by chunk.</summary>
internal sealed class ProxyApplication(Uri upstream, HttpMessageInvoker http, CancellationToken stopping) : IHttpApplication<HttpContext>
{
    private const int BufferBytes = 64 * 1024;

    // Of one connection, and so not passed on. Compression is not asked for, so that recordings can be read.
    private static readonly HashSet<string> OfTheConnection = new(StringComparer.OrdinalIgnoreCase)
    {
        "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade", "host", "accept-encoding", "content-length",
    };

    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    public void DisposeContext(HttpContext context, Exception? exception)
    {
    }

    public async Task ProcessRequestAsync(HttpContext context)
    {
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        try
        {
            using var request = await ToRequestAsync(context.Request, leaving.Token).ConfigureAwait(false);
            using var response = await http.SendAsync(request, leaving.Token).ConfigureAwait(false);
            await PassBackAsync(response, context.Response, leaving.Token).ConfigureAwait(false);
        }
        catch (HttpRequestException exception) when (!context.Response.HasStarted)
        {
            context.Response.StatusCode = (int)HttpStatusCode.BadGateway;
            context.Response.ContentType = "text/plain";
            await context.Response.WriteAsync($"The provider could not be reached: {exception.Message}", leaving.Token).ConfigureAwait(false);
            await context.Response.CompleteAsync().ConfigureAwait(false);
        }
        catch (IOException) when (!leaving.IsCancellationRequested)
        {
            // Kestrel answers an exception by closing the connection without the end of the body, after what was written has been sent.
            throw;
        }
        catch (Exception) when (leaving.IsCancellationRequested)
        {
            context.Abort();
        }
    }

    private static async Task PassBackAsync(HttpResponseMessage from, HttpResponse to, CancellationToken cancellationToken)
    {
        to.StatusCode = (int)from.StatusCode;
        foreach (var (name, value) in from.Headers.NonValidated.Concat(from.Content.Headers.NonValidated).Where(header => !OfTheConnection.Contains(header.Key)))
        {
            to.Headers.Append(name, value.ToArray());
        }

        await to.StartAsync(cancellationToken).ConfigureAwait(false);
        await to.Body.FlushAsync(cancellationToken).ConfigureAwait(false);
        var body = await from.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (body.ConfigureAwait(false))
        {
            var buffer = new byte[BufferBytes];
            while (await body.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is > 0 and var count)
            {
                await to.Body.WriteAsync(buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
                await to.Body.FlushAsync(cancellationToken).ConfigureAwait(false);
            }
        }

        await to.CompleteAsync().ConfigureAwait(false);
    }

    private async Task<HttpRequestMessage> ToRequestAsync(HttpRequest from, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        await from.Body.CopyToAsync(body, cancellationToken).ConfigureAwait(false);
        var to = new HttpRequestMessage(new HttpMethod(from.Method), Combine(from)) { Content = body.Length > 0 ? new ByteArrayContent(body.ToArray()) : null };
        foreach (var (name, values) in from.Headers.Where(header => !OfTheConnection.Contains(header.Key)))
        {
            if (!to.Headers.TryAddWithoutValidation(name, values.AsEnumerable()))
            {
                to.Content?.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
            }
        }

        return to;
    }

    private Uri Combine(HttpRequest request) =>
        new(upstream.GetLeftPart(UriPartial.Path).TrimEnd('/') + request.Path.ToUriComponent() + (request.QueryString.HasValue ? request.QueryString.Value : upstream.Query));
}
