using System.Text.Json;

namespace Streamline.Testing.Tests;

public class ScriptedRequestTests
{
    private const string AnthropicBody = """
        {"model":"m1","tools":[{"name":"weather","input_schema":{}},{"type":"web_search_20250305","name":"search"}],"messages":[
          {"role":"user","content":"First"},
          {"role":"assistant","content":[{"type":"tool_use","id":"old","name":"weather","input":{}}]},
          {"role":"user","content":[{"type":"tool_result","tool_use_id":"old","content":"gone"}]},
          {"role":"user","content":[{"type":"text","text":"And "},{"type":"image"},{"type":"text","text":"now?"}]},
          {"role":"assistant","content":[{"type":"tool_use","id":"a","name":"weather","input":{}}]},
          {"role":"user","content":[
            {"type":"tool_result","tool_use_id":"a","content":[{"type":"text","text":"18 C"}]},
            {"type":"tool_result","tool_use_id":"b","is_error":true,"content":"timeout"}]}]}
        """;

    private const string OpenAIBody = """
        {"model":"m1","tools":[{"type":"function","function":{"name":"weather"}},{"type":"function","function":{"name":"search"}}],"messages":[
          {"role":"system","content":"Be brief."},
          {"role":"user","content":"First"},
          {"role":"assistant","content":null,"tool_calls":[]},
          {"role":"tool","tool_call_id":"old","content":"gone"},
          {"role":"user","content":[{"type":"text","text":"And "},{"type":"image_url"},{"type":"text","text":"now?"}]},
          {"role":"assistant","content":null,"tool_calls":[]},
          {"role":"tool","tool_call_id":"a","content":"18 C"},
          {"role":"tool","tool_call_id":"b","content":[{"type":"text","text":"timeout"}]}]}
        """;

    private const string ResponsesBody = """
        {"model":"m1","tools":[{"type":"function","name":"weather"},{"type":"custom","name":"search"}],"input":[
          {"type":"message","role":"system","content":"Be brief."},
          {"type":"message","role":"user","content":"First"},
          {"type":"function_call","call_id":"old","name":"weather","arguments":"{}"},
          {"type":"function_call_output","call_id":"old","output":"gone"},
          {"type":"message","role":"user","content":[{"type":"input_text","text":"And "},{"type":"input_image"},{"type":"input_text","text":"now?"}]},
          {"type":"reasoning","summary":[]},
          {"type":"function_call","call_id":"a","name":"weather","arguments":"{}"},
          {"type":"custom_tool_call","call_id":"b","name":"search","input":"x"},
          {"type":"function_call_output","call_id":"a","output":"18 C"},
          {"type":"custom_tool_call_output","call_id":"b","output":[{"type":"input_text","text":"timeout"}]}]}
        """;

    private const string InteractionsBody = """
        {"model":"m1","tools":[{"type":"function","name":"weather"},{"type":"function","name":"search"}],"input":[
          {"type":"user_input","content":[{"type":"text","text":"First"}]},
          {"type":"function_call","id":"old","name":"weather","arguments":{}},
          {"type":"function_result","call_id":"old","result":"gone"},
          {"type":"user_input","content":[{"type":"text","text":"And "},{"type":"image"},{"type":"text","text":"now?"}]},
          {"type":"function_call","id":"a","name":"weather","arguments":{}},
          {"type":"function_call","id":"b","name":"search","arguments":{}},
          {"type":"function_result","call_id":"a","result":"18 C"},
          {"type":"function_result","call_id":"b","is_error":true,"result":[{"type":"text","text":"timeout"}]}]}
        """;

    private const string BedrockBody = """
        {"toolConfig":{"tools":[{"toolSpec":{"name":"weather","inputSchema":{"json":{}}}},{"cachePoint":{"type":"default"}},{"toolSpec":{"name":"search"}}]},"messages":[
          {"role":"user","content":[{"text":"First"}]},
          {"role":"assistant","content":[{"toolUse":{"toolUseId":"old","name":"weather","input":{}}}]},
          {"role":"user","content":[{"toolResult":{"toolUseId":"old","content":[{"text":"gone"}]}}]},
          {"role":"user","content":[{"text":"And "},{"image":{"format":"png"}},{"text":"now?"}]},
          {"role":"assistant","content":[{"toolUse":{"toolUseId":"a","name":"weather","input":{}}}]},
          {"role":"user","content":[
            {"toolResult":{"toolUseId":"a","content":[{"text":"18 C"}]}},
            {"toolResult":{"toolUseId":"b","status":"error","content":[{"text":"timeout"}]}}]}]}
        """;

    [Theory]
    [InlineData("model/m1/converse-stream", BedrockBody, true)]
    [InlineData("model/m1/invoke-with-response-stream", AnthropicBody, true)]
    [InlineData("v1/messages", AnthropicBody, true)]
    [InlineData("v1/chat/completions", OpenAIBody, false)]
    [InlineData("v1/responses", ResponsesBody, false)]
    [InlineData("v1beta/interactions", InteractionsBody, true)]
    public async Task Conversation_AnyWire_IsReadAlike(string path, string body, bool tellsErrors)
    {
        var request = await RecordAsync(Door.InProcess, path, body);

        request.Model.Should().Be("m1");
        request.ToolNames.Should().Equal("weather", "search");
        request.LastUserText.Should().Be("And now?");
        request.ToolResults.Should().Equal(
            new ScriptedToolResult("a", "18 C", IsError: false), new ScriptedToolResult("b", "timeout", IsError: tellsErrors));
    }

