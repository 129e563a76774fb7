using System.IO.Pipelines;
using Streamline.Protocols;

namespace Streamline.Testing;

/// <summary>Tells a client that had the whole answer from one that left before: the first stops reading at the event that ends the answer, not at the end of the body.</summary>
internal static class RecordedAnswer
{
    /// <summary>Tells whether the chunks hold the event that ends an answer, in the protocol that the address belongs to.</summary>
    public static bool IsWhole(string method, Uri address, IReadOnlyList<RecordedChunk> chunks)
    {
        var (path, query) = address.IsAbsoluteUri ? (address.AbsolutePath, address.Query) : (address.OriginalString, "");
        return WireRoutes.Find(method, path, query) is { } protocol && HasEnd(protocol, chunks);
    }

    private static bool HasEnd(StreamProtocol protocol, IReadOnlyList<RecordedChunk> chunks)
    {
        // All bytes are there, so that reading never has to wait.
        var body = PipeReader.Create(new System.Buffers.ReadOnlySequence<byte>(chunks.SelectMany(chunk => chunk.Bytes.ToArray()).ToArray()));
        var events = protocol.ReadAsync(body).GetAsyncEnumerator();
        try
        {
            while (events.MoveNextAsync().AsTask().GetAwaiter().GetResult())
            {
                if (events.Current is ResponseCompleted)
                {
                    return true;
                }
            }
        }
        catch (StreamlineException)
        {
            // Cut, or not an answer.
        }
        finally
        {
            events.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }

        return false;
    }
}
