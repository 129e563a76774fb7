using Streamline.Protocols;

namespace Streamline;

/// <summary>The addresses that a client sends its requests to. It is mostly the same one, so the latest is kept. Thread-safe.</summary>
internal sealed class RequestAddresses(StreamProtocol protocol)
{
    private Entry? _latest;

    /// <summary>Gets the address of an endpoint; see <see cref="RequestAddress.Combine"/>.</summary>
    public Uri Get(Uri baseAddress, string path, string query)
    {
        var latest = Volatile.Read(ref _latest);
        if (latest is null || !ReferenceEquals(latest.BaseAddress, baseAddress) || latest.Path != path || latest.Query != query)
        {
            latest = new Entry(baseAddress, path, query, RequestAddress.Combine(protocol, baseAddress, path, query));
            Volatile.Write(ref _latest, latest);
        }

        return latest.Address;
    }

    private sealed record Entry(Uri BaseAddress, string Path, string Query, Uri Address);
}
