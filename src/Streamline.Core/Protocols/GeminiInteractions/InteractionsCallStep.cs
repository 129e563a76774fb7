namespace Streamline.Protocols.GeminiInteractions;

/// <summary>A call of a tool: one that the application answers, or one that the provider runs, whose result is a step of its own.</summary>
internal sealed class InteractionsCallStep : InteractionsStep
{
    private readonly DecoderOutput _output;
    private readonly string _type;
    private readonly bool _isProviderCall;
    private readonly ToolCallBlock _call;
    private readonly MergedObject _step;
    private string? _whole;
    private bool _isComplete;

    /// <summary>Begins the call, if its name is known.</summary>
    /// <param name="output">Where events go.</param>
    /// <param name="type">The type of the step.</param>
    /// <param name="step">The step as it began.</param>
    public InteractionsCallStep(DecoderOutput output, string type, PayloadValue step)
    {
        _output = output;
        _type = type;
        _isProviderCall = InteractionsStepTypes.IsProviderCall(type);
        _call = new ToolCallBlock(output);
        _step = InteractionsEnvelope.Begin(output.Options, step.ToElement());
        _whole = TextOf(step.Member("arguments"u8));
        TryStart();
    }

    public override int? BlockIndex => _call.Index;

    public override bool IsAwaitingAnswer => _isComplete && !_isProviderCall;

    public override InteractionsOpenStep? Snapshot => new(Step, _call.ArgumentsText);

    public override bool TryAppend(in Payload payload, string kind, PayloadValue delta)
    {
        if (kind == "thought_signature")
        {
            _step.Add(InteractionsEnvelope.OfDelta(delta));
            return true;
        }

        if (kind == _type)
        {
            // The call whole, or what was not known of it when it began.
            _whole = TextOf(delta.Member("arguments"u8)) ?? _whole;
            _step.Add(InteractionsEnvelope.OfDelta(delta));
            if (delta.NonEmptyText("name"u8) is not null)
            {
                TryStart();
            }

            return true;
        }

        return kind is "arguments_delta" or "arguments" && TryAppendArguments(payload, delta);
    }

    /// <summary>Appends the arguments that came before a stream was left.</summary>
    public void AppendEarlier(string arguments)
    {
        if (arguments.Length > 0)
        {
            _call.AppendValue(arguments);
        }
    }

    public override void Complete()
    {
        if (!_call.IsStarted)
        {
            throw JsonPayload.Invalid($"a {_type} without a name", "a member 'name' by the end of the step", byteOffset: null);
        }

        _call.Seal(_whole, DataOf());
        _isComplete = true;
    }

    public override void Abandon() => _call.Abandon("The response ended before the call was whole.");

    private JsonElement Step => _step.Value!.Value;

    private bool TryAppendArguments(in Payload payload, PayloadValue delta)
    {
        var arguments = delta.Member("arguments"u8) is { Exists: true } given ? given : delta.Member("partial_arguments"u8);
        if (!arguments.Exists)
        {
            return false;
        }

        if (delta.NonEmptyText("id"u8) is not null || delta.NonEmptyText("signature"u8) is not null)
        {
            _step.Add(InteractionsEnvelope.OfDelta(delta));
        }

        _output.AppendInput(_call, arguments, payload);
        return true;
    }

    private void TryStart()
    {
        var name = _call.IsStarted ? null : Step.NonEmptyText("name"u8) ?? (_isProviderCall ? InteractionsStepTypes.ToolName(_type) : null);
        if (!_call.IsStarted && name is not null)
        {
            _call.Start(Step.NonEmptyText("id"u8), name, DataOf(), isProviderExecuted: _isProviderCall);
        }
    }

    private JsonElement? DataOf() => _isProviderCall ? Step : InteractionsEnvelope.OfCall(Step);

    // Some servers give the arguments as text, others as the object that it stands for. An empty object only holds the place of the deltas to come.
    private static string? TextOf(PayloadValue arguments)
    {
        var text = arguments.IsString ? arguments.GetString() : arguments.IsMissing ? null : arguments.RawText();
        return string.IsNullOrWhiteSpace(text) || text is "{}" ? null : text;
    }
}
