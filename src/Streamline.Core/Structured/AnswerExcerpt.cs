namespace Streamline.Structured;

/// <summary>The beginning of an answer, or of a value in it, for the message of an exception.</summary>
internal static class AnswerExcerpt
{
    private const int MaxChars = 80;

    public static string Of(string text)
    {
        text = text.Trim().ReplaceLineEndings(" ");
        return text.Length <= MaxChars ? text : text[..(char.IsHighSurrogate(text[MaxChars - 1]) ? MaxChars - 1 : MaxChars)] + "…";
    }
}
