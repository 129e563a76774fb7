using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Streamline.Protocols;
using Streamline.TestSupport;

namespace Streamline.Tests.Protocols.Requests;

/// <summary>The table of docs/providers.md that says what each model is told for an effort, cell by cell.</summary>
public sealed class ReasoningModelTests
{
    private const string Header = "| protocol | model | none | low | medium | high | extra high |";

    private static readonly ReasoningEffort[] Efforts = [ReasoningEffort.None, ReasoningEffort.Low, ReasoningEffort.Medium, ReasoningEffort.High, ReasoningEffort.ExtraHigh];

    private static readonly ChatMessage Hi = new(ChatRole.User, "Hi");

    public static TheoryData<string, string, string> Rows
    {
        get
        {
            var rows = new TheoryData<string, string, string>();
            var lines = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "providers.md")).SkipWhile(line => line != Header).Skip(2).TakeWhile(line => line.StartsWith('|'));
            foreach (var cells in lines.Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries)))
            {
                foreach (var model in cells[1].Split(", ").Select(model => model.Trim('`')))
                {
                    rows.Add(cells[0], model, string.Join(' ', cells[2..].Select(cell => cell.Trim('`'))));
                }
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Write_EffortForAModel_IsWhatThePageSays(string protocol, string model, string expected) =>
        string.Join(' ', Efforts.Select(effort => Told(protocol, model, new ReasoningOptions { Effort = effort }))).Should().Be(expected);

    [Fact]
    public void Rows_AreOfAllProtocolsWhoseModelsDiffer() =>
        Rows.Select(row => (string)row[0]!).Distinct(StringComparer.Ordinal).Should().BeEquivalentTo("Anthropic", "Gemini", "Gemini Interactions", "Ollama");

    [Theory]
    [InlineData(null, 8192, 16_384)]
    [InlineData(40_000, 8192, 40_000)]
    [InlineData(8000, 4000, 8000)]
    [InlineData(2048, 1024, 2048)]
    [InlineData(2000, null, 2000)]
    public void Anthropic_Budget_LeavesRoomForTheAnswer(int? limit, int? budget, int maxTokens)
    {
        var body = Write("Anthropic", "claude-haiku-4-5", new ReasoningOptions { Effort = ReasoningEffort.Medium }, limit);

        body["thinking"]?["budget_tokens"]?.GetValue<int>().Should().Be(budget);
        body["max_tokens"]!.GetValue<int>().Should().Be(maxTokens);
        body.Should().NotContainKey("output_config");
    }

    [Fact]
    public void Anthropic_OutputWithoutEffort_ThinksWhereTheModelIsToldABudget()
    {
        Write("Anthropic", "claude-haiku-4-5", new ReasoningOptions { Output = ReasoningOutput.Summary })["thinking"].ShouldBe("""{"type":"enabled","budget_tokens":8192}""");
        Write("Anthropic", "claude-haiku-4-5", new ReasoningOptions { Output = ReasoningOutput.None }).Should().NotContainKey("thinking");
    }

    private static string Told(string protocol, string model, ReasoningOptions reasoning)
    {
        var body = Write(protocol, model, reasoning);
        return protocol switch
        {
            "Anthropic" => (body["output_config"]?["effort"] ?? body["thinking"]?["budget_tokens"] ?? body["thinking"]?["type"])?.ToString(),
            "Gemini" => (body["generationConfig"]?["thinkingConfig"] is { } config ? config["thinkingLevel"] ?? config["thinkingBudget"] : null)?.ToString(),
            "Gemini Interactions" => body["generation_config"]?["thinking_level"]?.ToString(),
            _ => body["think"]?.ToString(),
        } ?? "–";
    }

    private static JsonObject Write(string protocol, string model, ReasoningOptions reasoning, int? limit = null)
    {
        var target = protocol switch
        {
            "Anthropic" => StreamProtocols.Anthropic,
            "Gemini" => StreamProtocols.Gemini,
            "Gemini Interactions" => StreamProtocols.GeminiInteractions,
            _ => StreamProtocols.Ollama,
        };
        return RequestBody.Write(target, [Hi], new ChatOptions { Reasoning = reasoning, MaxOutputTokens = limit }, model: model);
    }
}
