using System.Text;
using System.Text.Json;
using System.Web;

namespace Streamline.Tests.Protocols.GeminiInteractions;

/// <summary>An interaction that a server keeps. It sends all of it, or what follows an event, and breaks off where it is told to.</summary>
/// <param name="payloads">The events.</param>
internal sealed class KeptInteraction(IReadOnlyList<string> payloads)
{
    private readonly Lock _lock = new();
    private readonly Queue<int> _cuts = [];

    /// <summary>Gets the requests so far: the method, the path and the query.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>Gets the length in bytes of the whole body.</summary>
    public int Length => BodyAfter(null).Length;

    /// <summary>Breaks the next responses off after some bytes of each. All later ones are whole.</summary>
    public void CutAt(params ReadOnlySpan<int> lengths)
    {
        lock (_lock)
        {
            _cuts.Clear();
            Requests.Clear();
            foreach (var length in lengths)
            {
                _cuts.Enqueue(length);
            }
        }
    }

    /// <summary>Answers a request.</summary>
    /// <returns>The bytes, and whether they break off.</returns>
    public (byte[] Body, bool IsCut) Answer(string method, string pathAndQuery)
    {
        lock (_lock)
        {
            Requests.Add($"{method} {pathAndQuery}");
            var query = HttpUtility.ParseQueryString(new Uri("http://host" + pathAndQuery).Query);
            var body = BodyAfter(method == "GET" ? query["last_event_id"] : null);
            return _cuts.TryDequeue(out var length) && length < body.Length ? (body[..length], true) : (body, false);
        }
    }

    private byte[] BodyAfter(string? eventId)
    {
        var known = eventId is null ? 0 : payloads.Index().Single(payload => IdOf(payload.Item) == eventId).Index + 1;
        return Encoding.UTF8.GetBytes(InteractionsEvents.Body(payloads.Skip(known)) + "event: done\ndata: [DONE]\n\n");
    }

    private static string? IdOf(string payload) => JsonElement.Parse(payload).TryGetProperty("event_id", out var id) ? id.GetString() : null;
}
