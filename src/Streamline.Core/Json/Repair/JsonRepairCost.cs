namespace Streamline.Json;

/// <summary>What a repair costs. The cheapest hypothesis wins; of equally cheap ones, the one that was forked first.</summary>
internal static class JsonRepairCost
{
    /// <summary>A hypothesis that costs so much more than the cheapest one is given up.</summary>
    public const int Margin = 14;

    public const int Free = 0;
    public const int ControlCharacter = 2;
    public const int ForeignToken = 2; // a literal, number, quote or whitespace of another language
    public const int Trivia = 3; // a comment, an ellipsis
    public const int NewlineForComma = 6;
    public const int TrailingComma = 5;
    public const int BareName = 5;
    public const int ExtraComma = 8;
    public const int ForeignSign = 9; // a sign that stands for a colon, a comma or a bracket in other notations
    public const int Missing = 10; // a comma, colon or quote
    public const int InnerQuote = 10;
    public const int NextInnerQuote = 3;
    public const int OpenInnerQuote = 3; // the string ends after an odd number of them
    public const int Extra = 11; // a byte too many
    public const int MissingQuoteBefore = 12; // the end quote of a string
    public const int Closer = 12; // a closer that is missing, superfluous or another one
    public const int Swap = 12;
    public const int Opener = 13;
    public const int MissingValue = 12;
    public const int MissingName = 14;
    public const int BareValue = 14;
    public const int CommaInWord = 20;
    public const int DigitGroup = 4; // 2,000
    public const int QuoteInName = 20;
    public const int SignInName = 4; // a character that names seldom have
    public const int SignAtEdge = 3; // at the beginning or end of a string: a colon, or a comma
    public const int CommaAtEnd = 7; // of a string
    public const int QuoteInOtherQuotes = 3;
    public const int OtherQuote = 11; // a quote that ends the string although another kind began it
}
