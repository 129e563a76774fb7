using System.Text.Json;
using Microsoft.Extensions.AI;
using Streamline;
using Streamline.Testing;
using Streamline.Tools;

namespace ToolsSample;

/// <summary>Tools that the client was not built with: of one request, added by another tool, and of the user interface.</summary>
internal static class OtherTools
{
    public static async Task RunAsync(TextWriter output)
    {
        var client = Examples.Model(
                Examples.Call("find_tools", """{"topic":"weather"}"""),
                Examples.Call("get_weather", """{"city":"Paris"}""").ThenToolCall("show_map", """{"city":"Paris"}"""),
                ScriptedReply.Text("It rains. See the map."))
            .UseTools(new ToolSet()).Build();

        // begin: other-tools
        var getWeather = AIFunctionFactory.Create((string city) => $"rain in {city}", "get_weather");
        var findTools = AIFunctionFactory.Create(
            (string topic, AIFunctionArguments arguments) =>
            {
                arguments.ToolCall()!.AddTool(getWeather); // the model may call it from the next round on
                return $"get_weather is about {topic}";
            },
            "find_tools");
        var showMap = AIFunctionFactory.CreateDeclaration(
            "show_map", "Shows a map to the user.", JsonElement.Parse("""{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}"""));

        List<ChatMessage> messages = [new(ChatRole.User, "Do I need a coat?")];
        var options = new ChatOptions { Tools = [findTools, showMap] }; // findTools runs here; showMap is only declared
        var response = await client.GetResponseAsync(messages, options);
        messages.AddRange(response.Messages);

        // The call of show_map has no result: this application shows the map, and says so in the next request.
        var answered = response.Messages.SelectMany(message => message.Contents).OfType<FunctionResultContent>().Select(result => result.CallId).ToHashSet();
        foreach (var call in response.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().Where(call => !answered.Contains(call.CallId)).ToList())
        {
            await output.WriteLineAsync($"map of {call.Arguments!["city"]}");
            messages.Add(new(ChatRole.Tool, [new FunctionResultContent(call.CallId, "The map is shown.")]));
        }

        var answer = await client.GetResponseAsync(messages, options);
        // end: other-tools

        foreach (var result in response.Messages.SelectMany(message => message.Contents).OfType<FunctionResultContent>())
        {
            await output.WriteLineAsync($"{result.Result}");
        }

        await output.WriteLineAsync(answer.Text);
    }
}
