using System.Text.Json;
using Streamline.Protocols;
using Streamline.Protocols.OpenAIChat;
using Streamline.Protocols.Shared;

namespace Streamline.Tests.Protocols.OpenAIChat;

/// <summary>One thing that happens in a generated response. What cannot happen where it stands is left out.</summary>
internal sealed record OpenAIChatStep(OpenAIChatStepKind Kind, int Choice, string Text);

internal enum OpenAIChatStepKind
{
    Text,
    Reasoning,
    SignedReasoning,
    EncryptedReasoning,
    Refusal,
    Citation,
    Call,
    CustomCall,
    Arguments,
    Usage,
    Fingerprint,
    LogProbs,
    Audio,
    FilterResults,
}

/// <summary>Turns steps into a sequence of events in the one order in which a decoder of this wire gives them.</summary>
internal sealed class OpenAIChatCanonicalSequence
{
    private static readonly string?[] Words = ["stop", "length", "tool_calls", "content_filter", "weird", null];

    private readonly List<StreamEvent> _events = [];
    private readonly SortedDictionary<int, Answer> _answers = new() { [0] = new Answer() };
    private TokenUsage? _usage;
    private int _nextIndex;

    private OpenAIChatCanonicalSequence()
    {
    }

    public static List<StreamEvent> Build(IReadOnlyList<OpenAIChatStep> steps, int variant)
    {
        var sequence = new OpenAIChatCanonicalSequence();
        sequence._events.Add(new ResponseStarted
        {
            Provider = "openai",
            ResponseId = variant % 3 == 0 ? null : "c1",
            Model = variant % 5 == 0 ? null : "m",
        });
        for (var i = 0; i < steps.Count; i++)
        {
            sequence.Add(steps[i], i);
        }

        sequence.End(variant);
        return sequence._events;
    }

    private void Add(OpenAIChatStep step, int number)
    {
        if (!_answers.TryGetValue(step.Choice, out var answer))
        {
            _answers.Add(step.Choice, answer = new Answer());
        }

        switch (step.Kind)
        {
            case OpenAIChatStepKind.Text:
                _events.Add(new TextDelta { Index = Open(answer, step, ContentKind.Text), Text = step.Text });
                break;
            case OpenAIChatStepKind.Refusal:
                answer.HasRefusal = true;
                _events.Add(new RefusalDelta { Index = Open(answer, step, ContentKind.Refusal), Text = step.Text });
                break;
            case OpenAIChatStepKind.Citation:
                _events.Add(new CitationAdded { Index = Open(answer, step, ContentKind.Text), Citation = Json(new { type = "url_citation", title = step.Text }) });
                break;
            case OpenAIChatStepKind.Reasoning:
                var plain = JsonElement.Parse("""{"type":"reasoning_content"}""");
                _events.Add(new ReasoningDelta { Index = Open(answer, step, ContentKind.Reasoning, plain), Text = step.Text });
                break;
            case OpenAIChatStepKind.SignedReasoning:
                AddSignedReasoning(answer, step, number);
                break;
            case OpenAIChatStepKind.EncryptedReasoning:
                Open(answer, step, ContentKind.RedactedReasoning, Json(new { type = "reasoning.encrypted", data = step.Text, index = number }));
                Close(answer);
                break;
            case OpenAIChatStepKind.Call or OpenAIChatStepKind.CustomCall:
                AddCall(answer, step, number);
                break;
            case OpenAIChatStepKind.Arguments:
                answer.Calls.LastOrDefault(call => call.GetHashCode() % 2 == number % 2, answer.Calls.LastOrDefault()!)?.AppendTo(_events, step.Text);
                break;
            default:
                AddAside(answer, step, number);
                break;
        }
    }

    // On this wire a signature speaks of all the reasoning right before it.
    private void AddSignedReasoning(Answer answer, OpenAIChatStep step, int number)
    {
        var index = Open(answer, step, ContentKind.Reasoning, Json(new { type = number % 2 == 0 ? "reasoning.text" : "reasoning.summary", format = "f", index = number }));
        answer.Signature = step.Text;
        _events.Add(new ReasoningDelta { Index = index, Text = step.Text });
    }

    private void AddCall(Answer answer, OpenAIChatStep step, int number)
    {
        Close(answer);
        var started = new ToolCallStarted
        {
            Index = _nextIndex++,
            CallId = $"call{number}",
            Name = step.Text,
            Choice = step.Choice,
            ProviderData = step.Kind == OpenAIChatStepKind.CustomCall ? Json(new { type = "custom" })
                : number % 3 == 0 ? Json(new { extra_content = new { google = step.Text } })
                : null,
        };
        _events.Add(started);
        answer.Calls.Add(new Call(started));
    }

