namespace Streamline.Protocols.Shared;

/// <summary>
/// Writes one response in the shapes of a protocol. <see cref="ResponseEncoder"/> calls it in order: blocks are opened before they grow and closed once, and nothing of
/// a block that <see cref="EncodedBlock.IsOmitted"/> is written.
/// </summary>
/// <param name="frames">Where frames are written.</param>
/// <param name="response">The beginning of the response.</param>
/// <param name="isOwn">Whether the response comes over this protocol.</param>
internal abstract class ResponseWriter(FrameOutput frames, ResponseStarted response, bool isOwn)
{
    /// <summary>Gets or sets a value indicating whether the events come over this protocol, which changes where another client continues a response. Metadata, citations, passed-through events and provider data of any other mean nothing here, and are not given.</summary>
    public bool IsOwn { get; set; } = isOwn;

    /// <summary>Gets a value indicating whether the protocol has calls of free-form tools. Otherwise their input comes as the one argument of an object.</summary>
    public virtual bool HasFreeFormCalls => false;

    /// <summary>Gets a value indicating whether the protocol has calls of tools that the provider runs. Those of another provider are always omitted.</summary>
    public virtual bool HasProviderCalls => false;

    protected FrameOutput Frames { get; } = frames;

    protected ResponseStarted Response { get; } = response;

    /// <summary>Tells whether the protocol sends blocks of a kind whole at their beginning. The whole is then the data of the block.</summary>
    public virtual bool IsSentWhole(ContentKind kind) => false;

    /// <summary>Begins the response.</summary>
    public abstract void Begin();

    /// <summary>Ends the response.</summary>
    /// <param name="completed">The end.</param>
    /// <param name="usage">The last token counts; <see langword="null"/> when there were none.</param>
    public abstract void End(ResponseCompleted completed, TokenUsage? usage);

    /// <summary>Writes what is held back, unless the next event may change it. Called before every event.</summary>
    public virtual void Prepare(StreamEvent next)
    {
    }

    /// <summary>Writes what is held back because it depends on what follows.</summary>
    public virtual void Flush()
    {
    }

    /// <summary>Writes a sign that the connection is alive.</summary>
    public virtual void WriteKeepAlive() => Frames.WriteKeepAlive();

    /// <summary>Writes token counts. Protocols that have them only at the end wait for it.</summary>
    public virtual void WriteUsage(TokenUsage usage)
    {
    }

    /// <summary>Writes metadata of this protocol.</summary>
    /// <param name="metadata">The metadata.</param>
    /// <param name="block">The open block that it belongs to; <see langword="null"/> for none.</param>
    public abstract void WriteMetadata(ProviderMetadata metadata, EncodedBlock? block);

    /// <summary>Writes an event of this protocol that its decoder passed through.</summary>
    public virtual void WritePassedThrough(ProviderEvent passed) => Frames.Write(PassedThroughEvent.NameOf(passed), PassedThroughEvent.ObjectOf(passed));

    /// <summary>Begins content.</summary>
    public virtual void BeginContent(EncodedBlock block)
    {
    }

    /// <summary>Appends text to content: text, reasoning or a refusal.</summary>
    public abstract void WriteText(EncodedBlock block, string text);

    /// <summary>Adds a citation of this protocol to a text.</summary>
    public virtual void WriteCitation(EncodedBlock block, JsonElement citation)
    {
    }

    /// <summary>Ends content.</summary>
    /// <param name="block">The block.</param>
    /// <param name="signature">The signature of reasoning; <see langword="null"/> for none.</param>
    /// <param name="raw">The block as this protocol must get it back; <see langword="null"/> for nothing, and for a response of another protocol.</param>
    public abstract void EndContent(EncodedBlock block, string? signature, JsonElement? raw);

    /// <summary>Begins a tool call.</summary>
    public virtual void BeginCall(EncodedBlock block)
    {
    }

    /// <summary>Appends to the text of a call's arguments.</summary>
    public virtual void WriteInput(EncodedBlock block, string fragment)
    {
    }

    /// <summary>Ends a tool call, whose arguments have been written.</summary>
    /// <param name="block">The block.</param>
    /// <param name="completed">The end of the call.</param>
    /// <param name="isSealed">Whether the provider ended the call itself. Otherwise its arguments may be incomplete, although they can be read.</param>
    public abstract void EndCall(EncodedBlock block, ToolCallCompleted completed, bool isSealed);
}
