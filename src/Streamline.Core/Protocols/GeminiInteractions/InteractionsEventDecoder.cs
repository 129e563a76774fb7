using System.Globalization;

namespace Streamline.Protocols.GeminiInteractions;

/// <summary>Decodes the events of the Interactions API, and those of its first version, whose steps were contents.</summary>
internal sealed class InteractionsEventDecoder : ProtocolDecoder
{
    private const string Prefix = "interaction.";

    private readonly InteractionsSteps _steps;
    private readonly InteractionsMembers _members;
    private readonly InteractionsPosition _position = new();
    private readonly bool _isContinued;
    private bool _isKept;
    private string? _status;

    /// <summary>Initializes a new instance of the <see cref="InteractionsEventDecoder"/> class.</summary>
    /// <param name="options">The limits.</param>
    /// <param name="requestId">The provider's id of the HTTP request, if it gave one.</param>
    /// <param name="continuation">Where the stream was left that this one resumes; <see langword="null"/> for one that begins.</param>
    /// <param name="isBackground">Whether the interaction was asked to continue without its connection.</param>
    public InteractionsEventDecoder(StreamReadOptions options, string? requestId, InteractionsContinuation? continuation = null, bool isBackground = false)
        : base(InteractionsProtocol.ProtocolName, requestId, options, rules: null)
    {
        _steps = new InteractionsSteps(Output);
        _members = new InteractionsMembers(Output);
        _isContinued = continuation is not null;
        _isKept = isBackground || _isContinued;
        if (continuation is not null)
        {
            _position.MoveTo(continuation);
            Start(interaction: default);
            _steps.Restore(continuation.Steps);
        }
    }

    // The provider gives events ids where it keeps them.
    public override ResponseContinuationToken? ContinuationToken => _isKept && _position.InteractionId is { } id
        ? new InteractionsContinuation
        {
            InteractionId = id,
            LastEventId = _position.LastEventId,
            Events = _position.Events,
            Length = _position.Length,
            Steps = _steps.Snapshot(),
        }.ToToken()
        : null;

    protected override string Missing => !IsStarted ? "interaction.created"
        : "interaction.completed" + (_steps.OpenIndex is { } index ? string.Create(CultureInfo.InvariantCulture, $", within step {index}") : "");

    protected override bool HasAnswer => !_steps.IsEmpty;

    // Where the rest can be asked for, it is: the counts of the interaction are still missing.
    protected override bool IsEndKnown => InteractionsFinishReasons.IsFinal(_status) && ContinuationToken is null;

    protected override void EndWithBody()
    {
        _steps.EndAll();
        End(_status);
    }

    public override void Resume()
    {
        base.Resume();
        _position.Resume();
    }

    protected override void DecodePayload(ReadOnlySpan<byte> eventType, in Payload payload)
    {
        var root = payload.Root;

        // The payload is the authority; the name of the frame is a copy of it, which gateways lose.
        var type = root.Text("event_type"u8) ?? root.Text("type"u8) ?? (root.Member("error"u8).Exists ? "error" : Encoding.UTF8.GetString(eventType));
        if (type == "error")
        {
            throw ErrorReader.Read(payload.Bytes).ToInBandException(Context);
        }

        if (_position.TrySkip(root))
        {
            return;
        }

        if (DecodeEvent(type, payload))
        {
            _members.ReportEvent(root, _steps.BlockOf(root));
        }
        else
        {
            PassThrough(type, payload);
        }

        _isKept |= root.Member("event_id"u8).Exists;
        _position.Add(root);
    }

    /// <returns><see langword="false"/> for an event that is to be passed through.</returns>
    private bool DecodeEvent(string type, in Payload payload)
    {
        var root = payload.Root;
        switch (type)
        {
            case "step.start" or "content.start":
                Start(interaction: default);
                var step = root.Object(type == "step.start" ? "step"u8 : "content"u8);
                return step.Exists ? _steps.TryBegin(payload, step) : throw Without(type, "an object 'step'");
            case "step.delta" or "content.delta":
                Start(interaction: default);
                return TryAppend(payload);
            case "step.stop" or "content.stop":
                Start(interaction: default);
                UpdateUsage(root.Object("usage"u8));
                _steps.End(root);
                return true;
            default:
                return type.StartsWith(Prefix, StringComparison.Ordinal) ? TryDecodeInteraction(type, payload) : PassUnlessError(root);
        }
    }

