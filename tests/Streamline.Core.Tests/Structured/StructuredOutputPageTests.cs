using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Streamline.TestSupport;

namespace Streamline.Tests.Structured;

/// <summary>
/// The snippets of <c>docs/structured-output.md</c>: each is a region of this file, and does what the page says. To write the regions into the page, run the tests
/// with the environment variable <c>STREAMLINE_ACCEPT_SNIPPETS=1</c>.
/// </summary>
public sealed partial class StructuredOutputPageTests
{
    private const string Text =
        """{"title":"Pancakes","difficulty":"Easy","minutes":20,"steps":[{"text":"Mix.","tool":"whisk"},{"text":"Fry.","tool":"pan"}]}""";

    private static readonly string Page = Repository.Combine("docs", "structured-output.md");

    private readonly List<string> _shown = [];

    [Fact]
    public void Snippets_OfThePage_AreRegionsOfThisFile()
    {
        var page = File.ReadAllText(Page);
        var written = Snippet().Replace(page, match => $"{match.Groups["marker"].Value}\n```csharp\n{Region(match.Groups["region"].Value)}\n```");
        if (Environment.GetEnvironmentVariable("STREAMLINE_ACCEPT_SNIPPETS") == "1")
        {
            File.WriteAllText(Page, written);
            page = written;
        }

        page.Should().Be(written);
        page.Split('\n').Count(line => line == "```csharp").Should().Be(Snippet().Count(page)).And.BePositive();
    }

    [Fact]
    public async Task Object_Grows()
    {
        var client = new SynchronousClient(Answers.Text(Text, 5));

        // begin: object
        await foreach (var partial in client.StreamObjectAsync("A recipe for pancakes, please.", CookContext.Default.Recipe))
        {
            Show($"{partial.Value?.Title}: {partial.Value?.Steps.Count ?? 0} steps{(partial.IsComplete ? "." : " …")}");
        }

        // end: object
        _shown[^1].Should().Be("Pancakes: 2 steps.");
        _shown.Should().Contain("Panca: 0 steps …");
    }

    [Fact]
    public async Task Object_AsAWhole()
    {
        var client = new SynchronousClient(Answers.Text(Text, 5));

        // begin: whole
        Recipe recipe = await client.GetObjectAsync("A recipe for pancakes, please.", CookContext.Default.Recipe);

        // end: whole
        recipe.Steps.Should().HaveCount(2);
    }

    [Fact]
    public async Task Object_WithoutASourceGeneratedContext()
    {
        var client = new SynchronousClient(Answers.Text("""{"text":"Mix.","tool":"whisk"}""", 5));

        // begin: prototype
        var typeInfo = (JsonTypeInfo<Step>)JsonSerializerOptions.Web.GetTypeInfo(typeof(Step));
        Step step = await client.GetObjectAsync("The first step, please.", typeInfo);

        // end: prototype
        step.Should().Be(new Step("Mix.", "whisk"));
    }

    [Fact]
    public async Task Object_NotClosedAtTheEnd_IsInvalidEvenWithGuess()
    {
        var client = new SynchronousClient(Answers.Text("""{"text":"Mix.","tool":"whisk" """, 5));
        var options = new StructuredOutputOptions { Json = { Repair = Streamline.Json.PartialJsonRepairMode.Guess, AllowTruncation = true } };

        var act = () => client.GetObjectAsync("The first step, please.", CookContext.Default.Step, options);

        (await act.Should().ThrowAsync<StructuredOutputException>()).Which.Error.Should().Be(StructuredOutputError.InvalidJson);
    }

    [Fact]
    public async Task Members_AreComplete()
    {
        var client = new SynchronousClient(Answers.Text(Text, 5));

        // begin: complete
        await foreach (var partial in client.StreamObjectAsync("A recipe for pancakes, please.", CookContext.Default.Recipe))
        {
            if (partial.IsMemberComplete(recipe => recipe.Steps[0].Text) || partial.IsMemberComplete("/steps/0/text"))
            {
                Show(partial.Value!.Steps[0].Text);
                break;
            }
        }

        // end: complete
        _shown.Should().Equal("Mix.");
    }

    [Fact]
    public async Task Items_CloseWhileTheObjectGrows()
    {
        var client = new SynchronousClient(Answers.Text(Text, 5));

        // begin: items
        await foreach (var partial in client.StreamObjectAsync("A recipe for pancakes, please.", CookContext.Default.Recipe, recipe => recipe.Steps))
        {
            foreach (var step in partial.NewItems)
            {
                Show($"{partial.Value!.Title}: {step.Text}");
            }
        }

        // end: items
        _shown.Should().Equal("Pancakes: Mix.", "Pancakes: Fry.");
        _shown.Clear();
        client = new SynchronousClient(Answers.Text("""{"items":[{"text":"Mix."},{"text":"Fry."}]}"""));

        // begin: items-only
        await foreach (var step in client.StreamItemsAsync("The steps, please.", CookContext.Default.Step))
        {
            Show(step.Text);
        }

        // end: items-only
        _shown.Should().Equal("Mix.", "Fry.");
    }

