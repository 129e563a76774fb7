using System.Buffers;
using System.Text;
using Streamline.Json;

namespace Streamline.Tests.Json;

/// <summary>Law 8: everything is bounded, and hostile input costs no more than its length.</summary>
[Trait("Law", "8")]
public sealed class PartialJsonLimitTests
{
    [Fact]
    public void TryAppend_PastMaxBytes_NamesLimitAndFigureWhateverTheCut()
    {
        var options = new PartialJsonOptions { AllowTruncation = false, MaxBytes = 10 };
        foreach (var (how, document) in JsonFeed.EveryWay(JsonFeed.Utf8("[1,2,3,4,5,6]"), options))
        {
            var error = document.Error.Should().BeOfType<StreamLimitException>(how).Subject;
            error.LimitName.Should().Be(nameof(PartialJsonOptions.MaxBytes), how);
            error.Limit.Should().Be(10, how);
            error.Actual.Should().Be(11, how);
            document.BytesReceived.Should().Be(10, how);
            JsonFeed.Describe(document.RootElement).Should().Be("~[4:=Number1=Number2=Number3=Number4]", how);
            document.TryAppend(" "u8).Should().BeFalse(how);
            document.TryComplete().Should().BeFalse(how);
            document.Error.Should().BeSameAs(error, how);
        }
    }

    [Fact]
    public void TryComplete_NumberAtTheRootCutByMaxBytes_IsNotDecided()
    {
        var document = JsonFeed.Whole("123456", new PartialJsonOptions { AllowTruncation = false, MaxBytes = 3, ShowGrowingNumbers = true });
        document.TryComplete().Should().BeFalse();
        document.IsComplete.Should().BeFalse();
        JsonFeed.Describe(document.RootElement).Should().Be("~Number123");
    }

    [Fact]
    public void IsComplete_WholeValueFollowedByTooMuch_IsFalse()
    {
        JsonFeed.Whole("{}   ", new PartialJsonOptions { AllowTruncation = false, MaxBytes = 4 }).IsComplete.Should().BeFalse();
        JsonFeed.Whole("{}x").IsComplete.Should().BeFalse();
    }

    [Fact]
    public void TryAppend_ExactlyMaxBytes_IsAccepted()
    {
        foreach (var (how, document) in JsonFeed.EveryWay("[1,2,3,45]"u8.ToArray(), new PartialJsonOptions { AllowTruncation = false, MaxBytes = 10 }))
        {
            document.TryComplete().Should().BeTrue(how);
        }
    }

    [Fact]
    public void TryAppend_ManyCharsThatAreExactlyMaxBytes_AreAccepted()
    {
        var document = new PartialJsonDocument(new PartialJsonOptions { AllowTruncation = false, MaxBytes = 300 });
        document.TryAppend("\"" + new string('é', 149) + "\"").Should().BeTrue();
        document.TryComplete().Should().BeTrue();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(128)]
    [InlineData(129)]
    [InlineData(1000)]
    public void TryAppend_PastMaxDepth_NamesLimitAndFigureWhateverTheCut(int depth)
    {
        var options = new PartialJsonOptions { AllowTruncation = false, MaxDepth = depth };
        var within = JsonFeed.Utf8(string.Concat(Enumerable.Repeat("[{\"a\":", depth / 2)) + new string('[', depth % 2) + "1"
            + new string(']', depth % 2) + string.Concat(Enumerable.Repeat("}]", depth / 2)));
        JsonFeed.Whole(within, options).TryComplete().Should().BeTrue();
        JsonFeed.InPieces(within, 1, options).TryComplete().Should().BeTrue();
        foreach (var document in new[] { JsonFeed.Whole(new string('[', depth + 1), options), JsonFeed.InPieces(JsonFeed.Utf8(new string('[', depth + 1)), 1, options) })
        {
            var error = document.Error.Should().BeOfType<StreamLimitException>().Subject;
            error.LimitName.Should().Be(nameof(PartialJsonOptions.MaxDepth));
            error.Limit.Should().Be(depth);
            error.Actual.Should().Be(depth + 1);
            document.RootElement.ToString().Should().Be(new string('[', depth) + new string(']', depth));
        }
    }

    [Fact]
    public void TryAppend_DepthThatRisesAndFallsAcrossEveryWordOfTheStack_RemembersEveryKind()
    {
        var random = new Random(3);
        var text = new StringBuilder();
        var open = new Stack<char>();
        for (var step = 0; step < 4000; step++)
        {
            if (open.Count < 300 && (open.Count == 0 || random.Next(100) < (step % 600 < 350 ? 75 : 25)))
            {
                var isObject = random.Next(2) == 0;
                text.Append(isObject ? "{\"k\":[" : "[");
                open.Push(isObject ? '}' : ']');
                if (isObject)
                {
                    open.Push(']');
                }
            }
            else
            {
                text.Append("null").Append(open.Pop());
                while (open.TryPeek(out var next) && next == '}')
                {
                    text.Append(open.Pop());
                }

                text.Append(open.Count == 0 ? "" : ",");
                if (open.Count == 0)
                {
                    break;
                }
            }
        }

        text.Append("null");
        while (open.TryPop(out var close))
        {
            text.Append(close);
        }

        var bytes = JsonFeed.Utf8(text.ToString().StartsWith('[') || text.ToString().StartsWith('{') ? text.ToString() : "null");
        using var expected = System.Text.Json.JsonDocument.Parse(bytes, new System.Text.Json.JsonDocumentOptions { MaxDepth = 1000 });
        var document = JsonFeed.InPieces(bytes, 5, new PartialJsonOptions { AllowTruncation = false, MaxDepth = 1000 });
        document.Complete();
        document.RootElement.GetRawText().Should().Be(expected.RootElement.GetRawText());
    }

