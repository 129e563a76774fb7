namespace Streamline.Protocols.OpenAIResponses;

/// <summary>
/// Which calls of a response wait for the application. A server may run a function itself: the output then contains the call and its result, and the call
/// is answered here, so that nobody runs it again.
/// </summary>
/// <param name="output">Where events go.</param>
internal sealed class OpenAIResponsesAnswers(DecoderOutput output)
{
    private readonly Dictionary<string, string> _waiting = new(StringComparer.Ordinal); // the names, by the ids of the calls
    private Dictionary<string, RawJson>? _early; // results that came before the end of their call
    private bool _isAwaitingOther;

    /// <summary>Gets a value indicating whether the application must answer a call.</summary>
    public bool IsAwaitingAny => _isAwaitingOther || _waiting.Count > 0;

    /// <summary>Takes note of an item that is whole.</summary>
    public void Note(PayloadValue item)
    {
        var type = item.Word("type"u8);
        var callId = item.NonEmptyText("call_id"u8);
        if (OpenAIResponsesItemTypes.IsAwaitingAnswer(item))
        {
            if (callId is null)
            {
                _isAwaitingOther = true;
                return;
            }

            _waiting[callId] = OpenAIResponsesItemTypes.IsApplicationCall(type) ? item.Text("name"u8) ?? "" : "";
            if (_early?.Remove(callId, out var result) == true)
            {
                Answer(callId, result);
            }
        }
        else if (callId is not null && type?.EndsWith("_output", StringComparison.Ordinal) == true && !item.TextEquals("status"u8, "in_progress"u8))
        {
            var result = item.Member("output"u8) is { Exists: true } value ? value.ToRaw() : new RawJson("\"\""u8);
            if (_waiting.ContainsKey(callId))
            {
                Answer(callId, result);
            }
            else
            {
                (_early ??= new(StringComparer.Ordinal)).TryAdd(callId, result);
            }
        }
    }

    // The answer to an item of the provider's own is an item too, and no result of a tool.
    private void Answer(string callId, RawJson result)
    {
        _waiting.Remove(callId, out var name);
        if (name is { Length: > 0 })
        {
            output.Emit(new ToolResult { CallId = callId, Name = name, Result = result.Element });
        }
    }
}
