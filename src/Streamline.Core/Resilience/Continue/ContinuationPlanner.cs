using System.Net;
using Microsoft.Extensions.AI;

namespace Streamline.Resilience;

/// <summary>
/// Decides how a response that was cut is continued, and makes the request. For one response; what a provider or a seam has refused is not tried again. The client may change from one
/// continuation to the next, as long as each request is made for the client that is asked.
/// </summary>
/// <param name="options">The options.</param>
/// <param name="refusals">The models that are known to refuse a prefill.</param>
internal sealed class ContinuationPlanner(ContinueOptions options, PrefillRefusals refusals)
{
    private const int LastWordsLength = 60;

    private readonly HashSet<(ResumeStrategy Strategy, string Provider, string? Model)> _refused = [];

    /// <summary>Finds how a response can be continued that broke, or was ended by its limit.</summary>
    /// <param name="client">The client that is to be asked.</param>
    /// <param name="request">The request of the response, as that client is to be asked it.</param>
    /// <param name="state">What was shown of the response.</param>
    /// <param name="priorUsage">The counts that were reported for it.</param>
    /// <param name="obstacle">Why it cannot be continued; empty when it can.</param>
    /// <returns><see langword="null"/> when it cannot.</returns>
    public Continuation? Plan(IStreamClient client, StreamRequest request, StreamState state, TokenUsage? priorUsage, out string obstacle)
    {
        var answer = CutAnswer.Read(state);
        if ((answer.Obstacle ?? ContinuableRequest.FindObstacle(request)) is { } found)
        {
            obstacle = found;
            return null;
        }

        var support = client.GetService(typeof(IPrefillSource)) is IPrefillSource source ? source.FindPrefill(request) : PrefillSupport.Unknown;
        if (WholeOf(request, answer.Text, support) is not { } whole)
        {
            obstacle = "nothing is certain to be new of it yet";
            return null;
        }

        obstacle = "";
        var target = Target.Of(client, request);
        if (AcceptsPrefill(request, answer, target, support))
        {
            var (sent, unsent) = Split(whole, support.TrimsWhiteSpace);
            var prefilled = Extend(request, sent);
            var message = ((TextContent)prefilled.Messages[^1].Contents[^1]).Text;
            return new Continuation(
                ResumeStrategy.Prefill, prefilled with { ContinuesLastMessage = true }, answer, priorUsage, new PrefillJoint(message, unsent, support.MayRepeat), options.AllowUnsureSeams);
        }

        if (options.AllowStitching && !_refused.Contains((ResumeStrategy.Stitch, target.Provider, target.Model)))
        {
            var (sent, _) = Split(whole, trimsWhiteSpace: false);
            var prompt = options.CreatePrompt(new ContinuationContext(request, sent, LastWordsOf(sent)))
                ?? throw new InvalidOperationException($"{nameof(ContinueOptions)}.{nameof(ContinueOptions.CreatePrompt)} returned no message.");
            var asking = Extend(request, sent, prompt) with { ContinuesLastMessage = false };
            return new Continuation(ResumeStrategy.Stitch, asking, answer, priorUsage, new StitchJoint(whole, options.MinOverlap, options.MaxHeldChars), options.AllowUnsureSeams);
        }

        obstacle = "the model takes no prefill";
        return null;
    }

    /// <summary>Finds how a turn is continued that the provider paused: it is sent back as it is.</summary>
    /// <returns><see langword="null"/> when the application has to act first.</returns>
    public static Continuation? PlanPaused(StreamRequest request, StreamState state, TokenUsage? priorUsage) =>
        state.IsRetentionExceeded || state.Blocks.Count == 0 || state.Blocks.Any(block => block is { CallId: not null, IsProviderExecuted: false } || block.Choice != 0)
            ? null
            : new Continuation(ResumeStrategy.PausedTurn, Without(request, [.. request.Messages, state.ToChatMessage()]), CutAnswer.Read(state), priorUsage, joint: null, allowsUnsure: true);

    /// <summary>Notes that a continuation was refused, if it was: by its provider, or because its seam was unsure. Another way may be planned then.</summary>
    /// <param name="continuation">The continuation, nothing of which has been shown.</param>
    /// <param name="client">The client that was asked.</param>
    /// <param name="exception">What ended it.</param>
    /// <returns><see langword="false"/> for a failure that says nothing about the way.</returns>
    public bool Refuse(Continuation continuation, IStreamClient client, Exception exception)
    {
        var error = exception as ProviderException;
        if (exception is not UnsureSeamException && error is not { IsRetryable: false, StatusCode: HttpStatusCode.BadRequest or HttpStatusCode.NotFound or HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.UnprocessableEntity })
        {
            return false;
        }

        var target = Target.Of(client, continuation.Request);
        _refused.Add((continuation.Strategy, target.Provider, target.Model));
        if (error is not null && continuation.Strategy == ResumeStrategy.Prefill)
        {
            refusals.Learn(target.Provider, target.Model, error);
        }

        return true;
    }