    private bool PassUnlessError(PayloadValue root)
    {
        ThrowIfError(root, hasContent: false);
        return false;
    }

    private bool TryAppend(in Payload payload)
    {
        var delta = payload.Root.Object("delta"u8);
        UpdateUsage(payload.Root.Object("metadata"u8).Object("total_usage"u8));
        if (!delta.Exists || !_steps.TryAppend(payload, delta))
        {
            return false;
        }

        _members.ReportDelta(delta, _steps.BlockOf(payload.Root));
        return true;
    }

    private bool TryDecodeInteraction(string type, in Payload payload)
    {
        var root = payload.Root;
        var interaction = root.Object("interaction"u8);
        var status = (interaction.Exists ? interaction : root).NonEmptyText("status"u8);
        switch (type[Prefix.Length..])
        {
            case "created" or "start":
                Start(interaction);
                _status = status;
                return true;
            case "status_update":
                StartFrom(root);
                UpdateUsage(root.Object("usage"u8));
                UpdateStatus(root.Member("status"u8));
                return true;
            case "completed" or "complete":
                End(payload, interaction, status ?? InteractionsFinishReasons.Completed);
                return true;
            case var word when InteractionsFinishReasons.IsFinal(word):
                End(payload, interaction, status ?? word);
                return true;
            case InteractionsFinishReasons.InProgress or InteractionsFinishReasons.Queued:
                StartFrom(root);
                return true;
            default:
                return false;
        }
    }

    private void UpdateStatus(PayloadValue status)
    {
        var word = status.GetString();
        if (word != _status && !InteractionsFinishReasons.IsFinal(word))
        {
            _members.ReportStatus(status);
        }

        _status = word ?? _status;
    }

    private void StartFrom(PayloadValue root)
    {
        _position.InteractionId ??= root.NonEmptyText("interaction_id"u8);
        Start(interaction: default);
    }

    private void Start(PayloadValue interaction)
    {
        if (!IsStarted)
        {
            _isKept |= interaction.Member("background"u8).GetBoolean() == true;
            _position.InteractionId = interaction.NonEmptyText("id"u8) ?? _position.InteractionId;
            var isTime = DateTimeOffset.TryParse(interaction.Text("created"u8), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var created);
            Start(_position.InteractionId, interaction.NonEmptyText("model"u8) ?? interaction.NonEmptyText("agent"u8), isTime ? created : null);
        }
    }

    private void End(in Payload payload, PayloadValue interaction, string status)
    {
        Start(interaction);
        var usage = interaction.Object("usage"u8);
        UpdateUsage(usage);
        if (status == InteractionsFinishReasons.Failed)
        {
            _isKept = false;
            throw (FindError(payload.Root, interaction) ?? new ProviderError { Code = status, Message = "The interaction failed." }).ToInBandException(Context);
        }

        // A server that sends no steps one by one has them here.
        if (_steps.IsEmpty && !_isContinued)
        {
            _steps.AddAll(payload, interaction.Array("steps"u8) is { Exists: true } steps ? steps : interaction.Array("outputs"u8));
        }

        _steps.EndAll();
        _members.ReportInteraction(interaction);
        if (UsageReader.HasMoreThanCounts(usage))
        {
            Output.Emit(new ProviderMetadata { Name = "usage", Value = usage.ToElement() });
        }

        End(status);
    }

    private void End(string? status)
    {
        _isKept = false;
        End(new ResponseCompleted
        {
            FinishReason = InteractionsFinishReasons.Read(status, _steps.IsAwaitingAnswers),
            RawFinishReason = status,
            Usage = Usage.Current,
        });
    }

    private static ProviderError? FindError(PayloadValue root, PayloadValue interaction)
    {
        foreach (var error in interaction.Array("errors"u8).Items)
        {
            return ErrorReader.Read(error.RawBytes);
        }

        return ErrorReader.ReadPayload(interaction, hasContent: true) ?? ErrorReader.ReadPayload(root, hasContent: true);
    }
}
