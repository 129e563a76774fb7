using System.Globalization;
using Microsoft.Extensions.AI;
using Streamline.Protocols;
using Streamline.Testing;
using Streamline.TestSupport;

namespace Streamline.Tools.Tests.Composition;

/// <summary>One conversation with random tool rounds, over a connection with random faults, read by a consumer with random manners.</summary>
internal sealed class RandomExchange : IDisposable
{
    private const int MaxRounds = 3;

    private readonly Random _random;
    private readonly int _seed;
    private readonly StreamProtocol _protocol;
    private readonly RandomTools _tools = new();
    private readonly ManualTimeProvider _time = new();
    private readonly ScriptedProvider _provider;
    private readonly List<Round> _rounds;
    private readonly int _faultsPerTen;
    private readonly List<StreamEvent> _seen = [];
    private readonly CancellationTokenSource _ofCall = new();
    private readonly CancellationTokenSource _ofEnumeration = new();
    private readonly Exit _exit;
    private readonly bool _cancelsCall;
    private readonly bool _hasBothTokens;
    private readonly int _exitAfter;
    private readonly bool _isSlow;
    private readonly MaxRoundsAction _atMaxRounds;
    private readonly TimeSpan _gracePeriod;
    private readonly HashSet<string> _deferred = new(StringComparer.Ordinal);
    private bool _timePassed;
    private bool _isUnanswered;

    private RandomExchange(StreamProtocol protocol, int seed)
    {
        _random = new Random(seed);
        _seed = seed;
        _protocol = protocol;
        _provider = new ScriptedProvider(Respond, new ScriptedProviderOptions { TimeProvider = _time });
        _rounds = [.. Enumerable.Range(0, _random.Next(1, MaxRounds + 2)).Select(MakeRound)];
        _rounds[^1] = _rounds[^1] with { Calls = [] };
        _faultsPerTen = _random.Next(3) * 3;
        _exit = (Exit)_random.Next(4);
        _exitAfter = _random.Next(1, 60);
        _cancelsCall = _random.Next(2) == 0;
        _hasBothTokens = _random.Next(2) == 0;
        _isSlow = _random.Next(2) == 0;
        _atMaxRounds = (MaxRoundsAction)_random.Next(2);
        _gracePeriod = _random.Next(2) == 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(1);
    }

    private enum Exit
    {
        None,
        Break,
        CancelInside,
        CancelMeanwhile,
    }

