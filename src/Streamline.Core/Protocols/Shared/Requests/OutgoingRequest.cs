namespace Streamline.Protocols.Shared;

/// <summary>A request as its writer needs it.</summary>
/// <param name="Request">The request.</param>
/// <param name="Messages">Its messages, normalized.</param>
/// <param name="Defaults">What to fill in where the request says nothing.</param>
internal sealed record OutgoingRequest(StreamRequest Request, IReadOnlyList<ChatMessage> Messages, StreamRequestDefaults Defaults)
{
    private const string NoModel = "The request names no model and the client has no default one: set StreamClientOptions.Model, or ChatOptions.ModelId.";

    public ChatOptions Options { get; } = Request.Options ?? new ChatOptions();

    public int? MaxOutputTokens => Options.MaxOutputTokens ?? Defaults.MaxOutputTokens;

    /// <summary>The model; <see langword="null"/> when neither the request nor the client names one.</summary>
    public string? Model => ModelOf(Request, Defaults);

    /// <summary>Tells whether the extra body has a member.</summary>
    public bool HasExtra(string name) => Request.ExtraBody?.ContainsKey(name) == true;

    /// <summary>Gets the model, for a protocol that has it in the address.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static string RequireModel(StreamRequest request, StreamRequestDefaults defaults) =>
        ModelOf(request, defaults) ?? throw new ArgumentException(NoModel, nameof(request));

    /// <summary>Gets the model that a request is for. A blank name is none: a setting that is missing is often an empty text.</summary>
    public static string? ModelOf(StreamRequest request, StreamRequestDefaults defaults) =>
        !string.IsNullOrWhiteSpace(request.Options?.ModelId) ? request.Options.ModelId
        : !string.IsNullOrWhiteSpace(defaults.Model) ? defaults.Model
        : null;

    /// <summary>Writes the member <c>model</c>, unless the extra body has it.</summary>
    /// <exception cref="ArgumentException">There is no model.</exception>
    public void WriteModel(Utf8JsonWriter writer)
    {
        if (Model is { } model)
        {
            writer.WriteString("model"u8, model);
        }
        else if (!HasExtra("model"))
        {
            _ = RequireModel(Request, Defaults);
        }
    }

    /// <summary>Gets what the system says, the instructions first, for a protocol that has one place for it, before the conversation.</summary>
    /// <param name="protocol">The name of the protocol, for an error message.</param>
    /// <param name="isAccepted">Tells whether a content other than text is accepted.</param>
    /// <exception cref="ArgumentException">A system message contains something that is not accepted.</exception>
    public List<AIContent> SystemContents(string protocol, Func<AIContent, bool>? isAccepted = null)
    {
        List<AIContent> contents = [.. Messages.Where(message => message.IsSystem()).SelectMany(message => message.Contents)];
        if (contents.Find(content => content is not TextContent && isAccepted?.Invoke(content) != true) is { } other)
        {
            throw new ArgumentException($"The protocol '{protocol}' accepts only text in system messages; found {TypeNames.Of(other)}.", nameof(protocol));
        }

        if (!string.IsNullOrEmpty(Options.Instructions))
        {
            contents.Insert(0, new TextContent(Options.Instructions));
        }

        return contents;
    }

    /// <summary>Gets the texts of what the system says.</summary>
    /// <exception cref="ArgumentException"><inheritdoc cref="SystemContents" path="/exception"/></exception>
    public List<string> SystemTexts(string protocol) => SystemContents(protocol).ConvertAll(content => ((TextContent)content).Text);
}

/// <summary>What a request writer fills in where a request says nothing.</summary>
/// <param name="Model">The model; <see langword="null"/> when there is no default.</param>
/// <param name="MaxOutputTokens">The limit on output tokens; <see langword="null"/> when there is no default.</param>
internal readonly record struct StreamRequestDefaults(string? Model, int? MaxOutputTokens);
