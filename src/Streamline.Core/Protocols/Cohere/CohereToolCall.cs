namespace Streamline.Protocols.Cohere;

/// <summary>A tool call while it arrives.</summary>
/// <param name="output">Where events go.</param>
/// <param name="id">The provider's id; <see langword="null"/> for none.</param>
/// <param name="call">The call, which has its name.</param>
internal sealed class CohereToolCall(DecoderOutput output, string? id, ToolCallBlock call)
{
    // Models write this for the arguments of a tool that has no parameters.
    private const string None = "null";

    private bool _isNone;

    public string? Id { get; } = id;

    public int? Index => call.Index;

    /// <summary>Appends a piece of the arguments: text, or any other JSON value in its place.</summary>
    public void Append(in Payload payload, PayloadValue arguments)
    {
        if (arguments.IsMissing || arguments is { IsString: true, Slice.Length: 0 })
        {
            return;
        }

        if (!_isNone && !call.HasArguments && arguments.TextEquals("null"u8))
        {
            _isNone = true;
            return;
        }

        if (_isNone)
        {
            // It was only the beginning of what the model wrote.
            _isNone = false;
            call.AppendValue(None);
        }

        output.AppendInput(call, arguments, payload);
    }

    /// <summary>Ends the call.</summary>
    /// <param name="isSealed">Whether the provider ended it. A call that it did not end has no arguments.</param>
    public void Close(bool isSealed)
    {
        if (isSealed)
        {
            call.Seal();
        }
        else
        {
            call.Abandon("The message ended before tool-call-end of the call.");
        }
    }
}