    [Fact]
    public async Task Response_ComesWithTheValueAndTheFault()
    {
        var client = new SynchronousClient(
        [
            Answers.Started,
            .. Answers.Texts("""{"title":"Pancakes","difficulty":"Easy","minutes":"soon","steps":[]}""", 5),
            new ResponseCompleted { FinishReason = FinishReason.Stop, Usage = new TokenUsage { OutputTokens = 17 } },
        ]);

        // begin: response
        try
        {
            await foreach (var partial in client.StreamObjectAsync("A recipe for pancakes, please.", CookContext.Default.Recipe))
            {
                if (partial.IsComplete)
                {
                    Show($"{partial.Response.Usage?.OutputTokens} tokens, {partial.Response.FinishReason}, {partial.Response.Reasoning}");
                }
            }
        }
        catch (StructuredOutputException fault) when (fault.Error == StructuredOutputError.InvalidValue)
        {
            Show($"{fault.Path}: {fault.Response?.Usage?.OutputTokens} tokens for {(fault.PartialValue as Recipe)?.Title}, {fault.Response?.RawText}");
        }

        // end: response
        _shown.Should().ContainSingle().Which.Should().StartWith("$.minutes: 17 tokens for Pancakes, {");
    }

    [Fact]
    public async Task Rules_SayWhatIsShownWhen()
    {
        var client = new SynchronousClient(Answers.Text(Text, 5));

        // begin: rules
        var options = new StructuredOutputOptions();
        options.Previews.ShowWhenComplete<Recipe>(recipe => recipe.Title).RequireToShow<Step>(step => step.Tool);
        await foreach (var partial in client.StreamObjectAsync("A recipe for pancakes, please.", CookContext.Default.Recipe, options))
        {
            Show(partial.Value?.Title ?? "");
        }

        // end: rules
        _shown.Distinct().Should().Equal("", "Pancakes");
    }

    [Fact]
    public async Task Streams_ThatExist_AreRead()
    {
        var (texts, events) = (Text.Chunk(4).Select(piece => new string(piece)).ToAsyncEnumerable(), ToolEvents().ToAsyncEnumerable());

        // begin: texts
        await foreach (var partial in Partial.ReadAllAsync(texts, CookContext.Default.Recipe))
        {
            Show(partial.Value?.Title ?? "");
        }

        // end: texts
        _shown[^1].Should().Be("Pancakes");
        _shown.Clear();

        // begin: arguments
        var readers = new Dictionary<string, PartialReader<Recipe>>();
        await foreach (var streamEvent in events)
        {
            if (streamEvent is ToolInputDelta delta)
            {
                var reader = readers.TryGetValue(delta.CallId, out var known) ? known : readers[delta.CallId] = new PartialReader<Recipe>(CookContext.Default.Recipe);
                Show(reader.Read(delta.Input).Value?.Title ?? "");
            }
        }

        // end: arguments
        _shown.Should().Contain("Panca");
        _shown[^1].Should().Be("Pancakes");
    }

    private static IEnumerable<StreamEvent> ToolEvents()
    {
        var document = new Streamline.Json.PartialJsonDocument();
        foreach (var piece in Text.Chunk(3))
        {
            document.Append(piece);
            yield return new ToolInputDelta { Index = 0, CallId = "call_1", Fragment = new string(piece), Input = document.RootElement };
        }
    }

    private void Show(string line) => _shown.Add(line);

    private static string Region(string name)
    {
        var lines = File.ReadAllLines(Repository.Combine("tests", "Streamline.Core.Tests", "Structured", "StructuredOutputPageTests.cs"));
        var first = Array.FindIndex(lines, line => line.Trim() == $"// begin: {name}") + 1;
        var end = Array.FindIndex(lines, line => line.Trim() == $"// end: {name}");
        first.Should().BePositive($"there is a region {name}");
        end.Should().BeGreaterThan(first, $"the region {name} ends");
        var code = lines[first..end];
        var indent = code.Where(line => line.Length > 0).Min(line => line.Length - line.TrimStart().Length);
        return string.Join('\n', code.Select(line => line.Length > 0 ? line[indent..] : line)).TrimEnd();
    }

    [GeneratedRegex("""(?<marker><!-- snippet: (?<region>\S+) -->)\n```csharp\n(?<code>.*?)```""", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Snippet();
}

// begin: types
[Description("A recipe for one dish.")]
internal sealed record Recipe(
    string Title,
    Difficulty Difficulty,
    [property: Range(1, 600)] int Minutes,
    [property: Description("What to do, in order.")] IReadOnlyList<Step> Steps);

internal sealed record Step(string Text, string? Tool = null);

internal enum Difficulty
{
    Easy,
    Hard,
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(Recipe))]
internal sealed partial class CookContext : JsonSerializerContext;

// end: types
