using System.Text.Json.Serialization;

namespace Streamline;

/// <summary>Why a model stopped, in the words that the providers share.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<FinishReason>))]
public enum FinishReason
{
    /// <summary>The model finished its answer, or met a stop sequence.</summary>
    Stop,

    /// <summary>The model waits for the results of its tool calls.</summary>
    ToolCalls,

    /// <summary>The limit on output tokens or the context window cut the answer.</summary>
    Length,

    /// <summary>A content filter cut the answer.</summary>
    ContentFilter,

    /// <summary>The model or a classifier declined to answer.</summary>
    Refusal,

    /// <summary>The provider paused a long turn of its own tools; send the conversation again to continue it.</summary>
    Pause,

    /// <summary>A reason that this version does not know, or none at all; see <see cref="ResponseCompleted.RawFinishReason"/>.</summary>
    Other,
}
