using System.IO.Pipelines;
using System.Text;
using Streamline.Json;
using Streamline.TestSupport;

namespace Streamline.Tests.Json;

/// <summary>The doors for text that is still arriving.</summary>
public sealed class PartialJsonReadingTests
{
    private const string Text = """{"name":"caf\u00e9 😀","items":[1,22,{"x":null}],"done":true} """;

    [Fact]
    [Trait("Law", "1")]
    public async Task ReadAsync_EveryDoorAndPieceSize_GrowsToTheSameValue()
    {
        foreach (var (_, text) in JsonSamples.All().Take(40).Append(("text", JsonFeed.Utf8(Text))))
        {
            var expected = JsonFeed.Whole(text);
            expected.Complete();
            foreach (var size in new[] { 1, 3, 4096 })
            {
                foreach (var (door, snapshots) in Doors(text, size))
                {
                    var earlier = default(PartialJsonElement);
                    var last = default(PartialJsonSnapshot);
                    await foreach (var snapshot in snapshots)
                    {
                        MonotonicityChecker.FindViolation(earlier, snapshot.RootElement).Should().BeNull();
                        earlier = snapshot.RootElement;
                        last = snapshot;
                    }

                    last!.IsComplete.Should().BeTrue();
                    JsonFeed.Describe(last.RootElement).Should().Be(JsonFeed.Describe(expected.RootElement), "{0} in pieces of {1}", door, size);
                    last.ToString().Should().Be(expected.RootElement.ToString());
                }
            }
        }
    }

    [Theory]
    [InlineData("""{"a":"cut""", true, false)]
    [InlineData("""{"a":"cut""", false, true)]
    [InlineData("""{"a":"b" "c""", true, true)]
    [InlineData("", true, false)]
    public async Task ReadAsync_CutOrMalformed_ShowsWhatCameBefore(string text, bool allowTruncation, bool fails)
    {
        foreach (var size in new[] { 1, 4096 })
        {
            foreach (var (door, snapshots) in Doors(JsonFeed.Utf8(text), size, new PartialJsonOptions { AllowTruncation = allowTruncation }))
            {
                var last = default(PartialJsonSnapshot);
                var reading = async () =>
                {
                    await foreach (var snapshot in snapshots)
                    {
                        last = snapshot;
                    }
                };
                if (fails)
                {
                    await reading.Should().ThrowAsync<StreamProtocolException>(door);
                }
                else
                {
                    await reading();
                }

                last!.IsComplete.Should().BeFalse(door);
                last.RootElement.TryGetProperty("a", out var value).Should().Be(text.Length > 0, door);
                (value.GetString()?.Length ?? 0).Should().Be(text.Length == 0 ? 0 : text.Contains("cut", StringComparison.Ordinal) ? 3 : 1, door);
            }
        }
    }

    [Fact]
    public async Task ReadAsync_Repairs_AreOnTheSnapshots()
    {
        foreach (var (door, snapshots) in Doors("""{"a":1,}"""u8.ToArray(), 1, new PartialJsonOptions { Repair = PartialJsonRepairMode.Safe }))
        {
            var all = await snapshots.ToListAsync();
            all[0].Repairs.Should().BeEmpty(door);
            all[^1].Repairs.Should().ContainSingle(door);
            all[^1].IsComplete.Should().BeTrue(door);
        }
    }

    [Fact]
    [Trait("Law", "9")]
    public async Task ReadAsync_LeftOrEnded_ReleasesWhatItReads()
    {
        foreach (var isLeft in new[] { false, true })
        {
            var stream = ChunkedStream.Every(JsonFeed.Utf8(Text), 5);
            await ReadAsync(PartialJson.ReadAsync(stream), isLeft);
            stream.IsDisposed.Should().BeTrue();

            stream = ChunkedStream.Every(JsonFeed.Utf8(Text), 5);
            await ReadAsync(PartialJson.ReadAsync(PipeReader.Create(stream)), isLeft);
            stream.IsDisposed.Should().BeTrue();
        }

        static async Task ReadAsync(IAsyncEnumerable<PartialJsonSnapshot> snapshots, bool isLeft)
        {
            await foreach (var _ in snapshots)
            {
                if (isLeft)
                {
                    break;
                }
            }
        }
    }

    [Fact]
    [Trait("Law", "9")]
    public async Task ReadAsync_Cancelled_ThrowsWithTheCallersToken()
    {
        foreach (var isOfCall in new[] { false, true })
        {
            using var ofCall = new CancellationTokenSource();
            using var ofEnumeration = new CancellationTokenSource();
            var cancelled = isOfCall ? ofCall : ofEnumeration;
            var pipe = new Pipe();
            await pipe.Writer.WriteAsync("["u8.ToArray());
            var reading = async () =>
            {
                await foreach (var _ in PartialJson.ReadAsync(pipe.Reader, options: null, ofCall.Token).WithCancellation(ofEnumeration.Token))
                {
                    await cancelled.CancelAsync();
                }
            };
            (await reading.Should().ThrowAsync<OperationCanceledException>()).Which.CancellationToken.Should().Be(cancelled.Token);
        }
    }

    [Fact]
    public async Task ReadAsync_PendingReadCancelled_Throws()
    {
        var pipe = new Pipe();
        pipe.Reader.CancelPendingRead();
        await FluentActions.Invoking(() => PartialJson.ReadAsync(pipe.Reader).ToListAsync().AsTask()).Should().ThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public void ReadAsync_Misuse_ThrowsAtOnce()
    {
        FluentActions.Invoking(() => PartialJson.ReadAsync((Stream)null!)).Should().Throw<ArgumentNullException>();
        FluentActions.Invoking(() => PartialJson.ReadAsync((PipeReader)null!)).Should().Throw<ArgumentNullException>();
        FluentActions.Invoking(() => PartialJson.ReadAsync((IAsyncEnumerable<string>)null!)).Should().Throw<ArgumentNullException>();
        using var unreadable = new MemoryStream();
        unreadable.Close();
        FluentActions.Invoking(() => PartialJson.ReadAsync(unreadable)).Should().Throw<ArgumentException>();
    }

    private static IEnumerable<(string Door, IAsyncEnumerable<PartialJsonSnapshot> Snapshots)> Doors(byte[] text, int size, PartialJsonOptions? options = null)
    {
        yield return ("stream", PartialJson.ReadAsync(ChunkedStream.Every(text, size), options));
        yield return ("pipe", PartialJson.ReadAsync(PipeReader.Create(ChunkedStream.Every(text, size)), options));
        yield return ("strings", PartialJson.ReadAsync(Encoding.UTF8.GetString(text).Chunk(size).Select(piece => new string(piece)).ToAsyncEnumerable(), options));
    }
}
