using System.Globalization;
using System.Net;
using Microsoft.Extensions.AI;
using Streamline.Benchmarks.Real;
using Streamline.Tools;

namespace Streamline.Benchmarks.Pipeline;

/// <summary><c>-- idle</c>: the managed memory of streams that have begun and wait for the next byte, above what <see cref="HttpClient"/> takes for the same response.</summary>
internal static class IdleMode
{
    private const int Streams = 10_000;

    private static readonly byte[] Beginning = [.. """
        event: message_start
        data: {"type":"message_start","message":{"id":"m","type":"message","role":"assistant","model":"claude-test","content":[],"stop_reason":null,"usage":{"input_tokens":1,"output_tokens":1}}}

        event: content_block_start
        data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hello"}}


        """u8];

    public static async Task RunAsync()
    {
        using var http = new HttpClient(new StallingHandler()) { Timeout = Timeout.InfiniteTimeSpan };
        var client = StreamProtocols.Anthropic.CreateClient(http, "none", "claude-test");
        var tools = new ToolSet().Add(AIFunctionFactory.Create((string city) => "Rain in " + city, "get_weather"));
        (string Name, IStreamClient? Client)[] pipelines =
        [
            ("HttpClient alone", null),
            ("client", client),
            ("client, backpressure", new StreamClientBuilder(client).UseBackpressure().Build()),
            ("client, timeouts", new StreamClientBuilder(client).UseTimeouts().Build()),
            ("client, retry", new StreamClientBuilder(client).UseRetry().Build()),
            ("client, tools", new StreamClientBuilder(client).UseTools(tools).Build()),
            ("client, UseDefaults", new StreamClientBuilder(client).UseDefaults().Build()),
            ("client, tools, UseDefaults", new StreamClientBuilder(client).UseTools(tools).UseDefaults().Build()),
        ];

        // Twice: what is made once for all streams is made by the first pass.
        await MeasureAsync(http, pipelines, 100);
        var bytes = await MeasureAsync(http, pipelines, Streams);
        var table = new ResultTable(1, "idle stream", "bytes each", "above HttpClient");
        for (var i = 0; i < pipelines.Length; i++)
        {
            table.Add(pipelines[i].Name, bytes[i].ToString("0", CultureInfo.InvariantCulture), (bytes[i] - bytes[0]).ToString("0", CultureInfo.InvariantCulture));
        }

        Console.WriteLine(table);
    }

    private static async Task<double[]> MeasureAsync(HttpClient http, (string Name, IStreamClient? Client)[] pipelines, int count)
    {
        var bytes = new double[pipelines.Length];
        for (var i = 0; i < pipelines.Length; i++)
        {
            using var stop = new CancellationTokenSource();
            var streams = new Task[count];
            var idle = GC.GetTotalMemory(forceFullCollection: true);
            for (var j = 0; j < count; j++)
            {
                var begun = new TaskCompletionSource();
                streams[j] = pipelines[i].Client is { } client ? ReadAsync(client, begun, stop.Token) : ReadAsync(http, begun, stop.Token);
                await begun.Task;
            }

            bytes[i] = (GC.GetTotalMemory(forceFullCollection: true) - idle) / (double)count;
            await stop.CancelAsync();
            await Task.WhenAll(streams).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return bytes;
    }

    private static async Task ReadAsync(IStreamClient client, TaskCompletionSource begun, CancellationToken cancellationToken)
    {
        await foreach (var streamEvent in client.StreamAsync("Hi", cancellationToken: cancellationToken))
        {
            if (streamEvent is TextDelta)
            {
                begun.TrySetResult();
            }
        }
    }

    private static async Task ReadAsync(HttpClient http, TaskCompletionSource begun, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("http://provider/"));
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        await body.ReadExactlyAsync(new byte[Beginning.Length], cancellationToken);
        begun.SetResult();
        await body.ReadExactlyAsync(new byte[1], cancellationToken);
    }

    private sealed class StallingHandler : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = new HttpResponseMessage(HttpStatusCode.OK) { RequestMessage = request, Content = new StreamContent(new StallingStream()) };
            response.Content.Headers.ContentType = new("text/event-stream");
            return Task.FromResult(response);
        }
    }

    private sealed class StallingStream : MemoryStream
    {
        public StallingStream()
            : base(Beginning, writable: false)
        {
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Position < Length ? base.ReadAsync(buffer, cancellationToken) : new ValueTask<int>(StallAsync(cancellationToken));

        private static async Task<int> StallAsync(CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            return 0;
        }
    }
}
