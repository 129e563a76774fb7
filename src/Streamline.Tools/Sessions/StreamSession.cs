using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Streamline.Tools;

namespace Streamline;

/// <summary>
/// A long-lived conversation: turns run in the background, messages can be sent, queued, steered into the turn that runs or interrupt it, and any number of observers watch.
/// </summary>
/// <remarks>
/// Thread-safe. The session does not own its client. Messages that steer are delivered between the rounds of a client with <c>UseTools</c>; without tools, after the answer.
/// </remarks>
[SuppressMessage("ApiDesign", "RS0026:Do not add multiple public overloads with optional parameters", Justification = "The overloads differ in a required parameter, so a call is never ambiguous.")]
public sealed class StreamSession : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly IStreamClient _client;
    private readonly StreamSessionOptions _options;
    private readonly SessionConversation _conversation;
    private readonly SessionMailbox _mailbox;
    private readonly SessionObservers _observers;
    private SessionTurn? _turn;
    private bool _isDisposed;

    /// <summary>Begins a session.</summary>
    /// <param name="client">The client, usually with <c>UseTools</c>.</param>
    /// <param name="options">How the session works; <see langword="null"/> for the defaults.</param>
    /// <param name="history">The conversation to continue, such as the messages of a <see cref="SessionSnapshot"/>; <see langword="null"/> for none.</param>
    /// <exception cref="ArgumentNullException"><paramref name="client"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">The chat options resume a response, or name a conversation that the provider keeps itself.</exception>
    public StreamSession(IStreamClient client, StreamSessionOptions? options = null, IEnumerable<ChatMessage>? history = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        _client = client;
        _options = options?.Copy() ?? new StreamSessionOptions();
        if (_options.FindOptionOfOneRequest() is { } found)
        {
            throw new ArgumentException($"A session keeps the conversation itself; found a {found} in its {nameof(StreamSessionOptions.ChatOptions)}.", nameof(options));
        }

        var metadata = client.GetService(typeof(StreamClientMetadata)) as StreamClientMetadata ?? new StreamClientMetadata { Provider = "" };
        _conversation = new SessionConversation(history ?? [], metadata.MaxRetainedChars);
        _observers = new SessionObservers(_lock, MakeSnapshot);
        _mailbox = new SessionMailbox(_lock, _options.MaxPending, _observers.Publish);
    }

    /// <summary>Gets the session as it is now.</summary>
    public SessionSnapshot Snapshot
    {
        get
        {
            lock (_lock)
            {
                return MakeSnapshot();
            }
        }
    }

    /// <summary>Restores a session that <see cref="Save"/> has written, also in another process.</summary>
    /// <param name="client">The client.</param>
    /// <param name="json">What was saved.</param>
    /// <param name="options">How the session works; <see langword="null"/> for the defaults.</param>
    /// <returns>The session, idle. The messages that waited are delivered by <see cref="Continue"/>, or after the next message.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="client"/> or <paramref name="json"/> is <see langword="null"/>.</exception>
    /// <exception cref="JsonException"><paramref name="json"/> is not what was saved.</exception>
    public static StreamSession Restore(IStreamClient client, string json, StreamSessionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(json);
        var saved = SavedSession.Parse(json);
        var session = new StreamSession(client, options, saved.Messages);
        session._conversation.Restore(saved.Turns, saved.Usage);
        foreach (var (kind, message) in saved.Pending)
        {
            session._mailbox.Restore(kind, message);
        }

        return session;
    }

    /// <summary>Writes the session as JSON: the conversation, the messages that wait, and the token counts. A turn that runs is written as if it ended now.</summary>
    /// <returns>The JSON, for <see cref="Restore"/>. It holds what users and model said.</returns>
    public string Save() => SavedSession.Write(Snapshot);

    /// <summary>Sends a message while the session is idle, and waits for the end of its turn.</summary>
    /// <param name="message">The message of the user.</param>
    /// <param name="cancellationToken">Cancels the turn. Messages that wait are delivered after it.</param>
    /// <returns>How the turn ended, and the answer.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="message"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException"><paramref name="message"/> is empty or blank.</exception>
    /// <exception cref="InvalidOperationException">A turn runs. Queue the message, steer with it, or interrupt the turn.</exception>
    /// <exception cref="ObjectDisposedException">The session is disposed.</exception>
    /// <exception cref="StreamlineException">The stream failed, or is longer than <see cref="StreamClientMetadata.MaxRetainedChars"/>. What had arrived is kept in the conversation.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled. What had arrived is kept in the conversation.</exception>
    public async Task<SessionTurnEnded> SendAsync(ChatMessage message, CancellationToken cancellationToken = default)
    {
        SessionMessage.ThrowIfBlank(message);
        cancellationToken.ThrowIfCancellationRequested();
        SessionTurn turn;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_turn is not null)
            {
                throw new InvalidOperationException("A turn is running. Queue the message, steer with it, or interrupt the turn.");
            }

            turn = Start([_mailbox.Make(SessionMessageKind.Send, message)]);
        }

        var registration = cancellationToken.UnsafeRegister(static turn => ((SessionTurn)turn!).Cancel(), turn);
        await using (registration.ConfigureAwait(false))
        {
            var ended = await turn.Ended.ConfigureAwait(false);
            if (ended is { End: SessionTurnEnd.Failed, Failure: { } failure })
            {
                ExceptionDispatchInfo.Throw(failure);
            }

            if (ended.End == SessionTurnEnd.Stopped)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            return ended;
        }
    }

    /// <summary>Sends a text while the session is idle, and waits for the end of its turn.</summary>
    /// <inheritdoc cref="SendAsync(ChatMessage, CancellationToken)"/>
    /// <param name="text">The text of the user's message.</param>
    /// <param name="cancellationToken">Cancels the turn.</param>
    public Task<SessionTurnEnded> SendAsync(string text, CancellationToken cancellationToken = default) =>
        SendAsync(new ChatMessage(ChatRole.User, text ?? throw new ArgumentNullException(nameof(text))), cancellationToken);

    /// <summary>Has a message delivered after the turn that runs, as its own turn; at once if none runs.</summary>
    /// <param name="message">The message of the user.</param>
    /// <returns>The message, which can be changed while it waits.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="message"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException"><paramref name="message"/> is empty or blank.</exception>
    /// <exception cref="ObjectDisposedException">The session is disposed.</exception>
    public SessionMessage Queue(ChatMessage message) => Add(SessionMessageKind.Queue, message);

    /// <summary>Has a message delivered at the next boundary of the turn that runs: after the tools of the round, or after the answer; at once if no turn runs.</summary>
    /// <param name="message">The message of the user.</param>
    /// <returns>The message, which can be changed while it waits.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="message"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException"><paramref name="message"/> is empty or blank.</exception>
    /// <exception cref="ObjectDisposedException">The session is disposed.</exception>
    public SessionMessage Steer(ChatMessage message) => Add(SessionMessageKind.Steer, message);

    /// <summary>Cuts off the turn that runs, and has a message delivered in its place.</summary>
    /// <param name="message">The message of the user.</param>
    /// <param name="keepPartial">Whether the part of the answer that had arrived stays in the conversation. Rounds that had ended, and those of which a tool has started, stay in any case.</param>
    /// <returns>The message. It is delivered when the tools that run have stopped, or were abandoned. As many interruptions may wait as other messages.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="message"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException"><paramref name="message"/> is empty or blank.</exception>
    /// <exception cref="ObjectDisposedException">The session is disposed.</exception>
    public SessionMessage InterruptAndSend(ChatMessage message, bool keepPartial = true) => Add(SessionMessageKind.Interrupt, message, keepPartial);

    /// <summary>Delivers messages that wait while no turn runs, which is so only after <see cref="Restore"/>.</summary>
    /// <returns>Whether a turn began.</returns>
    /// <exception cref="ObjectDisposedException">The session is disposed.</exception>
    public bool Continue()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_turn is not null || _mailbox.IsEmpty)
            {
                return false;
            }

            Start(_mailbox.TakeNext());
            return true;
        }
    }

    /// <summary>Ends the turn that runs. Messages that wait are not delivered; their outcomes say so.</summary>
    /// <param name="when">When the turn ends.</param>
    /// <returns>Completes when no turn runs any more. It does not fail.</returns>
    public async Task StopAsync(SessionStop when = SessionStop.Now)
    {
        SessionTurn? turn;
        lock (_lock)
        {
            turn = _turn;
            if (turn is null)
            {
                _mailbox.Drop(SessionUndelivered.Stopped);
                return;
            }

            turn.IsStopping = true;
            turn.IsInterrupted = false;
        }

        if (when == SessionStop.Now)
        {
            await turn.CancelAsync().ConfigureAwait(false);
        }

        await turn.Ended.ConfigureAwait(false);
    }

    /// <summary>Waits until no turn runs. Messages that wait in a restored session begin none before <see cref="Continue"/>.</summary>
    /// <param name="cancellationToken">Ends the waiting, not the session.</param>
    /// <returns>Completes when the session is idle. It does not fail when a turn does.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public async Task WhenIdleAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            SessionTurn? turn;
            lock (_lock)
            {
                turn = _turn;
            }

            if (turn is null)
            {
                return;
            }

            await turn.Ended.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Watches the session: its state so far, and then what happens.</summary>
    /// <param name="policy">What the session does when this observer is slower than the stream.</param>
    /// <param name="capacity">How many events may wait for this observer, at least 1.</param>
    /// <param name="cancellationToken">Ends the watching, not the session.</param>
    /// <returns>A <see cref="SessionSnapshot"/> and the events after it, until the session is disposed. Each enumeration is an observer of its own.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="capacity"/> is less than 1.</exception>
    public IAsyncEnumerable<SessionEvent> ObserveAsync(SessionObserverPolicy policy = SessionObserverPolicy.Wait, int capacity = 256, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        return new SessionEvents(_observers, policy, capacity, cancellationToken);
    }

    /// <summary>Stops the session at once and ends its observers. The client is left open.</summary>
    /// <returns>Completes when the turn that ran has ended.</returns>
    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            _isDisposed = true;
        }

        try
        {
            await StopAsync().ConfigureAwait(false);
        }
        finally
        {
            lock (_lock)
            {
                _observers.Complete();
            }
        }
    }

    private SessionMessage Add(SessionMessageKind kind, ChatMessage message, bool keepPartial = true)
    {
        SessionMessage.ThrowIfBlank(message);
        SessionTurn? interrupted = null;
        SessionMessage added;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            added = _mailbox.Make(kind, message);
            if (!_mailbox.TryAdd(added))
            {
                return added;
            }

            if (_turn is null)
            {
                Start(_mailbox.TakeNext());
            }
            else if (kind == SessionMessageKind.Interrupt && !_turn.IsStopping)
            {
                interrupted = _turn;
                interrupted.IsInterrupted = true;
                interrupted.DropsPartial |= !keepPartial;
            }
        }

        interrupted?.Cancel();
        return added;
    }

    private SessionTurn Start(List<SessionMessage> messages)
    {
        var turn = Begin(messages);
        _ = Task.Run(() => RunAsync(turn), CancellationToken.None);
        return turn;
    }

    private SessionTurn Begin(List<SessionMessage> messages)
    {
        _turn = _conversation.Begin(messages.Select(message => message.Message));
        _observers.Publish(new SessionTurnStarted(_turn.Number));
        _mailbox.Deliver(messages, _turn.Number, round: 1);
        return _turn;
    }

    private async Task RunAsync(SessionTurn? turn)
    {
        while (turn is not null)
        {
            Exception? failure = null;
            try
            {
                await StreamAsync(turn).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                failure = exception;
            }

            lock (_lock)
            {
                turn = End(turn, failure);
            }
        }
    }

    private async Task StreamAsync(SessionTurn turn)
    {
        var cancellationToken = turn.Token;
        var history = await SessionHistory.ShortenAsync(turn.History, turn.Opening, _options, cancellationToken).ConfigureAwait(false);
        StreamRequest request;
        lock (_lock)
        {
            turn.History = history;
            request = new StreamRequest
            {
                Messages = [.. history, .. turn.Opening],
                Options = _options.ChatOptions,
                Items = new Dictionary<object, object> { [typeof(RoundBoundary)] = new SessionBoundary(_lock, turn, _mailbox) },
            };
        }

        await foreach (var streamEvent in _client.StreamAsync(request, cancellationToken).ConfigureAwait(false))
        {
            SessionObserver[] observers;
            lock (_lock)
            {
                turn.Apply(streamEvent);
                _observers.Publish(new SessionStreamEvent(turn.Number, streamEvent));
                observers = _observers.ToArray();
            }

            foreach (var observer in observers)
            {
                await observer.RoomAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Ends a turn.</summary>
    /// <returns>The next one, if a message waits for it.</returns>
    private SessionTurn? End(SessionTurn turn, Exception? failure)
    {
        failure ??= turn.FindFoldFailure();

        // Some clients fail in a way of their own when they are cancelled.
        var wasCut = failure is not null && turn.Token.IsCancellationRequested;
        var end = failure is null ? (turn.IsStopping ? SessionTurnEnd.Stopped : SessionTurnEnd.Completed)
            : !wasCut ? SessionTurnEnd.Failed
            : turn.IsInterrupted ? SessionTurnEnd.Interrupted
            : SessionTurnEnd.Stopped;
        turn.DropsPartial &= end == SessionTurnEnd.Interrupted;
        if (end == SessionTurnEnd.Failed)
        {
            turn.LeaveOutUnsendable(failure!);
        }

        var response = turn.ToResponse(isOpen: failure is null);
        _conversation.Add(turn, response);
        _turn = null;
        var ended = new SessionTurnEnded(turn.Number, end, response, wasCut && failure is OperationCanceledException ? null : failure);
        _observers.Publish(ended);
        if (_isDisposed || turn.IsStopping || end == SessionTurnEnd.Failed)
        {
            _mailbox.Drop(end == SessionTurnEnd.Failed ? SessionUndelivered.TurnFailed : SessionUndelivered.Stopped);
        }

        var next = _mailbox.IsEmpty ? null : Begin(_mailbox.TakeNext());
        turn.End(ended);
        return next;
    }

    private SessionSnapshot MakeSnapshot() => _conversation.ToSnapshot(_turn, [.. _mailbox.InOrder]);
}
