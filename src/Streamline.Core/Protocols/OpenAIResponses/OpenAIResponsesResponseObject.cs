namespace Streamline.Protocols.OpenAIResponses;

/// <summary>Writes the response as its first and its last events hold it. Its members are those that the official clients require.</summary>
internal sealed class OpenAIResponsesResponseObject(ResponseStarted started, OpenAIResponsesOutputWriter output)
{
    private readonly List<ProviderMetadata> _metadata = [];

    /// <summary>Adds a member that has no event of its own. The first of a name counts.</summary>
    public void Add(ProviderMetadata metadata)
    {
        if (!_metadata.Exists(known => known.Name == metadata.Name))
        {
            _metadata.Add(metadata);
        }
    }

    /// <summary>Writes the member <c>response</c>.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="status">The status.</param>
    /// <param name="incompleteReason">Why the response is incomplete; <see langword="null"/> when it is not.</param>
    /// <param name="usage">The token counts; <see langword="null"/> when there are none.</param>
    public void WriteTo(Utf8JsonWriter writer, string status, string? incompleteReason, TokenUsage? usage) => writer.WriteObject("response", response =>
    {
        response.WriteString("id"u8, started.ResponseId ?? "");
        response.WriteString("object"u8, "response"u8);
        response.WriteNumber("created_at"u8, started.CreatedAt?.ToUnixTimeSeconds() ?? 0);
        response.WriteString("status"u8, status);
        response.WriteNull("error"u8);
        if (incompleteReason is null)
        {
            response.WriteNull("incomplete_details"u8);
        }
        else
        {
            response.WriteObject("incomplete_details", details => details.WriteString("reason"u8, incompleteReason));
        }

        response.WriteNull("instructions"u8);
        response.WriteObject("metadata", static _ => { });
        response.WriteString("model"u8, started.Model ?? "");
        output.WriteTo(response);
        response.WriteBoolean("parallel_tool_calls"u8, value: true);
        response.WriteNull("temperature"u8);
        response.WriteString("tool_choice"u8, "auto"u8);
        response.WriteArray("tools"u8);
        response.WriteNull("top_p"u8);
        OpenAIResponsesUsage.Write(response, usage);
        foreach (var metadata in _metadata)
        {
            response.WriteMember(metadata.Name, metadata.Value);
        }
    });
}
