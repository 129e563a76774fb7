namespace Streamline.Protocols.Cohere;

/// <summary>The tool calls of a message: begun, grown by deltas, sealed. They are known by an index of their own, apart from that of contents.</summary>
/// <param name="output">Where events go.</param>
internal sealed class CohereToolCalls(DecoderOutput output)
{
    private static readonly PayloadNames Known = new("id type function index");
    private static readonly PayloadNames KnownOfFunction = new("name arguments");

    private readonly BlockTable<CohereToolCall> _table = new(output.Options);

    /// <summary>Begins a call, or several that come in a list.</summary>
    /// <returns><see langword="false"/> when the value is neither.</returns>
    /// <exception cref="StreamProtocolException">A call has no name.</exception>
    public bool TryBegin(in Payload payload, long? index, PayloadValue calls, long byteOffset)
    {
        if (calls.IsObject)
        {
            Begin(payload, index ?? calls.Member("index"u8).GetCount(), calls, byteOffset);
            return true;
        }

        foreach (var call in calls.Items)
        {
            if (!TryBegin(payload, call.Member("index"u8).GetCount() ?? index, call, byteOffset))
            {
                return false;
            }
        }

        return calls.IsArray;
    }

    /// <summary>Appends a piece of the arguments of a call.</summary>
    /// <returns><see langword="false"/> when there is no such call, or the value has no arguments.</returns>
    public bool TryAppend(in Payload payload, long? index, PayloadValue call, out int? block)
    {
        block = null;
        foreach (var item in call.Items)
        {
            call = item;
            break;
        }

        var function = call.Object("function"u8);
        if (!function.Exists || _table.FindOpen(index ?? call.Member("index"u8).GetCount()) is not { } entry)
        {
            return false;
        }

        block = entry.Value.Index;
        entry.Value.Append(payload, function.Member("arguments"u8));
        return true;
    }

    /// <summary>Seals a call by its own event. One that has ended, or never began, has nothing more to say.</summary>
    public void End(long? index) => Close(_table.FindOpen(index), isSealed: true);

    /// <summary>Ends what is still open at the end of the message. These calls are not sealed, so they have no arguments.</summary>
    public void EndAll()
    {
        while (_table.TryEndFirst(out var entry))
        {
            entry.Value.Close(isSealed: false);
        }
    }

    private void Begin(in Payload payload, long? index, PayloadValue call, long byteOffset)
    {
        var function = call.Object("function"u8);
        var name = function.NonEmptyText("name"u8) ?? throw JsonPayload.Without("a tool call", "a string 'function.name'", byteOffset);
        var id = WholeToolCall.IdOf(call.Member("id"u8));
        if (index is { } known && _table.FindByIndex(known) is { IsEnded: false } open)
        {
            if (open.Value.Id == id)
            {
                // A start that is sent twice.
                open.Value.Append(payload, function.Member("arguments"u8));
                return;
            }

            Close(open, isSealed: false);
        }

        output.ForgetUnnamedShapes();
        var block = new ToolCallBlock(output);
        block.Start(id, name, HasMore(call, function) ? call.ToElement() : null);
        var begun = new CohereToolCall(output, id, block);
        _table.Add(index, id: null, type: null, begun);
        begun.Append(payload, function.Member("arguments"u8));
    }

    // What is newer than this version has to go back with the call.
    private static bool HasMore(PayloadValue call, PayloadValue function) =>
        call.HasOtherThan(Known) || function.HasOtherThan(KnownOfFunction) || call.Member("type"u8) is { IsMissing: false } type && !type.TextEquals("function"u8);

    private void Close(BlockEntry<CohereToolCall>? entry, bool isSealed)
    {
        if (entry is { IsEnded: false })
        {
            _table.End(entry);
            entry.Value.Close(isSealed);
        }
    }
}
