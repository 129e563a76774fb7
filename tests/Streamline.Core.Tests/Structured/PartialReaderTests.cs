using System.Text.Json;
using System.Text.Json.Serialization;
using Streamline.Json;
using Streamline.TestSupport;

namespace Streamline.Tests.Structured;

/// <summary>Typed values out of streams that exist already: pieces of text, events, and the arguments of a tool call.</summary>
public sealed class PartialReaderTests
{
    private const string Text = """{"entries":[{"id":1,"text":"abc"}],"summary":"done"}""";

    [Fact]
    public async Task ReadAllAsync_Texts_GrowToTheWholeValue()
    {
        var partials = await Partial.ReadAllAsync(Pieces($"```json\n{Text}\n```"), PlanContext.Default.Log).ToListAsync();
        partials.Should().Contain(partial => partial.Value != null && partial.Value.Entries.Count == 1 && partial.Value.Summary == "don");
        partials[^1].IsComplete.Should().BeTrue();
        partials[^1].Value!.Summary.Should().Be("done");
        partials[^1].Response.FinishReason.Should().BeNull();
        partials[^1].Response.RawText.Should().StartWith("```json");
        partials.SkipLast(1).Should().OnlyContain(partial => !partial.IsComplete);
    }

    [Theory]
    [InlineData("""{"entries":[""", StructuredOutputError.InvalidJson)]
    [InlineData("""{"entries":[],"summary":5}""", StructuredOutputError.InvalidValue)]
    [InlineData("", StructuredOutputError.InvalidJson)]
    public async Task ReadAllAsync_TextsThatAreNotTheValue_Throw(string text, StructuredOutputError error)
    {
        var reading = () => Partial.ReadAllAsync(Pieces(text), PlanContext.Default.Log).LastAsync().AsTask();
        var fault = (await reading.Should().ThrowAsync<StructuredOutputException>()).Which;
        fault.Error.Should().Be(error);
        fault.Response!.RawText.Should().Be(text);
    }

    [Fact]
    public async Task ReadAllAsync_Events_AreReadLikeAnAnswer()
    {
        var partials = await Partial.ReadAllAsync(Answers.Text(Text).ToAsyncEnumerable(), PlanContext.Default.Log).ToListAsync();
        partials[^1].Value!.Summary.Should().Be("done");
        partials[^1].Response.FinishReason.Should().Be(FinishReason.Stop);
        var interrupted = () => Partial.ReadAllAsync(Answers.Text(Text)[..^1].ToAsyncEnumerable(), PlanContext.Default.Log).LastAsync().AsTask();
        await interrupted.Should().ThrowAsync<StreamInterruptedException>();
    }

    [Fact]
    [Trait("Law", "9")]
    public async Task ReadAllAsync_Cancelled_CarriesTheToken()
    {
        using var cancellation = new CancellationTokenSource();
        var reading = async () =>
        {
            await foreach (var _ in Partial.ReadAllAsync(FakeStreamClient.StreamThenStall(Answers.Text(Text)[..8], cancellation.Token), PlanContext.Default.Log, cancellationToken: cancellation.Token))
            {
                await cancellation.CancelAsync();
            }
        };
        (await reading.Should().ThrowAsync<OperationCanceledException>()).Which.CancellationToken.Should().Be(cancellation.Token);
    }

    [Theory]
    [InlineData(PartialJsonRepairMode.None)]
    [InlineData(PartialJsonRepairMode.Safe)]
    [InlineData(PartialJsonRepairMode.Guess)]
    public async Task ReadAllAsync_TypeWithoutASchema_IsRead(PartialJsonRepairMode repair)
    {
        var context = new PlanContext(new JsonSerializerOptions(JsonSerializerDefaults.Web) { ReferenceHandler = ReferenceHandler.Preserve });
        var partials = await Partial.ReadAllAsync(Pieces("""{"$id":"1","name":"Kim","home":null}"""), context.Owner, new StructuredOutputOptions { Json = { Repair = repair } }).ToListAsync();
        partials[^1].Value!.Name.Should().Be("Kim");
        partials.Should().Contain(partial => partial.Value != null && partial.Value.Name == "Ki");
    }

    [Fact]
    [Trait("Law", "3")]
    public void Read_ArgumentsThatGrow_ArePreviews()
    {
        var (reader, document, shown) = (new PartialReader<Log>(PlanContext.Default.Log), new PartialJsonDocument(), new List<Partial<Log>>());
        foreach (var piece in Text.Chunk(3))
        {
            document.Append(piece);
            shown.Add(reader.Read(document.RootElement));
        }

        shown.Should().OnlyContain(partial => !partial.IsComplete);
        shown[^1].Value!.Summary.Should().Be("done");
        shown.Should().Contain(partial => partial.Value!.Entries.Count == 1 && partial.Value.Entries[0].Text == "abc");
        shown[5].Value!.Summary.Should().BeEmpty("it is asked after later ones");
        reader.Read(default).Value.Should().BeNull();
    }

    [Fact]
    public void Read_AnotherDocument_StartsOver()
    {
        var reader = new PartialReader<Log>(PlanContext.Default.Log);
        reader.Read(PartialJson.Parse(Text)).Value!.Summary.Should().Be("done");
        reader.Read(PartialJson.Parse("""{"summary":"other","entries":[]}""")).Value!.Summary.Should().Be("other");
        reader.Read(PartialJson.Parse("""{"summary":"third""")).Value!.Summary.Should().Be("third");
    }

    [Fact]
    public void Read_WithRules_FollowsThem()
    {
        var rules = new PreviewRules().ShowWhenComplete<Log>(log => log.Summary);
        new PartialReader<Log>(PlanContext.Default.Log, rules).Read(PartialJson.Parse("""{"summary":"thi""")).Value!.Summary.Should().BeEmpty();
    }

    [Fact]
    public void ReadersOfNothing_Throw()
    {
        FluentActions.Invoking(() => new PartialReader<Log>(null!)).Should().Throw<ArgumentNullException>();
        FluentActions.Invoking(() => Partial.ReadAllAsync((IAsyncEnumerable<string>)null!, PlanContext.Default.Log)).Should().Throw<ArgumentNullException>();
        FluentActions.Invoking(() => Partial.ReadAllAsync((IAsyncEnumerable<StreamEvent>)null!, PlanContext.Default.Log)).Should().Throw<ArgumentNullException>();
        FluentActions.Invoking(() => Partial.ReadAllAsync(Pieces(""), (System.Text.Json.Serialization.Metadata.JsonTypeInfo<Log>)null!)).Should().Throw<ArgumentNullException>();
    }

    private static IAsyncEnumerable<string> Pieces(string text) => text.Chunk(3).Select(piece => new string(piece)).ToAsyncEnumerable();
}
