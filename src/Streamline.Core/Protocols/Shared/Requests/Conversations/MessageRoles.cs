namespace Streamline.Protocols.Shared;

/// <summary>Whose a message is.</summary>
internal static class MessageRoles
{
    private static readonly ChatRole Developer = new("developer");

    public static bool IsSystem(this ChatMessage message) => message.Role == ChatRole.System || message.Role == Developer;

    public static bool IsAssistant(this ChatMessage message) => message.Role == ChatRole.Assistant;

    /// <summary>Asserts that the role is one that there is.</summary>
    /// <exception cref="ArgumentException">It is not.</exception>
    public static void ThrowIfUnknown(ChatMessage message, string protocol)
    {
        if (!message.IsAssistant() && !message.IsSystem() && message.Role != ChatRole.User && message.Role != ChatRole.Tool)
        {
            throw new ArgumentException(
                $"The protocol '{protocol}' has no role '{message.Role}'; expected system, developer, user, assistant or tool.", nameof(message));
        }
    }
}
