using PartialJsonSample;
using Streamline;
using Streamline.Json;
using Streamline.Testing;

const string Answer = """
    {"title":"Pancakes","minutes":25,"course":"Dessert","ingredients":[{"name":"flour","amount":"250 g"},{"name":"milk","amount":"½ l"},
    {"name":"eggs","amount":"3"}],"steps":["Whisk it all.","Let it rest.","Bake until golden."]}
    """;

// A scripted provider answers each request below, in small pieces and with no network.
using var http = new HttpClient(new ScriptedProvider(
    ScriptedReply.Text(Answer),
    ScriptedReply.Text("""{"items":[{"name":"flour","amount":"250 g"},{"name":"milk","amount":"½ l"}]}""")).CreateHandler());
var client = StreamProtocols.Anthropic.CreateClient(http, "none", "any");

Console.WriteLine("A typed value that grows:");
var shown = "";
await foreach (var partial in client.StreamObjectAsync("A recipe for pancakes, please.", RecipeContext.Default.Recipe))
{
    var recipe = partial.Value;
    var minutes = partial.IsMemberComplete("minutes") ? $"{recipe?.Minutes}" : "?"; // a member that has not arrived has its default
    var line = $"  {recipe?.Title} | {minutes} min | {recipe?.Ingredients?.Count ?? 0} ingredients | {recipe?.Steps?.LastOrDefault()}";
    if (line != shown)
    {
        Console.WriteLine(shown = line);
    }
}

Console.WriteLine("Items, each the moment that it closes:");
await foreach (var ingredient in client.StreamItemsAsync("What do I have to buy?", RecipeContext.Default.Ingredient))
{
    Console.WriteLine($"  {ingredient.Amount} of {ingredient.Name}");
}

Console.WriteLine("What each piece of a text changed:");
var last = default(PartialJsonElement);
await foreach (var snapshot in PartialJson.ReadAsync(Pieces("{\"items\":[{\"name\":\"fl", "our\"},{\"na", "me\":\"mi", "lk\"}]}")))
{
    foreach (var change in snapshot.RootElement.EnumerateChanges(since: last))
    {
        Console.WriteLine("  " + Describe(change));
    }

    last = snapshot.RootElement;
}

Console.WriteLine("Text that a model got wrong:");
await foreach (var snapshot in PartialJson.ReadAsync(Pieces("Sure! ```json\n{'title': \"Pancakes\", \"ok\": True,}\n```"), new PartialJsonOptions { Repair = PartialJsonRepairMode.Guess }))
{
    Console.WriteLine($"  {snapshot}, repaired: {string.Join(", ", snapshot.Repairs.Select(repair => repair.Kind))}");
}

static string Describe(PartialJsonChange change) => change.Kind == PartialJsonChangeKind.Grew
    ? $"{change.GetPath()} grew by '{change.GetAddedText()}'"
    : $"{(change.GetPath() is { Length: > 0 } path ? path : "the root")} {(change.Kind == PartialJsonChangeKind.Started ? "started" : "completed")}";

static async IAsyncEnumerable<string> Pieces(params string[] pieces)
{
    foreach (var piece in pieces)
    {
        await Task.Yield();
        yield return piece;
    }
}
