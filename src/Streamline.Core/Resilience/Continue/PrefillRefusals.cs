using System.Collections.Concurrent;
using System.Net;

namespace Streamline.Resilience;

/// <summary>The models that have refused to continue a message of their own, remembered so that each is asked only once.</summary>
/// <remarks>Thread-safe and bounded: past the limit, no further model is remembered.</remarks>
internal sealed class PrefillRefusals
{
    private const int MaxModels = 1024;

    private static readonly string[] Marks = ["prefill", "model turn", "end with a user", "ends with a user", "assistant message", "role model", "role 'model'", "continue_final_message", "add_generation_prompt"];

    private readonly ConcurrentDictionary<(string Provider, string? Model), bool> _models = new();

    /// <summary>Gets the refusals of this process.</summary>
    public static PrefillRefusals Shared { get; } = new();

    public bool Contains(string provider, string? model) => _models.ContainsKey((provider, model));

    /// <summary>Remembers a model if an error says that it is the prefill which the provider refuses.</summary>
    public void Learn(string provider, string? model, ProviderException error)
    {
        if (error is { StatusCode: HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity } && _models.Count < MaxModels
            && Array.Exists(Marks, mark => error.ProviderMessage?.Contains(mark, StringComparison.OrdinalIgnoreCase) == true))
        {
            _models[(provider, model)] = true;
        }
    }
}
