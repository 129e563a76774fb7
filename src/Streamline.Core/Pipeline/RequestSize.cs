using System.Text;
using Microsoft.Extensions.AI;

namespace Streamline;

/// <summary>Estimates how many tokens a request has, from the length of its text.</summary>
internal static class RequestSize
{
    private const double BytesPerToken = 3.6;
    private const double TokensPerMessage = 4;
    private const double TokensPerMedia = 1000;

    public static double EstimateTokens(StreamRequest request)
    {
        var tokens = BytesOf(request.Options?.Instructions) / BytesPerToken;
        foreach (var message in request.Messages)
        {
            tokens += TokensPerMessage;
            foreach (var content in message.Contents)
            {
                tokens += TokensOf(content);
            }
        }

        foreach (var tool in request.Options?.Tools ?? [])
        {
            tokens += (BytesOf(tool.Name) + BytesOf(tool.Description) + ((tool as AIFunctionDeclaration)?.JsonSchema.GetRawText().Length ?? 0)) / BytesPerToken;
        }

        return tokens;
    }

    private static int BytesOf(string? text) => text is null ? 0 : Encoding.UTF8.GetByteCount(text);

    private static double TokensOf(AIContent content) => content switch
    {
        TextContent text => BytesOf(text.Text) / BytesPerToken,
        TextReasoningContent reasoning => BytesOf(reasoning.Text) / BytesPerToken,
        FunctionCallContent call => (BytesOf(call.Name) + (call.Arguments?.Sum(argument => BytesOf(argument.Key) + BytesOf(argument.Value?.ToString())) ?? 0)) / BytesPerToken,
        FunctionResultContent result => BytesOf(result.Result?.ToString()) / BytesPerToken,
        _ => TokensPerMedia,
    };
}
