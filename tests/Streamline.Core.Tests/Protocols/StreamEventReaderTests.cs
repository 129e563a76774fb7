using System.IO.Pipelines;
using System.Text;
using Streamline.Framing;
using Streamline.Protocols;
using Streamline.Protocols.Shared;
using Streamline.TestSupport;
using static Streamline.Tests.Make;

namespace Streamline.Tests.Protocols;

/// <summary>The reader between frames and a decoder, of which a frame of several events, a fault in the middle of them, or too many frames may come.</summary>
public sealed class StreamEventReaderTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(int.MaxValue)]
    [Trait("Law", "1")]
    public async Task MoveNext_FramesOfSeveralEvents_GiveThemInOrder(int chunkSize)
    {
        var decoder = new SpellingDecoder();

        var (text, exception) = await ReadAsync(decoder, "abc\nd\n!\n", chunkSize);

        (text, exception, decoder.Frames).Should().Be(("abcd", null, 3));
    }

    [Theory]
    [InlineData("abc?\nd\n!\n", "abc", 1)]
    [InlineData("a\nbc?\nd\n!\n", "abc", 2)]
    [InlineData("?\n!\n", "", 1)]
    [Trait("Law", "4")]
    public async Task MoveNext_FaultInTheMiddleOfAFrame_ComesAfterTheEventsBeforeItAndStays(string body, string expected, int frames)
    {
        foreach (var chunkSize in WireRun.ChunkSizes)
        {
            var decoder = new SpellingDecoder();
            var reader = Reader(decoder, body, chunkSize);
            var text = new StringBuilder();
            for (var i = 0; i < expected.Length; i++)
            {
                (await reader.MoveNextAsync().AsTask().OrFail()).Should().BeTrue();
                text.Append(((TextDelta)reader.Current).Text);
            }

            for (var i = 0; i < 3; i++)
            {
                (await FluentActions.Awaiting(() => reader.MoveNextAsync().AsTask().OrFail()).Should().ThrowAsync<StreamProtocolException>())
                    .Which.PartialResponse?.Text.Should().Be(expected);
            }

            (text.ToString(), decoder.Frames).Should().Be((expected, frames), "chunks have {0} bytes", chunkSize);
            await reader.DisposeAsync();
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(int.MaxValue)]
    public async Task MoveNext_FramesAfterTheEnd_AreNotDecoded(int chunkSize)
    {
        var decoder = new SpellingDecoder();

        var (text, exception) = await ReadAsync(decoder, "a\nb!\nc\n?\n", chunkSize);

        (text, exception, decoder.Frames).Should().Be(("ab", null, 2));
    }

    [Fact]
    public async Task MoveNext_DefectOfTheDecoder_IsNotAnInterruption()
    {
        var (_, exception) = await ReadAsync(new SpellingDecoder(), "a#\n", int.MaxValue);

        exception.Should().BeOfType<InvalidOperationException>();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Law", "9")]
    public async Task MoveNext_TwoTokens_CarriesTheOneThatWasCancelled(bool ofCall)
    {
        using var call = new CancellationTokenSource();
        using var enumeration = new CancellationTokenSource();
        var body = new Pipe();
        await using var events = StreamProtocols.Anthropic.ReadAsync(body.Reader, cancellationToken: call.Token).GetAsyncEnumerator(enumeration.Token);
        var moving = events.MoveNextAsync().AsTask();

        var cancelled = ofCall ? call : enumeration;
        await cancelled.CancelAsync();

        (await moving.Awaiting(m => m.OrFail()).Should().ThrowAsync<OperationCanceledException>()).Which.CancellationToken.Should().Be(cancelled.Token);
    }

    [Fact]
    [Trait("Law", "4")]
    public async Task MoveNext_BodyEndsTooSoon_GivesTheEventsFirst()
    {
        var (text, exception) = await ReadAsync(new SpellingDecoder(), "ab\n", int.MaxValue);

        text.Should().Be("ab~");
        exception.Should().BeOfType<StreamInterruptedException>();
    }

    private static async Task<(string Text, Exception? Exception)> ReadAsync(SpellingDecoder decoder, string body, int chunkSize)
    {
        var (events, exception) = await WireRun.ReadAsync(StreamProtocols.Ollama, decoder, Encoding.UTF8.GetBytes(body), chunkSize);
        return (TextOf(events), exception);
    }

    private static StreamEventReader Reader(SpellingDecoder decoder, string body, int chunkSize) => new(
        FrameReader.Create(FrameFormat.Ndjson, ChunkedStream.Every(Encoding.UTF8.GetBytes(body), Math.Min(chunkSize, body.Length)), 1024),
        decoder,
        new StreamReadOptions(),
        CancellationToken.None);

    /// <summary>An event for each letter of a frame; ? is a fault, and ! the end.</summary>
    private sealed class SpellingDecoder : StreamEventDecoder
    {
        public int Frames { get; private set; }

        public override void Decode(ReadOnlySpan<byte> eventType, ReadOnlySpan<byte> data, long byteOffset)
        {
            Frames++;
            foreach (var letter in data)
            {
                switch (letter)
                {
                    case (byte)'!':
                        IsEnded = true;
                        break;
                    case (byte)'#':
                        throw new InvalidOperationException("A defect.");
                    case (byte)'?':
                        throw new StreamProtocolException(StreamProtocolError.InvalidPayload, "Found ?", byteOffset);
                    default:
                        Emit(Words(((char)letter).ToString()));
                        break;
                }
            }
        }

        public override void Complete(long bytesReceived, ReadOnlySpan<byte> unrecognizedText)
        {
            Emit(Words("~"));
            throw new StreamInterruptedException("Found the end", bytesReceived);
        }
    }
}
