using System.Text.Json.Nodes;

namespace Streamline.Protocols.Shared;

/// <summary>How a provider is asked to continue a message of the assistant that ends a request (a prefill), and which models do so at the exact character.</summary>
/// <remarks>A model that is not known to continue literally is taken for one that does not: it would begin a new answer, and words would be repeated.</remarks>
internal sealed record PrefillRule
{
    /// <summary>Gets the rule of a protocol whose models are not known to continue a message.</summary>
    public static PrefillRule None { get; } = new();

    /// <summary>Gets parts of the names of the models that are known to continue.</summary>
    public string[] Models { get; init; } = [];

    /// <summary>Gets parts of the names of models that do not, though their names have a part in <see cref="Models"/>.</summary>
    public string[] ExceptModels { get; init; } = [];

    /// <summary>Gets ends of the names of further models that are known to continue.</summary>
    public string[] ModelEnds { get; init; } = [];

    /// <summary>Gets a value indicating whether the server itself continues, whatever the model.</summary>
    public bool AcceptsAnyModel { get; init; }

    /// <summary>Gets what the path of the base address must contain; <see langword="null"/> for no condition.</summary>
    public string? BasePath { get; init; }

    /// <summary>Gets the member of the last message that asks for the continuation, whose value is <see langword="true"/>; <see langword="null"/> for none.</summary>
    public string? MessageMember { get; init; }

    /// <summary>Gets the members of the body that ask for the continuation, with their values.</summary>
    public IReadOnlyDictionary<string, bool> BodyMembers { get; init; } = new Dictionary<string, bool>();

    /// <summary>Gets a value indicating whether the text that is continued may not end with white space.</summary>
    public bool TrimsWhiteSpace { get; init; }

    /// <summary>Gets a value indicating whether some versions of the server repeat the whole message before they continue it.</summary>
    public bool MayRepeat { get; init; }

    /// <summary>Gets a value indicating whether a model that reasons continues a message too. Where it does not, reasoning has to be off.</summary>
    public bool AllowsReasoning { get; init; }

    /// <summary>Tells whether a model is known to continue a message at the exact character.</summary>
    /// <param name="model">The model; <see langword="null"/> when it is unknown.</param>
    public bool Accepts(string? model) =>
        AcceptsAnyModel
            || (model is not null && !Contains(model, ExceptModels) && (Contains(model, Models) || Array.Exists(ModelEnds, end => model.EndsWith(end, StringComparison.OrdinalIgnoreCase))));

    /// <summary>Makes the member of a message that asks for the continuation.</summary>
    public ChatMessage Mark(ChatMessage message, string protocol)
    {
        if (MessageMember is null)
        {
            return message;
        }

        var marked = message.Clone();
        var raw = ContentValues.RawBlock(message.AdditionalProperties, protocol) is { } known ? JsonObject.Create(known)! : [];
        raw[MessageMember] = true;
        marked.AdditionalProperties = new(message.AdditionalProperties ?? []) { [ContentProperties.RawBlock(protocol)] = raw };
        return marked;
    }

    private static bool Contains(string name, string[] parts) => Array.Exists(parts, part => name.Contains(part, StringComparison.OrdinalIgnoreCase));
}
