using System.IO.Compression;
using Streamline.Framing;
using Streamline.Protocols;
using Streamline.TestSupport;

namespace Streamline.Tests.Protocols;

/// <summary>Bytes that make no event escape neither the limit on the response nor the token nor a timeout, by more than one read.</summary>
public sealed class FloodTests
{
    private const int Mark = 1024 * 1024;

    public static TheoryData<string, string> All => Flood.All();

    [Theory]
    [MemberData(nameof(All))]
    [Trait("Law", "8")]
    public async Task ReadAsync_Flood_StopsAtTheLimitOfTheResponse(string protocol, string pattern)
    {
        var body = Flood.Of(protocol, pattern);

        var (events, exception) = await Flood.Named(protocol).ReadAsync(body, Options(Mark)).CatchAsync();

        exception.Should().BeOfType<StreamLimitException>().Which.Should().BeEquivalentTo(new { LimitName = "MaxResponseBytes", Limit = (long)Mark });
        exception!.GetPartialResponse()?.Text.Should().BeOneOf("", "Hello");
        events.OfType<ResponseStarted>().Should().ContainSingle();
        body.BytesRead.Should().Be(Mark + 1, "nothing is read past the limit but the byte that shows that there is more");
        body.LargestRead.Should().BeLessThanOrEqualTo(FrameReader.MaxReadBytes);
        body.IsDisposed.Should().BeTrue();
    }

    [Theory]
    [MemberData(nameof(All))]
    [Trait("Law", "9")]
    public async Task ReadAsync_Flood_StopsAtTheToken(string protocol, string pattern)
    {
        using var cancellation = new CancellationTokenSource();
        var body = Flood.Of(protocol, pattern);
        (body.Mark, body.AtMark) = (Mark, cancellation.Cancel);

        var (events, exception) = await Flood.Named(protocol).ReadAsync(body, Options(), cancellation.Token).CatchAsync();

        exception.Should().BeAssignableTo<OperationCanceledException>().Which.CancellationToken.Should().Be(cancellation.Token);
        events.OfType<ResponseStarted>().Should().ContainSingle();
        body.BytesRead.Should().BeLessThan(Mark + FrameReader.MaxReadBytes, "the read that is under way is the last");
        body.IsDisposed.Should().BeTrue();
    }

    [Theory]
    [InlineData("anthropic", StreamTimeoutPhase.Idle)]
    [InlineData("anthropic", StreamTimeoutPhase.Total)]
    [InlineData("ollama", StreamTimeoutPhase.Idle)]
    [InlineData("bedrock", StreamTimeoutPhase.Idle)]
    [InlineData(nameof(StreamProtocols.GeminiJsonArray), StreamTimeoutPhase.Idle)]
    [Trait("Law", "8")]
    [Trait("Law", "12")]
    public async Task UseTimeouts_Flood_StopsAtTheTimeout(string protocol, StreamTimeoutPhase phase)
    {
        var time = new ManualTimeProvider();
        var body = Flood.Of(protocol, "\n");
        var client = new StreamClientBuilder(new FakeStreamClient((_, token) => Flood.Named(protocol).ReadAsync(body, Options(), token)))
            .UseTimeouts(limits =>
            {
                limits.TimeProvider = time;
                limits.Idle = phase == StreamTimeoutPhase.Idle ? TimeSpan.FromSeconds(30) : null;
                limits.Total = phase == StreamTimeoutPhase.Total ? TimeSpan.FromSeconds(30) : null;
            })
            .Build();

        // The timer is armed only if the reader has given the thread back to its caller; the body blocks this read until it is.
        body.AtMark = () =>
        {
            time.WaitForTimersAsync().OrFail().GetAwaiter().GetResult();
            time.Advance(TimeSpan.FromSeconds(30));
        };
        body.Mark = Mark;

        var (_, exception) = await client.StreamAsync("Hi").CatchAsync();

        exception.Should().BeOfType<StreamTimeoutException>().Which.Phase.Should().Be(phase);
        body.BytesRead.Should().BeLessThan(Mark + FrameReader.MaxReadBytes);
        body.IsDisposed.Should().BeTrue();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Law", "8")]
    public async Task ReadAsync_CompressedFlood_StopsAtTheLimitOfTheResponse(bool isBrotli)
    {
        var packed = new MemoryStream();
        using (Stream packing = isBrotli ? new BrotliStream(packed, CompressionLevel.Fastest, leaveOpen: true) : new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            packing.Write(Flood.Head(StreamProtocols.Anthropic));
            var newlines = new byte[Mark];
            Array.Fill(newlines, (byte)'\n');
            for (var i = 0; i < 64; i++)
            {
                packing.Write(newlines);
            }
        }

        packed.Position = 0;
        using Stream unpacked = isBrotli ? new BrotliStream(packed, CompressionMode.Decompress) : new GZipStream(packed, CompressionMode.Decompress);
        var counted = new CountingStream(unpacked);

        var (_, exception) = await StreamProtocols.Anthropic.ReadAsync(counted, Options(Mark)).CatchAsync();

        exception.Should().BeOfType<StreamLimitException>();
        counted.BytesRead.Should().Be(Mark + 1);
    }

    private static StreamReadOptions Options(long maxResponseBytes = long.MaxValue) =>
        new() { MaxEventBytes = StreamReadOptions.HighestEventBytes, MaxResponseBytes = maxResponseBytes };

    private sealed class CountingStream(Stream inner) : MemoryStream
    {
        public long BytesRead { get; private set; }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = await inner.ReadAsync(buffer, cancellationToken);
            BytesRead += count;
            return count;
        }
    }
}
