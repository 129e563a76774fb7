namespace Streamline.Protocols.OpenAIResponses;

/// <summary>Which part of an item an event speaks of. The protocol counts the parts of a summary and of the content apart.</summary>
internal readonly record struct OpenAIResponsesPartKey(bool IsSummary, long Index);
