namespace Streamline.Protocols.OpenAIResponses;

/// <summary>Reports the members of a response that have no event of their own, such as the tier or the moderation.</summary>
internal static class OpenAIResponsesMembers
{
    // What a response repeats of its request, and what has events of its own.
    private static readonly PayloadNames Known = new(
        "id object created_at completed_at status error incomplete_details model output output_text usage "
        + "background frequency_penalty include instructions max_output_tokens max_tool_calls parallel_tool_calls "
        + "presence_penalty previous_response_id prompt prompt_cache_key prompt_cache_retention reasoning safety_identifier store "
        + "stream temperature text tool_choice tools top_logprobs top_p truncation user");

    public static void Report(DecoderOutput output, PayloadValue response)
    {
        foreach (var member in response.Members)
        {
            if (!Known.Contains(member) && !member.Value.IsEmpty())
            {
                output.Emit(new ProviderMetadata(member.Name, member.Value.ToRaw()));
            }
        }
    }
}
