using System.Globalization;
using Microsoft.Extensions.AI;

namespace ChatSample;

/// <summary>What the tokens cost, in dollars per million. No provider reports it, so it must be given.</summary>
internal sealed record Prices(decimal Input, decimal Output)
{
    private const decimal Million = 1_000_000;

    /// <summary>Reads two figures with a comma between them, such as <c>3,15</c>; anything else means that the cost is not known.</summary>
    public static Prices? Parse(string? text) =>
        text?.Split(',') is [var input, var output] && TryParse(input, out var inputPrice) && TryParse(output, out var outputPrice) ? new Prices(inputPrice, outputPrice) : null;

    public decimal CostOf(UsageDetails usage) => (((usage.InputTokenCount ?? 0) * Input) + ((usage.OutputTokenCount ?? 0) * Output)) / Million;

    private static bool TryParse(string text, out decimal price) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out price);
}
