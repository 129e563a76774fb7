using System.Text;
using Microsoft.Extensions.AI;
using Streamline.TestSupport;

namespace Streamline.Tools.Tests;

/// <summary>Tools whose input is no JSON (OpenAI's custom tools) are functions of one text.</summary>
public sealed class FreeFormToolTests
{
    [Fact]
    public async Task Loop_FreeFormCall_RunsTheFunctionOnTheText()
    {
        var body = string.Concat(new[]
        {
            """{"type":"response.created","response":{"id":"r"}}""",
            """{"type":"response.output_item.added","output_index":0,"item":{"id":"i","type":"custom_tool_call","call_id":"k","name":"sql","input":""}}""",
            """{"type":"response.custom_tool_call_input.delta","output_index":0,"delta":"SELECT \"a\"\n"}""",
            """{"type":"response.output_item.done","output_index":0,"item":{"id":"i","type":"custom_tool_call","call_id":"k","name":"sql","input":"SELECT \"a\"\n","status":"completed"}}""",
            """{"type":"response.completed","response":{"id":"r","status":"completed"}}""",
        }.Select(payload => $"data: {payload}\n\n"));
        var call = await StreamProtocols.OpenAIResponses.ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(body))).CollectAsync();
        string? received = null;
        var tool = AIFunctionFactory.Create((string input) => received = input, "sql");

        var loop = Loop.Over([tool], [.. call], Wire.Answer());
        var events = await loop.RunAsync();

        received.Should().Be("SELECT \"a\"\n");
        events.ResultOf("k").IsError.Should().BeFalse();
        loop.SentResults().Should().ContainSingle(result => result.CallId == "k");
    }
}
