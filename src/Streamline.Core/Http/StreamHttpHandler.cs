namespace Streamline;

/// <summary>The settings of HTTP that streaming needs, for every HTTP client that the library makes itself.</summary>
internal static class StreamHttpHandler
{
    private static readonly Lazy<HttpClient> SharedClient = new(static () =>
    {
        var handler = new SocketsHttpHandler();
        Configure(handler);
        return new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    });

    /// <summary>Gets the client of the process, for stream clients that are given none. It has no time limit and does not follow redirects.</summary>
    public static HttpClient Shared => SharedClient.Value;

    public static void Configure(SocketsHttpHandler handler)
    {
        handler.ConnectTimeout = TimeSpan.FromSeconds(10);
        handler.PooledConnectionLifetime = TimeSpan.FromMinutes(10);
        handler.EnableMultipleHttp2Connections = true;

        // A redirect would send the key to wherever it leads. The framework drops only the header Authorization.
        handler.AllowAutoRedirect = false;
    }
}
