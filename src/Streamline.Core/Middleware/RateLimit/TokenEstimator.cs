using System.Text;
using Microsoft.Extensions.AI;

namespace Streamline;

/// <summary>Estimates what the next request of a key will use, and learns from what the last ones used. Thread-safe.</summary>
internal sealed class TokenEstimator(RateLimitOptions options)
{
    private const double BytesPerToken = 3.6;
    private const double TokensPerMessage = 4;
    private const double TokensPerMedia = 1000;
    private const double Weight = 0.2;
    private const int MaxOutputs = 64;

    private readonly Lock _lock = new();
    private readonly Queue<long> _outputs = new();

    // Of what was counted over what was estimated: the average, and how far a request is from it on average.
    private double _ratio = 1;
    private double _deviation = 0.2;

    /// <summary>Estimates the input tokens of a request from the length of its text, rather too high: twice the average deviation is added, until the provider has counted.</summary>
    /// <returns>The estimate, and what it is without what was learned.</returns>
    public (long Tokens, double Raw) EstimateInput(StreamRequest request)
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

        lock (_lock)
        {
            return (Math.Max(1, (long)Math.Ceiling(tokens * (_ratio + (2 * _deviation)))), tokens);
        }
    }

    /// <summary>Estimates the output tokens of a request.</summary>
    public long EstimateOutput(StreamRequest request)
    {
        var most = request.Options?.MaxOutputTokens;
        if (options.ReservesMaxOutputTokens && most is { } all)
        {
            return all;
        }

        var expected = (long)options.ExpectedOutputTokens;
        lock (_lock)
        {
            if (_outputs.Count > 0)
            {
                var sorted = _outputs.Order().ToArray();
                expected = (long)Math.Ceiling(sorted[(int)((sorted.Length - 1) * 0.95)] * 1.2);
            }
        }

        return Math.Max(1, most is { } limit && limit < expected ? limit : expected);
    }

    /// <summary>Learns from the counts of a response.</summary>
    public void Learn(double rawInput, long? input, long? output)
    {
        lock (_lock)
        {
            if (input is > 0 && rawInput > 0)
            {
                var difference = Math.Clamp(input.Value / rawInput, 0.1, 10) - _ratio;
                _ratio += Weight * difference;
                _deviation += Weight * (Math.Abs(difference) - _deviation);
            }

            if (output is { } count)
            {
                _outputs.Enqueue(count);
                if (_outputs.Count > MaxOutputs)
                {
                    _outputs.Dequeue();
                }
            }
        }
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
