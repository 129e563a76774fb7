using System.Text;
using System.Text.Json;
using Streamline.Protocols.Shared;
using Streamline.Sse;
using Streamline.TestSupport;

namespace Streamline.Tests.Sse;

/// <summary>
/// The recorded test suite of <c>eventsource-parser</c>. It agrees with the specification but for these points, where ours is compared as follows.
/// </summary>
/// <remarks>
/// <list type="bullet">
/// <item>It is fed characters, and takes the three characters of an undecoded byte order mark for one; ours is fed bytes, so these characters become those bytes.</item>
/// <item>An event has an id only when it sent one; ours has the stream's last event id.</item>
/// <item>Its limit counts what is buffered between feeds. Ours counts every line and every event however they arrive, so that a limit does not depend
/// on the chunks. Where the suite expects an overflow, ours must overflow too; where it expects none, ours runs without a limit.</item>
/// </list>
/// </remarks>
[Trait("Law", "1")]
public class EventSourceParserCorpusTests
{
    private const string Corpus = "eventsource-parser";
    private const string UndecodedMark = "\u00EF\u00BB\u00BF";

    public static TheoryData<string, string> Cases
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var file in Corpora.Files(Corpus, "*.jsonl"))
            {
                foreach (var line in Encoding.UTF8.GetString(Corpora.ReadBytes(file)).Split('\n', StringSplitOptions.RemoveEmptyEntries))
                {
                    using var json = JsonDocument.Parse(line);
                    data.Add(json.RootElement.GetProperty("test").GetString()!, line);
                }
            }

            return data;
        }
    }

    [CorpusTheory(Corpus)]
    [MemberData(nameof(Cases))]
    public void MoveNext_RecordedCase_GivesTheRecordedEvents(string name, string line)
    {
        using var json = JsonDocument.Parse(line);
        foreach (var cut in new[] { int.MaxValue, 1, 3 })
        {
            var replay = new Replay(json.RootElement, cut);
            replay.Run();
            replay.Compare($"{name}, in chunks of {cut}");
        }
    }

    private sealed class Replay(JsonElement recorded, int chunkSize)
    {
        private readonly List<SseItem> _items = [];
        private readonly List<SseRun> _lives = [];
        private bool _hasOverflowed;

        private bool MustOverflow => Others("error").Any(error => error.GetProperty("errType").GetString() == "max-buffer-size-exceeded");

        public void Run()
        {
            var chunks = new List<ReadOnlyMemory<byte>>();
            var encoder = Encoding.UTF8.GetEncoder();
            foreach (var operation in recorded.GetProperty("ops").EnumerateArray())
            {
                if (operation.TryGetProperty("feed", out var text))
                {
                    chunks.AddRange(ChunkedStream.Cut(Encode(encoder, text.GetString()!), chunkSize));
                }
                else
                {
                    Live(chunks);
                    chunks = [];
                }
            }

            Live(chunks);
        }

        public void Compare(string name)
        {
            _hasOverflowed.Should().Be(MustOverflow, "{0}", name);
            var previousId = "";
            var ids = Others("id").Select(id => id.GetProperty("value").GetString()!).ToList();
            var expected = recorded.GetProperty("expectedEvents").EnumerateArray().ToList();
            var events = _items.Where(item => item.Kind == SseEventKind.Message).ToList();
            events.Select(item => (item.EventType, item.Data)).Should()
                .Equal(expected.Select(e => (Text(e, "event") ?? "message", Text(e, "data")!)), "{0}", name);
            foreach (var (item, e) in events.Zip(expected))
            {
                var id = Text(e, "id");
                (id is null ? item.LastEventId == previousId || ids.Contains(item.LastEventId) : item.LastEventId == id)
                    .Should().BeTrue($"{name}: the id is {item.LastEventId} where {id ?? "none"} is recorded");
                previousId = item.LastEventId;
            }

            CompareOthers(name, ids);
        }

        private void CompareOthers(string name, List<string> ids)
        {
            if (_lives.Count == 1)
            {
                _lives[0].LastEventId.Should().Be(ids.LastOrDefault() ?? "", "{0}", name);
                var retries = Others("retry").Select(retry => retry.GetProperty("value").GetDouble());
                (_lives[0].ReconnectionInterval?.TotalMilliseconds).Should().Be(retries.Cast<double?>().LastOrDefault(), "{0}", name);
            }

            // Comments and errors are recorded only where the case listened to them.
            var comments = Others("comment").Select(comment => comment.GetProperty("value").GetString()!).ToList();
            if (comments.Count > 0)
            {
                _items.Where(item => item.Kind == SseEventKind.Comment).Select(item => item.Data).Should().Equal(comments, "{0}", name);
            }

            foreach (var error in Others("error").Where(error => error.GetProperty("errType").GetString() == "unknown-field"))
            {
                _lives.Should().Contain(
                    life => life.UnrecognizedText.Contains(error.GetProperty("field").GetString()!.Replace(UndecodedMark, "\uFEFF"), StringComparison.Ordinal),
                    "{0}",
                    name);
            }
        }

        /// <summary>One life of the parser, from a reset to the next.</summary>
        private void Live(List<ReadOnlyMemory<byte>> chunks)
        {
            var options = new SseReaderOptions { ReportComments = true };
            if (MustOverflow && !_hasOverflowed)
            {
                options.MaxLineBytes = options.MaxEventBytes = recorded.GetProperty("maxBufferSize").GetInt32();
            }

            try
            {
                var run = SseRun.Parse(chunks, options);
                _items.AddRange(run.Items);
                _lives.Add(run);
            }
            catch (StreamLimitException)
            {
                _hasOverflowed = true;
            }
        }

        private IEnumerable<JsonElement> Others(string type) =>
            recorded.GetProperty("expectedOther").EnumerateArray().Where(other => other.GetProperty("type").GetString() == type);

        private static byte[] Encode(Encoder encoder, string text)
        {
            // A surrogate pair may be cut between two feeds; the encoder keeps its first half.
            var characters = text.Replace(UndecodedMark, "\uFEFF").ToCharArray();
            var bytes = new byte[Encoding.UTF8.GetMaxByteCount(characters.Length)];
            return bytes[..encoder.GetBytes(characters, bytes, flush: false)];
        }

        private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetString() : null;
    }
}