    private void AddAside(Answer answer, OpenAIChatStep step, int number)
    {
        var prefix = step.Choice == 0 ? "" : $"choices[{step.Choice}].";
        switch (step.Kind)
        {
            case OpenAIChatStepKind.Usage:
                _usage = new TokenUsage
                {
                    InputTokens = number + 1,
                    OutputTokens = step.Text.Length + 1,
                    TotalTokens = number + step.Text.Length + 2,
                    ReasoningTokens = number % 2 == 0 ? 1 : _usage?.ReasoningTokens,
                    AdditionalCounts = number % 3 == 0
                        ? new Dictionary<string, long> { ["a.b"] = 1, ["prompt_tokens_details.audio_tokens"] = 2 }
                        : _usage?.AdditionalCounts,
                };
                _events.Add(new UsageUpdated { Usage = _usage });
                break;
            case OpenAIChatStepKind.Fingerprint:
                _events.Add(new ProviderMetadata { Name = "system_fingerprint", Value = Json($"{step.Text}{number}") });
                break;
            case OpenAIChatStepKind.LogProbs:
                _events.Add(new ProviderMetadata { Name = prefix + "logprobs", Value = Json(new { content = new[] { step.Text } }), Index = answer.Open?.Index });
                break;
            case OpenAIChatStepKind.Audio:
                _events.Add(new ProviderMetadata { Name = prefix + "delta.audio", Value = Json(new { data = step.Text }), Index = answer.Open?.Index });
                break;
            case OpenAIChatStepKind.FilterResults:
                _events.Add(new ProviderMetadata { Name = prefix + "content_filter_results", Value = Json(new { hate = number }) });
                break;
            default:
                throw new InvalidOperationException($"No such step: {step.Kind}.");
        }
    }

    private int Open(Answer answer, OpenAIChatStep step, ContentKind kind, JsonElement? raw = null)
    {
        if (answer.Open is { } open && open.Kind == kind && answer.Signature is null && Type(raw) == Type(answer.Raw))
        {
            return open.Index;
        }

        Close(answer);
        answer.Open = new ContentStarted { Index = _nextIndex++, Kind = kind, Choice = step.Choice, ProviderData = kind == ContentKind.Reasoning ? raw : null };
        answer.Raw = raw;
        _events.Add(answer.Open);
        return answer.Open.Index;
    }

    private void Close(Answer answer)
    {
        if (answer.Open is { } open)
        {
            _events.Add(new ContentCompleted { Index = open.Index, Kind = open.Kind, Signature = answer.Signature, Raw = answer.Raw });
        }

        (answer.Open, answer.Raw, answer.Signature) = (null, null, null);
    }

    private void End(int variant)
    {
        var word = Words[variant % Words.Length];
        word = _answers.Count > 1 ? word ?? "stop" : word;
        foreach (var number in _answers.Keys.Where(number => number > 0))
        {
            _events.Add(new ProviderMetadata { Name = $"choices[{number}].finish_reason", Value = Json("length") });
        }

        foreach (var answer in _answers.Values)
        {
            Close(answer);
            _events.AddRange(answer.Calls.Select(call => call.Completed));
        }

        if (word is not null && variant % 2 == 0)
        {
            _usage = (_usage ?? new TokenUsage()) with { InputTokens = variant + 1, OutputTokens = 1_000_000, TotalTokens = 7 };
            _events.Add(new UsageUpdated { Usage = _usage });
        }

        _events.Add(new ResponseCompleted { FinishReason = Meaning(word, _answers[0]), RawFinishReason = word, Usage = _usage });
    }

    private static FinishReason Meaning(string? word, Answer first) => word switch
    {
        "stop" when first.Calls.Count > 0 => FinishReason.ToolCalls,
        "stop" when first.HasRefusal => FinishReason.Refusal,
        "stop" => FinishReason.Stop,
        "length" => FinishReason.Length,
        "tool_calls" => FinishReason.ToolCalls,
        "content_filter" => FinishReason.ContentFilter,
        _ => FinishReason.Other,
    };

    private static string? Type(JsonElement? raw) => raw is { } form ? form.GetProperty("type").GetString() : null;

    private static JsonElement Json<T>(T value) => JsonSerializer.SerializeToElement(value);

    private sealed class Answer
    {
        public ContentStarted? Open { get; set; }

        public JsonElement? Raw { get; set; }

        public string? Signature { get; set; }

        public bool HasRefusal { get; set; }

        public List<Call> Calls { get; } = [];
    }

    private sealed class Call(ToolCallStarted started)
    {
        private readonly ToolCallAssembler _assembler = new(started, new StreamReadOptions(), FreeFormInput.IsOfFreeForm(started.ProviderData));

        public StreamEvent Completed => _assembler.Complete(isVerbatim: true);

        public override int GetHashCode() => started.Index;

        public void AppendTo(List<StreamEvent> events, string text) => events.Add(_assembler.Append(text));
    }
}
