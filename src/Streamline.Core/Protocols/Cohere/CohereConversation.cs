using System.Buffers;

namespace Streamline.Protocols.Cohere;

/// <summary>What conversations the Chat API accepts.</summary>
internal static class CohereConversation
{
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");

    public static ConversationRules Rules { get; } = new()
    {
        Protocol = CohereProtocol.ProtocolName,
        IsSent = CohereContentWriter.IsSent,
        ToolNames = new IdentifierRule { Fallback = "tool", Characters = NameCharacters, StartsWithLetter = true },
        Results = ResultPlacement.AfterMessage,
        ResultsInCallOrder = true,
        ResultsAreText = true,
        CarriesInResult = CohereContentWriter.IsImage,
        RefusesFinalReasoning = true,
    };
}
