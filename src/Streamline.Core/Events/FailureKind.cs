using System.Text.Json.Serialization;

namespace Streamline;

/// <summary>What a failure says about who failed, and so who should be asked next.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<FailureKind>))]
public enum FailureKind
{
    /// <summary>None that is known to this version; the request is not sent again.</summary>
    Other,

    /// <summary>The provider is overloaded, has an outage, or could not be reached, for now: status 5xx, 408 or 429, a broken connection, a time limit.</summary>
    Transient,

    /// <summary>The provider will not answer for a long time: the key is refused (401, 403), or the account has no money or quota left (402).</summary>
    Down,

    /// <summary>The request itself is wrong: every other client would refuse it too. It is not sent again.</summary>
    Request,

    /// <summary>The request is longer than the model's context. Only a model with a longer one can answer it.</summary>
    ContextLength,
}
