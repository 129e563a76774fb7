using System.Text;
using System.Text.Json;
using Streamline.Json;

namespace Streamline;

/// <summary>One block of a response as far as it has arrived: text, reasoning, a tool call or anything else.</summary>
/// <remarks>A block is a part of a <see cref="StreamState"/>, grows with it, and is as little thread-safe.</remarks>
public sealed class StreamBlock
{
    private const int MinTextCapacity = 128;

    // The first piece, or the whole; put together with the others only when there are others.
    private string _first = "";
    private StringBuilder? _text;
    private List<(RawJson Citation, string? Protocol)>? _citations;

    internal StreamBlock(int index, int choice, ContentKind? kind)
    {
        Index = index;
        Choice = choice;
        Kind = kind;
    }

    /// <summary>Gets the index of the block within the response, from 0.</summary>
    public int Index { get; }

    /// <summary>Gets the index of the answer that the block belongs to, where a request asked for several.</summary>
    public int Choice { get; }

    /// <summary>Gets what the block holds; <see langword="null"/> for a tool call.</summary>
    public ContentKind? Kind { get; }

    /// <summary>Gets a value indicating whether the block has ended. A completed block does not change any more.</summary>
    public bool IsCompleted { get; private set; }

    /// <summary>Gets the text so far: of the answer, the reasoning or the refusal, or the JSON text of a tool call's arguments.</summary>
    public string Text => _text?.ToString() ?? _first;

    /// <summary>Gets the citations so far, unchanged.</summary>
    public IReadOnlyList<JsonElement> Citations => _citations is null ? [] : [.. _citations.Select(citation => citation.Citation.Element)];

    /// <summary>Gets the signature of a completed reasoning block; <see langword="null"/> when it has none.</summary>
    public string? Signature { get; private set; }

    /// <summary>Gets the provider's own form of the block, verbatim, or its own data about a tool call; <see langword="null"/> when there is none.</summary>
    public JsonElement? Raw => RawBlock?.Element;

    /// <summary>Gets the id of the tool call; <see langword="null"/> for other blocks.</summary>
    public string? CallId { get; private init; }

    /// <summary>Gets the name of the tool; <see langword="null"/> for other blocks.</summary>
    public string? Name { get; private init; }

    /// <summary>Gets a value indicating whether the provider runs the tool itself.</summary>
    public bool IsProviderExecuted { get; private init; }

    /// <summary>Gets the preview of the tool call's arguments. Do not act on it.</summary>
    public PartialJsonElement Input { get; private set; }

    /// <summary>Gets the strictly parsed arguments of a completed tool call; <see langword="null"/> when there are none.</summary>
    public JsonElement? Arguments { get; private set; }

    /// <summary>Gets what is wrong with the arguments of a completed tool call; <see langword="null"/> when nothing is.</summary>
    public string? ParseError { get; private set; }

    /// <summary>Gets the name of the protocol under which the messages keep what only that protocol knows of the block.</summary>
    internal string? Protocol { get; set; }

    /// <summary>Gets the citations with the protocol that each came over, which is another than that of the block where another client has continued its text.</summary>
    internal IReadOnlyList<(RawJson Citation, string? Protocol)>? CitationsByProtocol => _citations;

    internal RawJson? RawBlock { get; private set; }

    internal int TextLength => _text?.Length ?? _first.Length;

    /// <summary>Gets a value indicating whether a part of the block was dropped because of the bound of the fold.</summary>
    internal bool IsCut { get; private set; }

    /// <summary>Makes a block of content. Where the provider sends the whole at the end, what it said at the beginning is not a form of the block.</summary>
    internal static StreamBlock ForContent(ContentStarted started) => new(started.Index, started.Choice, started.Kind)
    {
        RawBlock = started.Kind is ContentKind.Text or ContentKind.Reasoning or ContentKind.Refusal ? started.RawProviderData : null,
    };

    internal static StreamBlock ForCall(ToolCallStarted started) => new(started.Index, started.Choice, kind: null)
    {
        CallId = started.CallId,
        Name = started.Name,
        IsProviderExecuted = started.IsProviderExecuted,
        RawBlock = started.RawProviderData,
    };

    /// <summary>Notes that a part of the block is dropped.</summary>
    /// <returns><see langword="false"/>, so that the part is not kept.</returns>
    internal bool Cut()
    {
        IsCut = true;
        return false;
    }

    /// <summary>Joins the pieces of the text for good, so that the next to ask for it need not do so again.</summary>
    internal string JoinText()
    {
        if (_text is not null)
        {
            _first = _text.ToString();
            _text = null;
        }

        return _first;
    }

    internal void Append(string text)
    {
        if (_text is not null)
        {
            _text.Append(text);
        }
        else if (_first.Length == 0)
        {
            _first = text;
        }
        else
        {
            _text = new StringBuilder(_first, Math.Max(MinTextCapacity, 2 * (_first.Length + text.Length))).Append(text);
            _first = "";
        }
    }

    internal void Append(ToolInputDelta delta)
    {
        Append(delta.Fragment);
        Input = delta.Input;
    }

    internal void Add(RawJson citation, string? protocol) => (_citations ??= []).Add((citation, protocol));

    internal void Complete(ContentCompleted completed, bool keepValues)
    {
        IsCompleted = true;
        IsCut |= !keepValues;
        if (keepValues)
        {
            Signature = completed.Signature;
            RawBlock = completed.RawBlock ?? RawBlock;
        }
    }

    internal void Complete(ToolCallCompleted completed, bool keepArguments)
    {
        IsCompleted = true;
        ParseError = completed.ParseError;
        IsCut |= !keepArguments;
        if (keepArguments)
        {
            _text = null;
            _first = completed.ArgumentsText;
            Arguments = completed.Arguments;
            RawBlock = completed.RawProviderData ?? RawBlock;
        }
    }
}
