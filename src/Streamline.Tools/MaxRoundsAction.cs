namespace Streamline;

/// <summary>What a tool loop does when the model wants to call tools once too often; see <see cref="ToolLoopOptions.AtMaxRounds"/>.</summary>
public enum MaxRoundsAction
{
    /// <summary>Sends one more request in which the model may not call tools, so that it answers with what it has.</summary>
    AnswerWithoutTools,

    /// <summary>Fails with <see cref="StreamLimitException"/>.</summary>
    Throw,
}
