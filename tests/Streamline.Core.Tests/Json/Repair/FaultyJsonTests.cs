using System.Buffers;
using System.Text;
using System.Text.Json;
using Streamline.Json;
using Streamline.TestSupport.Json;

namespace Streamline.Tests.Json;

/// <summary>
/// How much of a document with one or two slips comes through. The figures are floors: raise them when the repair gets better.
/// <c>dotnet run --project tests/Streamline.Fuzz -- faults</c> prints the whole table.
/// </summary>
public sealed class FaultyJsonTests
{
    private const double LeastExactWithSchema = 0.97;
    private const double MostLostWithSchema = 0.007;
    private const double LeastExact = 0.945;
    private const double MostLost = 0.008;
    private const double MostInvented = 0.006;
    private const double LeastExactWhileStreaming = 0.90;
    private const double MostLostWhileStreaming = 0.029;
    private const double LeastExactOfTwo = 0.81;
    private const double MostLostOfTwo = 0.036;

    [Fact]
    public void Repair_OneFault_ScoresAtLeastTheFloor()
    {
        var score = Score(FaultyJson.WithOneFault());
        score.ExactShare.Should().BeGreaterThanOrEqualTo(LeastExact);
        score.LostShare.Should().BeLessThanOrEqualTo(MostLost);
        score.InventedShare.Should().BeLessThanOrEqualTo(MostInvented);
        score.Failed.Should().Be(0, "a repair always gives JSON");
    }

    [Fact]
    public void Append_OneFault_ScoresAtLeastTheFloor()
    {
        // What has been shown is not taken back, so less of the text can be read again.
        var score = new JsonRepairScore();
        foreach (var text in FaultyJson.WithOneFault())
        {
            score.Add(text.Document.Text, ReadWhileStreaming(text.Text, schema: null));
        }

        score.ExactShare.Should().BeGreaterThanOrEqualTo(LeastExactWhileStreaming);
        score.LostShare.Should().BeLessThanOrEqualTo(MostLostWhileStreaming);
    }

    [Fact]
    public void Repair_OneFaultWithASchema_ScoresAtLeastTheFloorAndIsNeverWorseThanWithout()
    {
        var schemas = FaultyJsonDocuments.All.Select(document => document.Schema).Distinct().ToDictionary(schema => schema, schema => PartialJsonSchema.Create(JsonElement.Parse(schema)));
        var (whole, streamed, without) = (new JsonRepairScore(), new JsonRepairScore(), new JsonRepairScore());
        foreach (var text in FaultyJson.WithOneFault())
        {
            var schema = schemas[text.Document.Schema];
            var isExact = whole.Add(text.Document.Text, PartialJson.Repair(text.Text, PartialJsonRepairMode.Guess, schema));
            (isExact || !without.Add(text.Document.Text, PartialJson.Repair(text.Text))).Should().BeTrue(text.Text);

            isExact = streamed.Add(text.Document.Text, ReadWhileStreaming(text.Text, schema));
            (isExact || !without.Add(text.Document.Text, ReadWhileStreaming(text.Text, schema: null))).Should().BeTrue(text.Text);
        }

        foreach (var score in (ReadOnlySpan<JsonRepairScore>)[whole, streamed])
        {
            score.ExactShare.Should().BeGreaterThanOrEqualTo(LeastExactWithSchema);
            score.LostShare.Should().BeLessThanOrEqualTo(MostLostWithSchema);
        }
    }

    [Fact]
    public void Repair_TwoFaults_ScoresAtLeastTheFloor()
    {
        var score = Score(FaultyJson.WithTwoFaults());
        score.ExactShare.Should().BeGreaterThanOrEqualTo(LeastExactOfTwo);
        score.LostShare.Should().BeLessThanOrEqualTo(MostLostOfTwo);
        score.Failed.Should().Be(0, "a repair always gives JSON");
    }

    [Fact]
    public void Repair_OneFaultInSafe_IsRightOrRefused()
    {
        FaultyJson.WithOneFault().Where(IsAnotherValue).Select(text => text.Text).Should().BeEmpty();

        static bool IsAnotherValue(FaultyJsonText text)
        {
            try
            {
                return !new JsonRepairScore().Add(text.Document.Text, PartialJson.Repair(text.Text, PartialJsonRepairMode.Safe));
            }
            catch (StreamProtocolException)
            {
                return false;
            }
        }
    }

    [Fact]
    public void Repair_Undamaged_IsExact()
    {
        foreach (var document in FaultyJsonDocuments.All)
        {
            PartialJson.Repair(document.Text).Should().Be(document.Text);
            new JsonRepairScore().Add(document.Text, document.Text).Should().BeTrue();
        }
    }

    [Fact]
    public void WithOneFault_EveryTime_GivesTheSameMalformedTexts()
    {
        var texts = FaultyJson.WithOneFault().ToList();
        texts.Should().HaveCountGreaterThan(8_000);
        texts.Select(text => text.Text).Should().Equal(FaultyJson.WithOneFault().Select(text => text.Text));
        texts.SelectMany(text => text.Faults).Select(fault => (fault.Kind, fault.Character)).Distinct().Should().HaveCount(4 * "{}[]:,\"".Length);
        foreach (var text in texts)
        {
            FluentActions.Invoking(() => JsonDocument.Parse(text.Text)).Should().Throw<JsonException>();
        }
    }

    [Theory]
    [InlineData("""{"a":1,"b":[2,3]}""", true, 0, 0)]
    [InlineData("""{"b":[2,3],"a":1}""", true, 0, 0)]
    [InlineData("""{"b":[2,3,1]}""", false, 1, 1)]
    [InlineData("""{"a":1,"b":[3]}""", false, 1, 0)]
    [InlineData("""{"c":{"a":1,"b":[2,3]},"d":null}""", false, 0, 1)]
    [InlineData("""{"a":1,"b":[3,2]}""", false, 0, 0)]
    [InlineData("no JSON", false, 3, 0)]
    [InlineData(null, false, 3, 0)]
    public void Score_Repaired_CountsLeaves(string? repaired, bool isExact, int lost, int invented)
    {
        var score = new JsonRepairScore();
        score.Add("""{"a":1,"b":[2,3]}""", repaired).Should().Be(isExact);
        (score.Leaves, score.Lost, score.Invented).Should().Be((3, lost, invented));
    }

    private static string ReadWhileStreaming(string text, PartialJsonSchema? schema)
    {
        var document = JsonFeed.Whole(text, new PartialJsonOptions { Repair = PartialJsonRepairMode.Guess, Schema = schema });
        document.TryComplete().Should().BeTrue(text);
        var buffer = new ArrayBufferWriter<byte>();
        document.WriteWhole(buffer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static JsonRepairScore Score(IEnumerable<FaultyJsonText> texts)
    {
        var score = new JsonRepairScore();
        foreach (var text in texts)
        {
            score.Add(text.Document.Text, PartialJson.Repair(text.Text));
        }

        return score;
    }
}
