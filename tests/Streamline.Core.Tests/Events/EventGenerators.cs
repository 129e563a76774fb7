using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace Streamline.Tests.Events;

/// <summary>Random events of every type.</summary>
internal static class EventGenerators
{
    private static readonly string[] Pieces = ["a", "Z", " ", "\"", "\\", "\n", "\0", "\u001f", "é", "中", "😀", "\u2028", "<b>", "{\"x\":1}", "data:"];

    private static readonly JsonElement[] Values =
    [
        .. new[] { "{}", "[]", "\"text\"", "1.50", "true", "{\"a\":[1,null,{\"b\":\"é😀\"}],\"c\":1e9}", "12345678901234567890" }
            .Select(json => JsonDocument.Parse(json).RootElement),
    ];

    public static IReadOnlyDictionary<Type, Gen<StreamEvent>> ByType { get; } = new (Type Type, Gen<StreamEvent> Gen)[]
    {
        From(Combine(Text, OrNull(Text), OrNull(Text), (a, b, c) => new ResponseStarted { Provider = a, ResponseId = b, Model = c, RequestId = b })),
        From(Combine(Any<FinishReason>(), OrNull(Text), OrNullOf(Usage), (a, b, c) => new ResponseCompleted { FinishReason = a, RawFinishReason = b, StopSequence = b, Usage = c })),
        From(Usage.Select(a => new UsageUpdated { Usage = a })),
        From(Combine(Index, Any<ContentKind>(), Index, (a, b, c) => new ContentStarted { Index = a, Kind = b, Choice = c, ProviderData = a > 5 ? Values[0] : null })),
        From(Combine(Index, Any<ContentKind>(), OrNull(Text), (a, b, c) => new ContentCompleted { Index = a, Kind = b, Signature = c, Raw = c is null ? null : Values[a % Values.Length] })),
        From(Combine(Index, Text, (a, b) => new TextDelta { Index = a, Text = b })),
        From(Combine(Index, Text, (a, b) => new ReasoningDelta { Index = a, Text = b })),
        From(Combine(Index, Text, (a, b) => new RefusalDelta { Index = a, Text = b })),
        From(Combine(Index, Json, (a, b) => new CitationAdded { Index = a, Citation = b })),
        From(Combine(Index, Text, Text, (a, b, c) => new ToolCallStarted { Index = a, CallId = b, Name = c, IsProviderExecuted = a % 2 == 0, ProviderData = a > 5 ? Values[0] : null, Choice = a })),
        From(Combine(Index, Text, Text, (a, b, c) => new ToolInputDelta { Index = a, CallId = b, Fragment = c })),
        From(Combine(Index, Text, OrNull(Text), (a, b, c) => new ToolCallCompleted { Index = a, CallId = b, Name = b, ArgumentsText = b, ParseError = c, Arguments = c is null ? Values[5] : null, IsProviderExecuted = a > 3 })),
        From(Combine(Text, Text, (a, b) => new ToolExecutionStarted { CallId = a, Name = b })),
        From(Combine(Text, Text, Json, (a, b, c) => new ToolProgress { CallId = a, Name = b, Progress = c })),
        From(Combine(Text, Json, Span, (a, b, c) => new ToolResult { CallId = a, Name = a, Result = b, Duration = c, IsError = c < TimeSpan.FromSeconds(1) })),
        From(Combine(Text, Any<ToolWaitReason>(), OrNull(Text), (a, b, c) => new ToolWaiting { CallId = a, Name = a, Reason = b, Resource = c })),
        From(Combine(Text, Text, (a, b) => new ToolAbandoned { CallId = a, Name = b })),
        From(Combine(Text, Json, OrNull(Text), (a, b, c) => new ApprovalRequested { ApprovalId = a, CallId = a, Name = a, Arguments = b, Token = c, ExpiresAt = c is null ? null : DateTimeOffset.UnixEpoch })),
        From(Combine(Text, Any<ApprovalDecision>(), OrNull(Text), (a, b, c) => new ApprovalResolved { ApprovalId = a, CallId = a, Name = a, Decision = b, Reason = c })),
        From(Combine(Index, Span, Text, (a, b, c) => new RetryScheduled { Attempt = a, Delay = b, Reason = c, ErrorType = a > 5 ? null : c })),
        From(Combine(Index, Text, Gen.ListOf(Index, 3), (a, b, c) => new StreamRestarted { Attempt = a, Reason = b, Discarded = [.. c] })),
        From(Combine(Index, Text, OrNullOf(Usage), (a, b, c) => new StreamResumed
        {
            Attempt = a, Reason = b, Strategy = (ResumeStrategy)(a % 4), Confidence = (SeamConfidence)(a % 3), OverlapRemoved = a, PrefaceRemoved = b.Length, InsertedSeparator = a > 5 ? b : null, PriorUsage = c,
            Provider = a > 3 ? b : null, Protocol = a > 4 ? b : null, Model = a > 3 ? b : null, ResponseId = a > 3 ? b : null,
        })),
        From(Combine(Text, Json, Index, (a, b, c) => new ProviderMetadata { Name = a, Value = b, Index = c > 5 ? null : c })),
        From(Combine(Text, Text, (a, b) => new ProviderEvent { Name = a, Data = b })),
        From(Combine(Text, Text, Json, (a, b, c) => new TextFinding
        {
            Name = a, Index = a.Length, Start = b.Length, Length = b.Length, Result = c.ValueKind == JsonValueKind.Null ? null : c, Error = b,
        })),
        From(Combine(Index, Text, Any<MarkdownBlockKind>(), (a, b, c) => new MarkdownUpdated { Update = Markdown(a, b, c) })),
        From(Combine(Index, Text, (a, b) => new CodeBlockUpdated { Update = Code(a, b) })),
        From(Combine(Text, Index, OrNull(Text), (a, b, c) => new RateLimitObserved
        {
            Windows = [new() { Resource = a, Limit = b, Remaining = c is null ? null : b, ResetAt = c is null ? null : DateTimeOffset.UnixEpoch, ObservedAt = DateTimeOffset.UnixEpoch, Utilization = c is null ? 0.25 : null, Status = c, Raw = a }],
        })),
        From(Combine(Text, Span, Index, (a, b, c) => new RateLimitWait { Resource = a, Delay = b, Position = c })),
        From(Combine(Text, OrNull(Text), Any<FailureKind>(), (a, b, c) => new ClientChanged { Client = a, Previous = a, Kind = c, Reason = a, ErrorType = b, WasPreviousSkipped = b is null, Provider = b, Model = b })),
        From(Combine(Text, Span, (a, b) => new HedgeStarted { Client = a, Delay = b })),
        From(Combine(Text, Text, OrNullOf(Usage), (a, b, c) => new HedgeEnded { Winner = a, Loser = b, LoserUsage = c, LoserFailed = c is null })),
        From(Index.Select(a => new CacheAnswered { IsLive = a > 5 })),
        From(Gen.Constant(KeepAlive.Instance)),
    }.ToDictionary(pair => pair.Type, pair => pair.Gen);

