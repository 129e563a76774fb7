namespace Streamline.Resilience;

/// <summary>What <see cref="ContinueOptions.CreatePrompt"/> is told of a response that is to be continued.</summary>
public sealed class ContinuationContext
{
    internal ContinuationContext(StreamRequest request, string text, string lastWords) => (Request, Text, LastWords) = (request, text, lastWords);

    /// <summary>Gets the request of the response.</summary>
    public StreamRequest Request { get; }

    /// <summary>Gets the text of the response so far. It is sent as a message of the assistant before the prompt.</summary>
    public string Text { get; }

    /// <summary>Gets the end of the text, of about 60 characters and from the beginning of a word on: a model that repeats it shows where it continues.</summary>
    public string LastWords { get; }
}