    [Theory]
    [InlineData("[", 100_000)]
    [InlineData("[{\"\":", 50_000)]
    [InlineData("{\"a\":", 50_000)]
    public void TryAppend_EndlessNesting_IsRefusedAtTheLimit(string unit, int count)
    {
        var document = JsonFeed.Whole(string.Concat(Enumerable.Repeat(unit, count)));
        document.Error.Should().BeOfType<StreamLimitException>();
        document.RootElement.ToString().Length.Should().BeLessThan(PartialJsonReader.DefaultMaxDepth * 8);
    }

    public static TheoryData<string, string> Hostile => new()
    {
        { "quotes", "[" + string.Concat(Enumerable.Repeat("\"\",", 20_000)) },
        { "backslashes", "\"" + new string('\\', 40_000) },
        { "high surrogates", "\"" + string.Concat(Enumerable.Repeat("\\uD83D", 8_000)) },
        { "opening and closing", "[" + string.Concat(Enumerable.Repeat("[{}],", 10_000)) },
        { "digits", new string('1', 40_000) },
        { "whitespace", new string(' ', 40_000) },
        { "a huge name", "{\"" + new string('k', 40_000) + "\":1}" },
        { "many equal names", "{" + string.Concat(Enumerable.Repeat("\"k\":0,", 8_000)) },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Read_HostileText_GivesAtMostOneTokenPerByteAndReadsEachByteOnce(string name, string text)
    {
        var bytes = JsonFeed.Utf8(text);
        foreach (var size in new[] { 1, 16, bytes.Length })
        {
            var reader = new PartialJsonReader();
            var (tokens, tokenBytes) = (0, 0L);
            for (var offset = 0; offset < bytes.Length; offset += size)
            {
                ReadOnlySpan<byte> piece = bytes.AsSpan(offset, Math.Min(size, bytes.Length - offset));
                while (reader.Read(ref piece, out var token) == OperationStatus.Done)
                {
                    tokens++;
                    tokenBytes += token.Value.Length;
                }

                piece.IsEmpty.Should().BeTrue();
            }

            tokens.Should().BeLessThanOrEqualTo(bytes.Length, name);
            tokenBytes.Should().BeLessThanOrEqualTo(bytes.Length, name);
            reader.BytesConsumed.Should().Be(bytes.Length, name);
        }
    }

    [Theory]
    [MemberData(nameof(Hostile))]
    public void TryAppend_HostileTextWithASnapshotPerDelta_AllocatesInProportionToItsLength(string name, string text)
    {
        var bytes = JsonFeed.Utf8(text);
        Grow(bytes); // warm-up
        // Not one against the other: what comes out of the shared pool is not counted, and other tests use it too.
        var tenth = bytes.AsSpan(0, bytes.Length / 10);
        Allocated(tenth).Should().BeLessThanOrEqualTo((tenth.Length * 40L) + 4096, name);
        Allocated(bytes).Should().BeLessThanOrEqualTo(bytes.Length * 40L, name);
    }

    [Fact]
    public void Append_SteadyState_AllocatesNothing()
    {
        var document = new PartialJsonDocument(JsonFeed.Strict);
        document.Append("[\""u8);
        document.Append(new byte[1 << 16].Select(_ => (byte)'a').ToArray());
        document.Append("\","u8);
        for (var warmUp = 0; warmUp < 3; warmUp++)
        {
            document.Append("\"warm up\\n\","u8); // rows and bytes have room left after this
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        var complete = 0;
        for (var delta = 0; delta < 10; delta++)
        {
            document.Append(" "u8);
            complete += document.RootElement.IsComplete ? 1 : 0;
            foreach (var item in document.RootElement.EnumerateArray())
            {
                complete += item.IsComplete ? 1 : 0;
            }
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).Should().Be(0);
        complete.Should().Be(40);
    }

    private static long Allocated(ReadOnlySpan<byte> bytes)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        Grow(bytes);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static void Grow(ReadOnlySpan<byte> bytes)
    {
        var document = new PartialJsonDocument(JsonFeed.Strict);
        for (; !bytes.IsEmpty; bytes = bytes[Math.Min(16, bytes.Length)..])
        {
            document.TryAppend(bytes[..Math.Min(16, bytes.Length)]);
            _ = document.RootElement.IsComplete;
        }
    }
}
