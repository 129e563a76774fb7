namespace Streamline.Protocols.Shared;

/// <summary>A tool call of a conversation, and what becomes of it.</summary>
/// <param name="call">The call.</param>
/// <param name="place">Where it is.</param>
/// <param name="turn">Which turn of the assistant it belongs to, from 0.</param>
internal sealed class PairedCall(FunctionCallContent call, ContentPlace place, int turn)
{
    private const string NotRun = "The tool was not run, because the arguments of the call were invalid.";
    private const string Interrupted = "The call was interrupted, and no result of it was recorded.";

    public FunctionCallContent Call { get; } = call;

    public ContentPlace Place { get; } = place;

    public int Turn { get; } = turn;

    /// <summary>Gets the result; <see langword="null"/> while there is none.</summary>
    public FunctionResultContent? Result { get; private set; }

    /// <summary>Gets where the result is; <see langword="null"/> for one that was added.</summary>
    public ContentPlace? ResultPlace { get; private set; }

    /// <summary>Gets a value indicating whether the call was cut off before its end, as far as one can tell.</summary>
    public bool IsIncomplete => Call.InformationalOnly && Result is null;

    /// <summary>Gets or sets the id under which call and result are sent.</summary>
    public string Id { get; set; } = call.CallId;

    /// <summary>Gets or sets the name of the tool that is sent.</summary>
    public string Name { get; set; } = call.Name;

    public void Answer(FunctionResultContent result, ContentPlace? place) => (Result, ResultPlace) = (result, place);

    /// <summary>Answers the call with an error that says why there is no result.</summary>
    public void AnswerWithError() => Answer(
        new FunctionResultContent(Call.CallId, Call.Exception is null ? Interrupted : NotRun) { AdditionalProperties = new() { [ContentProperties.IsError] = true } },
        place: null);

    /// <summary>Tells whether another call is a copy of this one.</summary>
    public bool IsSameAs(FunctionCallContent other) => Call.Name == other.Name && ArgumentValues.Text(Call) == ArgumentValues.Text(other);

    /// <summary>Gets the call with the id and the name under which it is sent.</summary>
    public FunctionCallContent ToCall() => Id == Call.CallId && Name == Call.Name ? Call : new FunctionCallContent(Id, Name, Call.Arguments)
    {
        AdditionalProperties = Call.AdditionalProperties,
        Annotations = Call.Annotations,
        Exception = Call.Exception,
        InformationalOnly = Call.InformationalOnly,
        RawRepresentation = Call.RawRepresentation,
    };

    /// <summary>Gets the result with the id of the call.</summary>
    public FunctionResultContent ToResult() => Id == Result!.CallId ? Result : new FunctionResultContent(Id, Result.Result)
    {
        AdditionalProperties = Result.AdditionalProperties,
        Annotations = Result.Annotations,
        Exception = Result.Exception,
        RawRepresentation = Result.RawRepresentation,
    };
}
