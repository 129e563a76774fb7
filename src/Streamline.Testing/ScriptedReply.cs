using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Text;

namespace Streamline.Testing;

/// <summary>What a <see cref="ScriptedProvider"/> answers to one request, in the protocol of the request.</summary>
/// <remarks>
/// <para>
/// Immutable, and free to be used for several requests. It is made by a factory, continued by <c>Then…</c>, and varied by <c>with</c>:
/// </para>
/// <code>
/// ScriptedReply.Text("Let me look.")
///     .ThenToolCall("get_weather", """{"city":"Paris"}""")
///     .ThenToolCall("get_weather", """{"city":"Lyon"}""") with
///     {
///         Usage = new TokenUsage { InputTokens = 12, OutputTokens = 40 },
///         Faults = new FaultPlan { AbortAt = FaultPoint.AtByte(300) },
///     };
/// </code>
/// </remarks>
[SuppressMessage("ApiDesign", "RS0026:Do not add multiple public overloads with optional parameters", Justification = "The overloads differ in a required parameter, so a call is never ambiguous.")]
public sealed record ScriptedReply
{
    private ScriptedReply(ReplyContent content) => Content = content;

    /// <summary>Gets the HTTP status.</summary>
    /// <value>The default is 200, or the status of the error that the reply is.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not between 200 and 599.</exception>
    public HttpStatusCode StatusCode
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan((int)value, 200, nameof(StatusCode));
            ArgumentOutOfRangeException.ThrowIfGreaterThan((int)value, 599, nameof(StatusCode));
            field = value;
        }
    } = HttpStatusCode.OK;

    /// <summary>Gets the media type of the body.</summary>
    /// <value>The default is <see langword="null"/>: the one of the protocol, or <c>application/json</c> for an error.</value>
    public string? ContentType { get; init; }

    /// <summary>Gets further headers of the response; see <see cref="WithHeader"/>.</summary>
    /// <value>The default is none.</value>
    public ImmutableArray<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>Gets the model that the reply names.</summary>
    /// <value>The default is <see langword="null"/>: the one that the request asks for. Not used by replies of events or bytes.</value>
    public string? Model { get; init; }

    /// <summary>Gets the id of the response.</summary>
    /// <value>The default is <see langword="null"/>: one that holds the number of the request. Not used by replies of events or bytes.</value>
    public string? ResponseId { get; init; }

    /// <summary>Gets the token counts that the reply reports at its end.</summary>
    /// <value>The default is <see langword="null"/>: none. Not used by replies of events or bytes.</value>
    public TokenUsage? Usage { get; init; }

    /// <summary>Gets why the reply ends.</summary>
    /// <value>The default is <see langword="null"/>: <see cref="FinishReason.ToolCalls"/> when there are any, else <see cref="FinishReason.Stop"/>. Not used by replies of events or bytes.</value>
    public FinishReason? FinishReason { get; init; }

    /// <summary>Gets the protocol's own word for why the reply ends.</summary>
    /// <value>The default is <see langword="null"/>: the protocol's word for <see cref="FinishReason"/>.</value>
    public string? RawFinishReason { get; init; }

    /// <summary>Gets how much text, or text of arguments, goes into one delta.</summary>
    /// <value>In UTF-16 code units, at least 1; a surrogate pair is not split. The default is <see langword="null"/>: text goes by words, and arguments by 8.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int? FragmentLength
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value ?? 1, 1, nameof(FragmentLength));
            field = value;
        }
    }

    /// <summary>Gets the time between two events, by the clock of <see cref="ScriptedProviderOptions.TimeProvider"/>.</summary>
    /// <value>Zero or more. The default is zero.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public TimeSpan Delay
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero, nameof(Delay));
            field = value;
        }
    }

    /// <summary>Gets what goes wrong with the reply.</summary>
    /// <value>The default is <see cref="FaultPlan.None"/>.</value>
    /// <exception cref="ArgumentNullException">The value is <see langword="null"/>.</exception>
    public FaultPlan Faults
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value, nameof(Faults));
            field = value;
        }
    } = FaultPlan.None;

    internal ReplyContent Content { get; private init; }

    /// <summary>Makes a reply that says something.</summary>
    /// <param name="text">What it says. It is streamed word by word.</param>
    /// <returns>The reply.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is <see langword="null"/>.</exception>
    public static ScriptedReply Text(string text) => Empty().ThenText(text);

    /// <summary>Makes a reply that calls a tool.</summary>
    /// <param name="name">The name of the tool.</param>
    /// <param name="jsonArguments">The text of the arguments, sent as it is even when it is not JSON.</param>
    /// <param name="callId">The id of the call; <see langword="null"/> for one that no other call of the provider has.</param>
    /// <returns>The reply.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty, or an argument other than <paramref name="callId"/> is <see langword="null"/>.</exception>
    public static ScriptedReply ToolCall(string name, string jsonArguments, string? callId = null) => Empty().ThenToolCall(name, jsonArguments, callId);

    /// <summary>Makes a reply that reasons first.</summary>
    /// <param name="text">The reasoning. It is streamed word by word.</param>
    /// <param name="signature">The signature of the block; <see langword="null"/> for none.</param>
    /// <returns>The reply.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is <see langword="null"/>.</exception>
    public static ScriptedReply Reasoning(string text, string? signature = null) => Empty().ThenReasoning(text, signature);

    /// <summary>Makes a reply of given events, in the order that a decoder gives them: from <see cref="ResponseStarted"/> to <see cref="ResponseCompleted"/>.</summary>
    /// <param name="events">The events, enumerated anew for every request while it is answered; the sequence may be endless.</param>
    /// <returns>The reply.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="events"/> is <see langword="null"/>.</exception>
    public static ScriptedReply Events(params IEnumerable<StreamEvent> events)
    {
        ArgumentNullException.ThrowIfNull(events);
        return new ScriptedReply(new ReplyContent.Events(events));
    }

    /// <summary>Makes a reply of any bytes: a recorded stream, a page of HTML, nonsense.</summary>
    /// <param name="body">The body, which must not change.</param>
    /// <param name="contentType">The media type; <see langword="null"/> for the one of the protocol.</param>
    /// <returns>The reply.</returns>
    public static ScriptedReply Raw(ReadOnlyMemory<byte> body, string? contentType = null) => new(new ReplyContent.Bytes(body)) { ContentType = contentType };

    /// <summary>Makes a reply of the chunks of a recorded body.</summary>
    internal static ScriptedReply Recorded(IReadOnlyList<RecordedChunk> chunks, double speed, string? contentType) =>
        new(new ReplyContent.Recorded(chunks, speed)) { ContentType = contentType };

    /// <summary>Makes a reply of any text.</summary>
    /// <param name="body">The body, sent as UTF-8.</param>
    /// <param name="contentType">The media type; <see langword="null"/> for the one of the protocol.</param>
    /// <returns>The reply.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="body"/> is <see langword="null"/>.</exception>
    public static ScriptedReply Raw(string body, string? contentType = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        return Raw(Encoding.UTF8.GetBytes(body), contentType);
    }

    /// <summary>Makes a reply that is an error by its HTTP status, with the body that the protocol has for it.</summary>
    /// <param name="statusCode">The status, such as 429.</param>
    /// <param name="message">The provider's words.</param>
    /// <param name="code">The provider's error code or type; <see langword="null"/> for the one that the protocol has for the status, if it has any.</param>
    /// <param name="retryAfter">
    /// How long to wait, told by <c>retry-after-ms</c> and in whole seconds by <c>retry-after</c>; <see langword="null"/> to say nothing, by
    /// which Anthropic's status 429 means that a spending limit is reached and no retry helps.
    /// </param>
    /// <returns>The reply.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="message"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="statusCode"/> is not between 300 and 599, or <paramref name="retryAfter"/> is negative.</exception>
    public static ScriptedReply Error(HttpStatusCode statusCode, string message, string? code = null, TimeSpan? retryAfter = null)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentOutOfRangeException.ThrowIfLessThan((int)statusCode, 300, nameof(statusCode));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((int)statusCode, 599, nameof(statusCode));
        ArgumentOutOfRangeException.ThrowIfLessThan(retryAfter ?? TimeSpan.Zero, TimeSpan.Zero, nameof(retryAfter));
        var reply = new ScriptedReply(new ReplyContent.Error(new ScriptedError(statusCode, code, message))) { StatusCode = statusCode };
        return retryAfter is { } wait
            ? reply
                .WithHeader("retry-after-ms", wait.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture))
                .WithHeader("retry-after", Math.Ceiling(wait.TotalSeconds).ToString("0", CultureInfo.InvariantCulture))
            : reply;
    }

    /// <summary>Adds a block of text.</summary>
    /// <param name="text">What it says. It is streamed word by word.</param>
    /// <returns>A reply with the block at its end.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is <see langword="null"/>.</exception>
    /// <exception cref="InvalidOperationException">The reply is made of events, of bytes, or an error.</exception>
    public ScriptedReply ThenText(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Then(new ReplyPart.Text(text));
    }

    /// <summary>Adds a tool call.</summary>
    /// <param name="name">The name of the tool.</param>
    /// <param name="jsonArguments">The text of the arguments, sent as it is even when it is not JSON.</param>
    /// <param name="callId">The id of the call; <see langword="null"/> for one that no other call of the provider has.</param>
    /// <returns>A reply with the call at its end.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty, or an argument other than <paramref name="callId"/> is <see langword="null"/>.</exception>
    /// <exception cref="InvalidOperationException">The reply is made of events, of bytes, or an error.</exception>
    public ScriptedReply ThenToolCall(string name, string jsonArguments, string? callId = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(jsonArguments);
        return Then(new ReplyPart.ToolCall(name, jsonArguments, callId));
    }

    /// <summary>Adds a block of reasoning.</summary>
    /// <param name="text">The reasoning. It is streamed word by word.</param>
    /// <param name="signature">The signature of the block; <see langword="null"/> for none.</param>
    /// <returns>A reply with the block at its end.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is <see langword="null"/>.</exception>
    /// <exception cref="InvalidOperationException">The reply is made of events, of bytes, or an error.</exception>
    public ScriptedReply ThenReasoning(string text, string? signature = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Then(new ReplyPart.Reasoning(text, signature));
    }

    /// <summary>Adds a header to the response.</summary>
    /// <param name="name">The name of the header.</param>
    /// <param name="value">Its value.</param>
    /// <returns>A reply with the header.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is <see langword="null"/> or empty, or <paramref name="value"/> is <see langword="null"/>.</exception>
    public ScriptedReply WithHeader(string name, string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(value);
        return this with { Headers = Headers.Add(new(name, value)) };
    }

    private static ScriptedReply Empty() => new(new ReplyContent.Parts([]));

    private ScriptedReply Then(ReplyPart part) => Content is ReplyContent.Parts parts
        ? this with { Content = new ReplyContent.Parts(parts.Items.Add(part)) }
        : throw new InvalidOperationException("Only a reply that began with Text, ToolCall or Reasoning can be continued.");
}
