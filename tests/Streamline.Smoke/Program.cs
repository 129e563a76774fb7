using Microsoft.Extensions.DependencyInjection;
using Streamline;
using Streamline.Smoke;
using Streamline.Testing;

// Every part once, trimmed or compiled ahead of time: the registration, every middleware, a tool, two protocols, the JSON form of events.
foreach (var protocol in new[] { StreamProtocols.Anthropic, StreamProtocols.OpenAIChat })
{
    var provider = new ScriptedProvider(
        ScriptedReply.Error(System.Net.HttpStatusCode.ServiceUnavailable, "busy", retryAfter: TimeSpan.Zero),
        ScriptedReply.Text("Let me look.").ThenToolCall("get_weather", """{"city":"Paris"}"""),
        ScriptedReply.Text("Take a coat."));
    var services = new ServiceCollection();
    services.AddStreamClient(
            "smoke",
            protocol,
            options => (options.ApiKey, options.Model) = ("none", "any"),
            http => http.ConfigurePrimaryHttpMessageHandler(() => provider.CreateHandler(protocol)))
        .UseTools(new ToolSet().Add(new WeatherFunction(), tool => tool.ReadOnly = true))
        .UseDefaults();
    await using var root = services.BuildServiceProvider();

    var state = new StreamState();
    Place? place = null;
    await foreach (var streamEvent in root.GetRequiredKeyedService<IStreamClient>("smoke").StreamAsync("What should I wear in Paris?"))
    {
        var copy = StreamEventJson.Deserialize(StreamEventJson.Serialize(streamEvent));
        state.Apply(copy);
        if (streamEvent is ToolInputDelta { Input.IsComplete: true } delta)
        {
            place = delta.Input.Deserialize(SmokeJsonContext.Default.Place);
        }
    }

    if (state.Text != "Take a coat." || place?.City != "Paris" || provider.Exchanges.Count != 3)
    {
        Console.Error.WriteLine($"{protocol.Name}: unexpected result: '{state.Text}', {place}, {provider.Exchanges.Count} requests");
        return 1;
    }

    // A record with a constructor, while it grows and whole; its list; lists of references and of values, whose code is not there ahead of time.
    using var http = new HttpClient(new ScriptedProvider(
        ScriptedReply.Text("""{"City":"Paris"}"""),
        ScriptedReply.Text("""{"items":[{"City":"Rome"}]}"""),
        ScriptedReply.Text("""{"Places":[{"City":"Oslo"},{"City":"Lima"}],"Days":[1,2]}""")).CreateHandler(protocol));
    var client = protocol.CreateClient(http, "none", "any");
    var cities = new List<string?>();
    await foreach (var partial in client.StreamObjectAsync("Where?", SmokeJsonContext.Default.Place))
    {
        cities.Add(partial.Value?.City);
    }

    await foreach (var item in client.StreamItemsAsync("Where else?", SmokeJsonContext.Default.Place))
    {
        cities.Add(item.City);
    }

    var trips = new List<string>();
    await foreach (var partial in client.StreamObjectAsync("Which trip?", SmokeJsonContext.Default.Trip))
    {
        trips.Add($"{string.Join("+", partial.Value?.Places?.Select(place => place.City) ?? [])} {string.Join("+", partial.Value?.Days ?? [])}");
    }

    if (trips[^1] != "Oslo+Lima 1+2" || trips.Distinct(StringComparer.Ordinal).Count() < 4)
    {
        Console.Error.WriteLine($"{protocol.Name}: unexpected lists: {string.Join(", ", trips)}");
        return 1;
    }

    if (cities is not [.., "Paris", "Rome"] || !cities.Any(city => city?.Length is > 0 and < 5))
    {
        Console.Error.WriteLine($"{protocol.Name}: unexpected structured answer: {string.Join(", ", cities)}");
        return 1;
    }

    Console.WriteLine($"{protocol.Name}: {state.Text}");
}

return 0;