    [Theory]
    [InlineData(Door.InProcess, "model/us.a-v1%3A0/converse-stream", "us.a-v1:0")]
    [InlineData(Door.Socket, "model/us.a-v1%3A0/converse-stream", "us.a-v1:0")]
    [InlineData(Door.Socket, "model/arn%3Aaws%3Abedrock%3A%3Aprofile%2Fp/invoke-with-response-stream", "arn:aws:bedrock::profile/p")]
    [InlineData(Door.InProcess, "v1beta/models/gemini-3:streamGenerateContent", "gemini-3")]
    public async Task Model_InTheAddress_IsReadFromIt(Door door, string path, string model) =>
        (await RecordAsync(door, path, "{}")).Model.Should().Be(model);

    [Fact]
    public async Task Conversation_InputThatIsAText_IsWhatTheUserSays() =>
        (await RecordAsync(Door.InProcess, "v1/responses", """{"input":"Hi"}""")).LastUserText.Should().Be("Hi");

    [Theory]
    [InlineData("")]
    [InlineData("not json")]
    [InlineData("[1]")]
    [InlineData("""{"model":1,"tools":{},"messages":[1,{"role":3},{"role":"user"},{"role":"user","content":[{"type":"tool_result"},7]},{"role":"tool"}]}""")]
    public async Task Conversation_UnknownForms_ArePassedOver(string body)
    {
        var request = await RecordAsync(Door.InProcess, "v1/messages", body);

        request.Model.Should().BeNull();
        request.ToolNames.Should().BeEmpty();
        request.LastUserText.Should().BeEmpty();
        request.ToolResults.Should().BeEmpty();
    }

    [Theory]
    [InlineData(Door.InProcess)]
    [InlineData(Door.Socket)]
    public async Task Request_AnyDoor_IsRecordedAsItWasSent(Door door)
    {
        var request = await RecordAsync(door, "v1/messages?beta=true", """{"a":"é"}""", ("anthropic-version", "2023-06-01"));

        request.Index.Should().Be(0);
        request.Method.Should().Be("POST");
        request.Path.Should().Be("/v1/messages");
        request.Headers["ANTHROPIC-version"].Should().Be("2023-06-01");
        request.Headers["content-type"].Should().Be("application/json; charset=utf-8");
        request.Body.GetProperty("a").GetString().Should().Be("é");
        request.RawBody.ToArray().Should().Equal("""{"a":"é"}"""u8.ToArray());
        request.Protocol!.Name.Should().Be("anthropic");
    }

    [Fact]
    public async Task Body_NotJson_IsUndefinedAndKeptAsBytes()
    {
        var request = await RecordAsync(Door.Socket, "v1/messages", "{");

        request.Body.ValueKind.Should().Be(JsonValueKind.Undefined);
        request.RawBody.ToArray().Should().Equal((byte)'{');
    }

    [Theory]
    [InlineData(Door.InProcess)]
    [InlineData(Door.Socket)]
    [Trait("Law", "10")]
    public async Task Headers_WithCredentials_AreRedacted(Door door)
    {
        const string secret = "sk-do-not-keep";
        string[] names = ["Authorization", "x-api-key", "API-Key", "x-goog-api-key", "Proxy-Authorization", "Cookie", "X-Amz-Security-Token", "X-Auth-Secret"];
        var provider = new ScriptedProvider(
            new ScriptedProviderOptions { ExpectedApiKey = secret }, ScriptedReply.Text("x") with { Faults = new FaultPlan { AbortAt = FaultPoint.AfterEvent(1) } });
        await using var client = await ProviderClient.OpenAsync(door, provider);
        using var message = new HttpRequestMessage(HttpMethod.Post, "v1/messages?key=" + secret) { Content = new StringContent("{}") };
        foreach (var name in names)
        {
            message.Headers.TryAddWithoutValidation(name, name == "Authorization" ? "Bearer " + secret : secret);
        }

        using var response = await client.Http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead).OrFail();

        response.IsSuccessStatusCode.Should().BeTrue();
        var request = provider.Exchanges[0].Request;
        names.Should().OnlyContain(name => request.Headers[name] == "[redacted]");
        request.Headers.Values.Append(request.Path).Should().NotContain(value => value.Contains(secret, StringComparison.Ordinal));
    }

    private static async Task<ScriptedRequest> RecordAsync(Door door, string path, string body, params (string Name, string Value)[] headers)
    {
        var provider = new ScriptedProvider(ScriptedReply.Raw(""));
        await using var client = await ProviderClient.OpenAsync(door, provider);
        foreach (var (name, value) in headers)
        {
            client.Http.DefaultRequestHeaders.Add(name, value);
        }

        using var response = await client.PostAsync(path, body);
        return provider.Exchanges.Should().ContainSingle().Subject.Request;
    }
}
