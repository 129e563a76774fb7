namespace Streamline.Protocols.OpenAIChat;

/// <summary>Writes tool calls as pieces of <c>tool_calls</c>, which are numbered within their choice.</summary>
internal sealed class OpenAIChatCallChunks(OpenAIChatChunks chunks)
{
    private readonly Dictionary<int, int> _counts = [];

    /// <summary>Begins a call.</summary>
    public void Begin(EncodedBlock block)
    {
        block.Number = _counts.GetValueOrDefault(block.Choice);
        _counts[block.Choice] = block.Number + 1;
        Write(
            block,
            writer =>
            {
                writer.WriteString("id"u8, block.Call!.CallId);
                writer.WriteString("type"u8, block.IsFreeForm ? "custom"u8 : "function"u8);
            },
            block.Data,
            function =>
            {
                function.WriteString("name"u8, block.Call!.Name);
                function.WriteString(InputMember(block), ""u8);
            });
    }

    /// <summary>Appends to the text of the arguments.</summary>
    public void WriteInput(EncodedBlock block, string fragment) => Write(block, static _ => { }, data: null, function => function.WriteString(InputMember(block), fragment));

    /// <summary>Adds what the provider said of the call after its beginning.</summary>
    public void WriteMore(EncodedBlock block, JsonElement data) => Write(block, static _ => { }, data, static _ => { });

    private static string InputMember(EncodedBlock block) => block.IsFreeForm ? "input" : "arguments";

    private void Write(EncodedBlock block, Action<Utf8JsonWriter> writeMembers, JsonElement? data, Action<Utf8JsonWriter> writeFunction) =>
        chunks.WriteDelta(block.Choice, writer => writer.WriteSingle("tool_calls"u8, call =>
        {
            call.WriteNumber("index"u8, block.Number);
            writeMembers(call);
            OpenAIChatCallData.Write(call, data, block.IsFreeForm, writeFunction);
        }));
}