    private static MarkdownEvent Markdown(int a, string b, MarkdownBlockKind c) => a switch
    {
        0 => new MarkdownBlockOpened { Id = a, ParentId = b.Length > 2 ? a : null, Kind = c, Level = a, Start = b.Length, Code = c == MarkdownBlockKind.FencedCode ? CodeBlockInfo.Parse(b) : null },
        1 => new MarkdownBlockChanged { Id = a, Kind = c, Level = a, IsLoose = b.Length > 2, Columns = [.. Enum.GetValues<MarkdownAlignment>()] },
        2 => new MarkdownBlockClosed { Id = a, IsComplete = b.Length > 2 },
        3 => new MarkdownLinkDefined { Label = b, Destination = b, Title = b.Length > 2 ? b : null },
        4 => new MarkdownBlockAmended { Id = a, Label = b },
        5 => new MarkdownRestarted { FirstDiscardedId = a },
        _ => new MarkdownBlockText { Id = a, Text = b },
    };

    private static CodeBlockEvent Code(int a, string b) => a switch
    {
        0 => new CodeBlockStarted { Id = a, Info = CodeBlockInfo.Parse(b) },
        1 => new CodeBlockEnded { Id = a, IsComplete = b.Length > 2 },
        2 => new CodeBlocksRestarted { FirstDiscardedId = a },
        3 => new CodeDiagnosticsFound
        {
            Code = new CodeSnapshot { Id = a, Info = CodeBlockInfo.Parse(b), Text = b, IsComplete = b.Length > 2 },
            IsFinal = true,
            Diagnostics = [new CodeDiagnostic { Severity = CodeDiagnosticSeverity.Warning, Message = b, Code = b, Line = a, Column = a, FileName = b }],
        },
        _ => new CodeBlockDelta { Id = a > 7 ? null : a, Text = b },
    };

    private static Gen<int> Index => Gen.Choose(0, 9);

    private static Gen<string> Text => Gen.Choose(0, 6).SelectMany(n => Gen.ListOf(Gen.Elements(Pieces), n)).Select(string.Concat);

    private static Gen<JsonElement> Json => Gen.Elements(Values);

    private static Gen<TimeSpan> Span => Gen.Choose(0, int.MaxValue).Select(n => TimeSpan.FromTicks(n * 1_003L));

    private static Gen<TokenUsage> Usage => Combine(Gen.Choose(0, int.MaxValue), Gen.Choose(0, 3), (a, b) => new TokenUsage
    {
        InputTokens = a * 1000L,
        OutputTokens = b == 0 ? null : b,
        ReasoningTokens = b == 1 ? a : null,
        AdditionalCounts = b > 1 ? new Dictionary<string, long> { ["server_tool_use.web_search_requests"] = a, ["other"] = b } : null,
    });

    private static Gen<T> Any<T>()
        where T : struct, Enum => Gen.Elements(Enum.GetValues<T>());

    private static Gen<string?> OrNull(Gen<string> gen) => OrNullOf(gen);

    private static Gen<T?> OrNullOf<T>(Gen<T> gen)
        where T : class => Gen.Frequency<T?>((1, Gen.Constant((T?)null)), (2, gen.Select(value => (T?)value)));

    private static Gen<TResult> Combine<T1, T2, TResult>(Gen<T1> first, Gen<T2> second, Func<T1, T2, TResult> make) =>
        first.SelectMany(a => second.Select(b => make(a, b)));

    private static Gen<TResult> Combine<T1, T2, T3, TResult>(Gen<T1> first, Gen<T2> second, Gen<T3> third, Func<T1, T2, T3, TResult> make) =>
        first.SelectMany(a => second.SelectMany(b => third.Select(c => make(a, b, c))));

    private static (Type Type, Gen<StreamEvent> Gen) From<T>(Gen<T> gen)
        where T : StreamEvent => (typeof(T), gen.Select(value => (StreamEvent)value));
}