    public static async Task CheckAsync(StreamProtocol protocol, bool overSocket, int seed)
    {
        using var exchange = new RandomExchange(protocol, seed);
        try
        {
            await exchange.CheckAsync(overSocket);
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"{protocol.Name}, seed {seed}: {exchange._exit} after {exchange._exitAfter}.\n{exchange._seen.ToLines()}\n{exception}", exception);
        }
    }

    public void Dispose()
    {
        _ofCall.Dispose();
        _ofEnumeration.Dispose();
    }

    private async Task CheckAsync(bool overSocket)
    {
        await using var host = overSocket ? await ScriptedProviderHost.StartAsync(_provider).OrFail() : null;
        using var http = host is null
            ? new HttpClient(_provider.CreateHandler(_protocol)) { BaseAddress = new Uri("http://provider/") }
            : new HttpClient { BaseAddress = host.BaseAddress };
        var failure = await ReadAsync(Build(http));

        await WaitForAbandonedAsync().OrFail();
        _tools.Running.Should().Be(0, "no tool outlives its stream");
        _tools.OpenInputs.Should().Be(0, "every streamed input is committed or rolled back");
        _tools.IsLockBroken.Should().BeFalse("a resource has one writer at a time");
        foreach (var exchange in _provider.Exchanges)
        {
            (await exchange.Completion.OrFail()).Should().NotBe(ExchangeOutcome.Failed, "{0}", exchange.Failure);
        }

        _time.ActiveTimers.Should().Be(0);
        _tools.Starts.Where(starts => starts.Value != 1).Should().BeEmpty("no call runs twice");
        _tools.Starts.Keys.Should().BeSubsetOf(_rounds.SelectMany(round => round.Calls).Where(call => call.IsGood).Select(call => $"{call.Name} {call.Key}"));
        CheckMessages(failure);
        CheckFailure(failure);
    }

    private IStreamClient Build(HttpClient http)
    {
        var midStream = (MidStreamPolicy)_random.Next(2);
        var attempts = _random.Next(1, 5);
        var capacity = _random.Next(1, 40);
        var fullMode = (BackpressureFullMode)_random.Next(2);
        return new StreamClientBuilder(_protocol.CreateClient(http, "any", "any"))
            .UseTools(_tools.ToSet(_random), options => (options.TimeProvider, options.MaxRounds, options.AtMaxRounds, options.GracePeriod) = (_time, MaxRounds, _atMaxRounds, _gracePeriod))
            .UseRetry(options => (options.TimeProvider, options.BaseDelay, options.MidStream, options.MaxAttempts) = (_time, TimeSpan.Zero, midStream, attempts))
            .UseTimeouts(options => options.TimeProvider = _time)
            .UseBackpressure(options => (options.Capacity, options.FullMode) = (capacity, fullMode))
            .Build();
    }

    private async Task<Exception?> ReadAsync(IStreamClient client)
    {
        var cancelled = _cancelsCall ? _ofCall : _ofEnumeration;
        var tokens = (OfCall: _cancelsCall || _hasBothTokens ? _ofCall.Token : default, OfEnumeration: !_cancelsCall || _hasBothTokens ? _ofEnumeration.Token : default);
        await using var events = client.StreamAsync("go", cancellationToken: tokens.OfCall).GetAsyncEnumerator(tokens.OfEnumeration);
        try
        {
            while (true)
            {
                var next = events.MoveNextAsync().AsTask();
                for (var waits = 0; !next.IsCompleted; waits++)
                {
                    if (_exit == Exit.CancelMeanwhile && _seen.Count >= _exitAfter && waits == _seed % 7)
                    {
                        await cancelled.CancelAsync();
                    }

                    await PassTimeAsync(next);
                }

                if (!await next)
                {
                    return null;
                }

                _seen.Add(events.Current);
                if (events.Current is ApprovalRequested request)
                {
                    Answer(request);
                }

                if (_seen.Count == _exitAfter && _exit == Exit.Break)
                {
                    return null;
                }

                if (_seen.Count == _exitAfter && _exit == Exit.CancelInside)
                {
                    await cancelled.CancelAsync();
                }

                for (var i = 0; _isSlow && i < _seed % 5; i++)
                {
                    await Task.Yield();
                }
            }
        }
        catch (Exception exception)
        {
            return exception;
        }
    }

    /// <summary>Tools that were abandoned end by themselves, soon after their stream.</summary>
    private async Task WaitForAbandonedAsync()
    {
        while (_gracePeriod != Timeout.InfiniteTimeSpan && (_tools.Running > 0 || _tools.OpenInputs > 0))
        {
            await Task.Yield();
        }
    }

    private void Answer(ApprovalRequested request)
    {
        switch (_random.Next(5))
        {
            case 0:
                request.Deny("no");
                break;
            case 1:
                _deferred.Add(request.CallId);
                request.Defer();
                break;
            case 2:
                _isUnanswered = true;
                break;
            case 3:
                _ = Task.Run(() => request.Approve());
                break;
            default:
                request.Approve();
                break;
        }
    }

    /// <summary>Lets time pass only when nothing else can happen: for a reply that stalls, and for a tool that hangs.</summary>
    private async Task PassTimeAsync(Task next)
    {
        await Task.Yield();
        if (!next.IsCompleted && (_tools.IsHanging || _isUnanswered || _provider.Exchanges is [.., { Stalled.IsCompleted: true }]))
        {
            _timePassed = true;
            _time.Advance(TimeSpan.FromSeconds(20));
        }
    }

    private ScriptedReply Respond(ScriptedRequest request)
    {
        var conversation = request.Body.TryGetProperty("messages", out var messages) ? messages : request.Body.GetProperty("input");
        var round = _rounds[conversation.EnumerateArray().Count(item => item.TryGetProperty("role", out var role) && role.GetString() == "assistant")];
        lock (_rounds)
        {
            return _random.Next(10) >= _faultsPerTen ? ToReply(round)
                : _random.Next(4) == 0 ? ScriptedReply.Error((System.Net.HttpStatusCode)(_random.Next(2) == 0 ? 503 : 529), "busy") with { Faults = MakeErrorFault() }
                : ToReply(round) with { Faults = MakeFault() };
        }
    }

    private FaultPlan MakeErrorFault() => _random.Next(4) == 0 ? new FaultPlan { StallAt = FaultPoint.AtByte(10) } : FaultPlan.None;

    private FaultPlan MakeFault()
    {
        var point = _random.Next(2) == 0 ? FaultPoint.AtByte(_random.Next(400)) : FaultPoint.AfterEvent(_random.Next(9));
        return _random.Next(6) switch
        {
            0 => new FaultPlan { AbortAt = point },
            1 => new FaultPlan { EndAt = point },
            2 => new FaultPlan { StallAt = point },
            3 => new FaultPlan { OmitTerminalEvent = true },
            4 => new FaultPlan { AbortAt = FaultPoint.BeforeHead },
            _ => new FaultPlan { ErrorAfterEvent = _random.Next(9) },
        } with
        { ChunkSize = _random.Next(1, 200), ChunkSeed = _seed };
    }

    private static ScriptedReply ToReply(Round round) => round.Calls.Aggregate(
        ScriptedReply.Text(round.Text), (reply, call) => reply.ThenToolCall(call.Name, call.IsGood ? $$"""{"k":"{{call.Key}}"}""" : """{"k":"cut""", call.Key));

    private Round MakeRound(int index)
    {
        var calls = Enumerable.Range(0, _random.Next(1, 6)).Select(i => new Call(
            RandomTools.Names[_random.Next(RandomTools.Names.Length)], string.Create(CultureInfo.InvariantCulture, $"call_{index}_{i}"), _random.Next(6) != 0));
        return new Round($"Round {index} says one two three four five six. ", [.. calls]);
    }

    private void CheckMessages(Exception? failure)
    {
        var state = new StreamState();
        _seen.ForEach(streamEvent => state.Apply(streamEvent));
        var texts = TextsOf(state.ToChatResponse());
        if (failure is not null || _exit != Exit.Break)
        {
            ConversationRules.Check([.. state.ToChatResponse().Messages], _deferred.Contains);
        }

        if (failure is null && _exit != Exit.Break && _deferred.Count == 0)
        {
            _seen[^1].Should().BeOfType<ResponseCompleted>();
            texts.Should().Equal(_rounds.Select(round => round.Text));
            foreach (var call in _rounds.SelectMany(round => round.Calls))
            {
                var result = state.ToChatResponse().Messages.SelectMany(message => message.Contents).OfType<FunctionResultContent>().Where(result => result.CallId == call.Key);
                result.Should().ContainSingle("of call {0}", call.Key);
            }
        }

        ShouldBegin(texts);
    }

    private void CheckFailure(Exception? failure)
    {
        switch (failure)
        {
            case null:
                return;
            case OperationCanceledException cancelled:
                cancelled.CancellationToken.Should().Be((_cancelsCall ? _ofCall : _ofEnumeration).Token);
                cancelled.CancellationToken.IsCancellationRequested.Should().BeTrue();
                break;
            case StreamLimitException limit:
                limit.LimitName.Should().BeOneOf(nameof(ToolLoopOptions.MaxRounds), nameof(ToolLoopOptions.MaxConsecutiveErrors));
                _rounds.Should().HaveCountGreaterThan(MaxRounds);
                _atMaxRounds.Should().Be(MaxRoundsAction.Throw);
                break;
            default:
                (failure is StreamInterruptedException or ProviderException or StreamTimeoutException).Should().BeTrue("{0}", failure);

                // Bytes that are under way while time passes for a tool that hangs may be late.
                (_faultsPerTen > 0 || (failure is StreamTimeoutException && _timePassed)).Should().BeTrue("{0}", failure);
                break;
        }

        var state = new StreamState();
        _seen.ForEach(streamEvent => state.Apply(streamEvent));
        var shown = TextsOf(state.ToChatResponse());
        var partial = failure.GetPartialResponse();
        if (shown.Count == 0 && partial is null)
        {
            return;
        }

        partial.Should().NotBeNull("a failure has what had arrived: {0}", failure);
        var arrived = TextsOf(partial!);
        ShouldBegin(arrived);
        string.Concat(arrived).Should().StartWith(string.Concat(shown));
        ConversationRules.Check([.. partial!.Messages], _deferred.Contains);
    }

    private void ShouldBegin(List<string> texts)
    {
        texts.Count.Should().BeLessThanOrEqualTo(_rounds.Count);
        for (var i = 0; i < texts.Count; i++)
        {
            _rounds[i].Text.Should().StartWith(texts[i]);
            (i == texts.Count - 1 || texts[i] == _rounds[i].Text).Should().BeTrue("only the last response may be cut");
        }
    }

    private static List<string> TextsOf(ChatResponse response) =>
        [.. response.Messages.Where(message => message.Role == ChatRole.Assistant).Select(message => message.Text)];

    private sealed record Call(string Name, string Key, bool IsGood);

    private sealed record Round(string Text, IReadOnlyList<Call> Calls);
}