    /// <summary>
    /// Gives the text of the message that was cut. Where the request itself continues a message, it begins with that one: the server may have repeated it, in which case it is in what
    /// was shown.
    /// </summary>
    /// <returns><see langword="null"/> when it is not certain whether the server was repeating it.</returns>
    private static string? WholeOf(StreamRequest request, string shown, PrefillSupport support)
    {
        var before = request.ContinuesLastMessage ? TextBefore(request) : "";
        var mayRepeat = support.MayRepeat && before.Length >= PrefillJoint.MinRepeated;
        return mayRepeat && before.StartsWith(shown, StringComparison.Ordinal) ? null
            : mayRepeat && shown.StartsWith(before, StringComparison.Ordinal) ? shown
            : before + shown;
    }

    /// <summary>Gets the text of the message of the assistant that a request ends with; empty when it ends with another one.</summary>
    private static string TextBefore(StreamRequest request) => request.Messages is [.., { Contents: [.., TextContent last] } message] && message.Role == ChatRole.Assistant ? last.Text : "";

    private bool AcceptsPrefill(StreamRequest request, CutAnswer answer, Target target, PrefillSupport support)
    {
        var mayReason = answer.HasReasoning || ContinuableRequest.MayReason(request);
        return (options.AcceptsPrefill?.Invoke(request) ?? support.IsKnown)
            && (support.AllowsReasoning || !mayReason)
            && !refusals.Contains(target.Provider, target.Model)
            && !_refused.Contains((ResumeStrategy.Prefill, target.Provider, target.Model));
    }

    /// <summary>Divides the text that was shown into what can be sent as the beginning of a message, and what cannot.</summary>
    private static (string Sent, string Unsent) Split(string text, bool trimsWhiteSpace)
    {
        // Half of a surrogate pair has no form in UTF-8.
        var length = text.Length - (char.IsHighSurrogate(text[^1]) ? 1 : 0);
        length = trimsWhiteSpace ? text.AsSpan(0, length).TrimEnd().Length : length;
        return (text[..length], text[length..]);
    }

    /// <summary>Adds what was shown to the conversation, as a message of the assistant or as the end of the one that the request ends with.</summary>
    private static StreamRequest Extend(StreamRequest request, string text, ChatMessage? prompt = null)
    {
        List<ChatMessage> messages = [.. request.Messages];
        if (messages.Count > 0 && messages[^1].Role == ChatRole.Assistant && messages[^1].Contents is [.., TextContent last])
        {
            var joined = messages[^1].Clone();
            joined.Contents = [.. joined.Contents.SkipLast(1), new TextContent(request.ContinuesLastMessage ? text : last.Text.TrimEnd() + text)];
            messages[^1] = joined;
        }
        else
        {
            messages.Add(new ChatMessage(ChatRole.Assistant, text));
        }

        return Without(request, prompt is null ? messages : [.. messages, prompt]);
    }

    // A continuation that the provider kept would have to be resumed as a part of this one.
    private static StreamRequest Without(StreamRequest request, List<ChatMessage> messages)
    {
        var options = request.Options;
        if (options?.AllowBackgroundResponses == true)
        {
            options = options.Clone();
            options.AllowBackgroundResponses = null;
        }

        return request with { Messages = messages, Options = options };
    }

    private static string LastWordsOf(string text)
    {
        var end = text.AsSpan(Math.Max(0, text.Length - LastWordsLength));
        var space = end.Length < text.Length ? end.IndexOfAny(' ', '\n') : -1;
        return (space >= 0 && space < end.Length / 2 ? end[(space + 1)..] : char.IsLowSurrogate(end[0]) ? end[1..] : end).ToString();
    }

    /// <summary>Who is asked.</summary>
    private readonly record struct Target(string Provider, string? Model)
    {
        public static Target Of(IStreamClient client, StreamRequest request)
        {
            var metadata = client.GetService(typeof(StreamClientMetadata)) as StreamClientMetadata;
            return new(metadata?.Provider ?? "", request.Options?.ModelId ?? metadata?.DefaultModel);
        }
    }
}
