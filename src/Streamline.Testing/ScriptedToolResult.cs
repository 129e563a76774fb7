namespace Streamline.Testing;

/// <summary>The result of a tool call, as a request brings it to the provider.</summary>
/// <param name="CallId">The id of the call.</param>
/// <param name="Content">The text of the result.</param>
/// <param name="IsError">Whether the request says that it is an error; a protocol that cannot say so gives <see langword="false"/>.</param>
public sealed record ScriptedToolResult(string CallId, string Content, bool IsError);
