using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Streamline.Testing;

namespace Streamline.Chaos.Cuts;

/// <summary>Answers in process: the first responses break off where they are told to, and each request gets what a model would answer to it.</summary>
internal sealed class CutHandler(CutAnswerCase answer, ContinuingManner manner, int[] cuts, bool breaks) : HttpMessageHandler
{
    private int _requests;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var number = _requests++;
        var body = await BodyAsync(request, cancellationToken);
        var isCut = number < cuts.Length && cuts[number] < body.Length;
        var stream = new MemoryStream(isCut ? body[..cuts[number]] : body);
        var response = new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(isCut && breaks ? new BreakingStream(stream) : stream), RequestMessage = request };
        response.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(answer.Target.Protocol.ContentType);
        return response;
    }

    private async Task<byte[]> BodyAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Method == HttpMethod.Get)
        {
            return answer.Kept!.Rest(request.RequestUri!.Segments[^1], request.RequestUri.Query);
        }

        using var json = JsonDocument.Parse(await request.Content!.ReadAsByteArrayAsync(cancellationToken));
        if (ContinuationRequest.Read(json.RootElement) is not { } continuation)
        {
            return answer.Body;
        }

        var text = continuation.InWords ? manner.Continue(answer.Text, continuation.Shown) : ContinuingManner.Rest(answer.Text, continuation.Shown);
        return ScriptedBodies.Measure(ScriptedReply.Text(text), CutAnswerCase.Request(answer.Target.Protocol), answer.Target.Protocol).Body.ToArray();
    }

    /// <summary>A body whose connection breaks after its last byte.</summary>
    private sealed class BreakingStream(Stream inner) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = await inner.ReadAsync(buffer, cancellationToken);
            return count > 0 || buffer.IsEmpty ? count : throw new IOException("The connection broke.");
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
