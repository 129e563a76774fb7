namespace Streamline.Protocols.Shared;

/// <summary>
/// The names under which a protocol carries the options of a request. One table serves the writer, the reader, and the error for an option that has no name in it.
/// </summary>
internal sealed record OptionNames
{
    /// <summary>Gets the name of the protocol, for error messages.</summary>
    public required string Protocol { get; init; }

    /// <summary>Gets the member of <see cref="ChatOptions.MaxOutputTokens"/>, which every protocol has.</summary>
    public required string MaxOutputTokens { get; init; }

    public string? Temperature { get; init; }

    public string? TopP { get; init; }

    public string? TopK { get; init; }

    public string? FrequencyPenalty { get; init; }

    public string? PresencePenalty { get; init; }

    public string? Seed { get; init; }

    public string? StopSequences { get; init; }

    /// <summary>Gets a value indicating whether a single stop sequence may be a text in place of a list.</summary>
    public bool StopMayBeText { get; init; }

    /// <summary>Gets a value indicating whether the provider keeps responses, so that a request can continue one.</summary>
    public bool KeepsResponses { get; init; }

    /// <summary>Gets a value indicating whether an answer in JSON must have a schema.</summary>
    public bool RequiresSchema { get; init; }

    /// <summary>Gets what an application can do about an option that is not carried, as a sentence; <see langword="null"/> for nothing.</summary>
    public string? Advice { get; init; }

    /// <summary>Asserts that all options that are set are carried.</summary>
    /// <exception cref="ArgumentException">One is not; the message names it.</exception>
    public void ThrowIfNotCarried(ChatOptions options)
    {
        var name = options switch
        {
            { Temperature: not null } when Temperature is null => nameof(options.Temperature),
            { TopP: not null } when TopP is null => nameof(options.TopP),
            { TopK: not null } when TopK is null => nameof(options.TopK),
            { FrequencyPenalty: not null } when FrequencyPenalty is null => nameof(options.FrequencyPenalty),
            { PresencePenalty: not null } when PresencePenalty is null => nameof(options.PresencePenalty),
            { Seed: not null } when Seed is null => nameof(options.Seed),
            { StopSequences.Count: > 0 } when StopSequences is null => nameof(options.StopSequences),
            { ConversationId: not null } when !KeepsResponses => nameof(options.ConversationId),
            { ContinuationToken: not null } when !KeepsResponses => nameof(options.ContinuationToken),
            { AllowBackgroundResponses: true } when !KeepsResponses => nameof(options.AllowBackgroundResponses),
            { ResponseFormat: ChatResponseFormatJson { Schema: null } } when RequiresSchema => "ResponseFormat, which is JSON without a schema",
            _ => null,
        };
        if (name is not null)
        {
            throw new ArgumentException($"The protocol '{Protocol}' does not support the option {name}. {Advice}".TrimEnd(), nameof(options));
        }
    }

    /// <summary>Tells whether there is anything that <see cref="Write"/> writes.</summary>
    public static bool HasAny(ChatOptions options, int? maxOutputTokens) => maxOutputTokens is not null || options
        is { Temperature: not null } or { TopP: not null } or { TopK: not null } or { FrequencyPenalty: not null } or { PresencePenalty: not null }
        or { Seed: not null } or { StopSequences.Count: > 0 };

    /// <summary>Writes the options, except those that are not supported.</summary>
    /// <param name="writer">The writer, inside an object.</param>
    /// <param name="options">The options.</param>
    /// <param name="maxOutputTokens">The limit on output tokens; <see langword="null"/> for none, or where it is written elsewhere.</param>
    public void Write(Utf8JsonWriter writer, ChatOptions options, int? maxOutputTokens)
    {
        if (maxOutputTokens is { } limit)
        {
            writer.WriteNumber(MaxOutputTokens, limit);
        }

        WriteNumber(writer, Temperature, options.Temperature, nameof(options.Temperature));
        WriteNumber(writer, TopP, options.TopP, nameof(options.TopP));
        if (TopK is not null && options.TopK is { } topK)
        {
            writer.WriteNumber(TopK, topK);
        }

        if (Seed is not null && options.Seed is { } seed)
        {
            writer.WriteNumber(Seed, seed);
        }

        WriteNumber(writer, FrequencyPenalty, options.FrequencyPenalty, nameof(options.FrequencyPenalty));
        WriteNumber(writer, PresencePenalty, options.PresencePenalty, nameof(options.PresencePenalty));
        if (StopSequences is not null && options.StopSequences is { Count: > 0 } sequences)
        {
            writer.WriteTexts(StopSequences, sequences);
        }
    }

    /// <summary>Reads a member that carries one of the options.</summary>
    /// <returns>Whether the option says all that the member does; <see langword="null"/> when it is not the member of an option.</returns>
    /// <exception cref="StreamProtocolException">The member is of another type.</exception>
    public bool? TryRead(string name, RequestValue value, ChatOptions options)
    {
        switch (name)
        {
            case var _ when name == MaxOutputTokens:
                options.MaxOutputTokens = value.Count();
                return true;
            case var _ when name == Temperature:
                return value.IsExactly(options.Temperature = value.Number());
            case var _ when name == TopP:
                return value.IsExactly(options.TopP = value.Number());
            case var _ when name == TopK:
                options.TopK = value.Count();
                return true;
            case var _ when name == FrequencyPenalty:
                return value.IsExactly(options.FrequencyPenalty = value.Number());
            case var _ when name == PresencePenalty:
                return value.IsExactly(options.PresencePenalty = value.Number());
            case var _ when name == Seed:
                options.Seed = value.Json.ValueKind == JsonValueKind.Number && value.Json.TryGetInt64(out var seed) ? seed : null;
                return options.Seed is not null;
            case var _ when name == StopSequences:
                options.StopSequences = StopMayBeText && value.IsText ? [value.Text()] : [.. value.Items().Select(sequence => sequence.Text())];
                return options.StopSequences.Count > 0;
            default:
                return null;
        }
    }

    private static void WriteNumber(Utf8JsonWriter writer, string? name, float? value, string option)
    {
        if (name is not null && value is { } number)
        {
            writer.WriteNumber(name, float.IsFinite(number) ? number : throw new ArgumentException($"The option {option} is {number}; expected a finite number.", nameof(value)));
        }
    }
}
