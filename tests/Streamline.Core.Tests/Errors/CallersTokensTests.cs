using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Streamline.Sse;
using Streamline.TestSupport;

namespace Streamline.Tests.Errors;

/// <summary>A stream that is given a token by its call and another one by its enumeration reports the one that was cancelled.</summary>
[Trait("Law", "9")]
public sealed class CallersTokensTests
{
    public static TheoryData<string> Names => [.. Streams.Keys];

    // Each stream gives one item, or none, and then waits for ever.
    private static Dictionary<string, Func<CancellationToken, CancellationToken, Task>> Streams { get; } = new(StringComparer.Ordinal)
    {
        ["pipeline"] = (ofCall, ofEnumeration) => ReadAsync(Pipeline().StreamAsync("Hi", cancellationToken: ofCall), ofEnumeration),
        ["text"] = (ofCall, ofEnumeration) => ReadAsync(Pipeline().StreamTextAsync("Hi", cancellationToken: ofCall), ofEnumeration),
        ["chat updates"] = (ofCall, ofEnumeration) => ReadAsync(Client().AsChatClient().GetStreamingResponseAsync("Hi", cancellationToken: ofCall), ofEnumeration),
        ["chat client"] = (ofCall, ofEnumeration) => ReadAsync(Client().AsChatClient().AsStreamClient().StreamAsync("Hi", cancellationToken: ofCall), ofEnumeration),
        ["snapshots"] = (ofCall, ofEnumeration) => ReadAsync(Events().SnapshotsAsync(TimeSpan.Zero, cancellationToken: ofCall), ofEnumeration),
        ["batches"] = (ofCall, ofEnumeration) => ReadAsync(Texts().Batch(1, TimeSpan.Zero, ofCall), ofEnumeration),
        ["merge"] = (ofCall, ofEnumeration) => ReadAsync(StreamMerge.MergeAsync([1], (_, token) => Client().StreamAsync("Hi", cancellationToken: token), cancellationToken: ofCall), ofEnumeration),
        ["Markdown of texts"] = (ofCall, ofEnumeration) => ReadAsync(Texts().ReadMarkdownAsync(cancellationToken: ofCall), ofEnumeration),
        ["Markdown of events"] = (ofCall, ofEnumeration) => ReadAsync(Events().ReadMarkdownAsync(cancellationToken: ofCall), ofEnumeration),
        ["sentences of texts"] = (ofCall, ofEnumeration) => ReadAsync(Texts().ReadSentencesAsync(cancellationToken: ofCall), ofEnumeration),
        ["sentences of events"] = (ofCall, ofEnumeration) => ReadAsync(Events().ReadSentencesAsync(cancellationToken: ofCall), ofEnumeration),
        ["spoken text"] = (ofCall, ofEnumeration) => ReadAsync(Events().ReadSpokenTextAsync(cancellationToken: ofCall), ofEnumeration),
        ["code of texts"] = (ofCall, ofEnumeration) => ReadAsync(Texts().ReadCodeBlocksAsync(cancellationToken: ofCall), ofEnumeration),
        ["code of events"] = (ofCall, ofEnumeration) => ReadAsync(Events().ReadCodeBlocksAsync(cancellationToken: ofCall), ofEnumeration),
        ["diagnostics"] = (ofCall, ofEnumeration) => ReadAsync(Events().ReadCodeBlocksAsync().WithDiagnosticsAsync((_, _) => new ValueTask<IReadOnlyList<CodeDiagnostic>?>((IReadOnlyList<CodeDiagnostic>?)null), ofCall), ofEnumeration),
        ["server-sent events"] = (ofCall, ofEnumeration) => ReadAsync(new SseReader(new Pipe().Reader).ReadAllAsync(ofCall), ofEnumeration),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Cancelled_WithEitherToken_IsReportedWithThatToken(string name)
    {
        foreach (var isOfCall in new[] { true, false })
        {
            using var ofCall = new CancellationTokenSource();
            using var ofEnumeration = new CancellationTokenSource();
            var cancelled = isOfCall ? ofCall : ofEnumeration;

            var reading = Task.Run(() => Streams[name](ofCall.Token, ofEnumeration.Token));
            await cancelled.CancelAsync();

            (await FluentActions.Awaiting(() => reading).Should().ThrowAsync<OperationCanceledException>()).Which.CancellationToken.Should().Be(cancelled.Token);
        }
    }

    private static IStreamClient Pipeline() => new StreamClientBuilder(Client()).UseDefaults().Build();

    private static FakeStreamClient Client() => new((_, token) => Events(token));

    private static async IAsyncEnumerable<StreamEvent> Events([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        yield return new ResponseStarted { Provider = "any" };
        yield return new TextDelta { Index = 0, Text = "One. Two" };
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
    }

    private static async IAsyncEnumerable<string> Texts([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        yield return "One. Two";
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
    }

    private static async Task ReadAsync<T>(IAsyncEnumerable<T> items, CancellationToken cancellationToken)
    {
        await foreach (var _ in items.WithCancellation(cancellationToken))
        {
            // Read to its end, which never comes.
        }
    }
}
