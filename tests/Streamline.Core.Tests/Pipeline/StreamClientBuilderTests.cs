using Streamline.TestSupport;
using static Streamline.Tests.Make;

namespace Streamline.Tests.Pipeline;

public sealed class StreamClientBuilderTests
{
    [Fact]
    public async Task Build_SeveralMiddleware_FirstAddedIsOutermost()
    {
        var client = new StreamClientBuilder(FakeStreamClient.Of(Words("source")))
            .Use(inner => new Tagging(inner, "a"))
            .Use((inner, _) => new Tagging(inner, "b"))
            .Use((request, inner, cancellationToken) => new Tagging(inner, "c").StreamAsync(request, cancellationToken))
            .Build();

        TextOf(await client.StreamAsync(Request).CollectAsync()).Should().Be("abcsource");
    }

    [Fact]
    public void Build_NoMiddleware_IsTheSource()
    {
        var source = FakeStreamClient.Of();

        new StreamClientBuilder(source).Build().Should().BeSameAs(source);
    }

    [Fact]
    public void Build_MiddlewareThatGivesItsInner_AddsNothing()
    {
        var source = FakeStreamClient.Of();

        new StreamClientBuilder(source).Use(inner => inner).Build().Should().BeSameAs(source);
    }

    [Fact]
    public void Build_Services_ReachSourceAndMiddleware()
    {
        var services = new OneService("here");
        var seen = new List<object?>();
        var source = FakeStreamClient.Of();
        var builder = new StreamClientBuilder(provider => { seen.Add(provider.GetService(typeof(string))); return source; })
            .Use((inner, provider) => { seen.Add(provider.GetService(typeof(string))); return inner; });

        builder.Build(services);
        builder.Build();

        seen.Should().Equal("here", "here", null, null);
    }

    [Fact]
    public async Task Build_BuilderUsedFurther_LeavesWhatWasBuilt()
    {
        var builder = new StreamClientBuilder(FakeStreamClient.Of(Words("source"))).Use(inner => new Tagging(inner, "a"));
        var first = builder.Build();
        var second = builder.Use(inner => new Tagging(inner, "b")).Build();

        TextOf(await first.StreamAsync(Request).CollectAsync()).Should().Be("asource");
        TextOf(await second.StreamAsync(Request).CollectAsync()).Should().Be("absource");
    }

    [Fact]
    public async Task Use_Delegate_GetsRequestInnerAndToken()
    {
        using var cancellation = new CancellationTokenSource();
        var source = FakeStreamClient.Of(Words("x"));
        var other = Request with { Options = new() { ModelId = "other" } };
        CancellationToken seen = default;
        var client = new StreamClientBuilder(source)
            .Use((request, inner, cancellationToken) =>
            {
                request.Should().BeSameAs(Request);
                seen = cancellationToken;
                return inner.StreamAsync(other, cancellationToken);
            })
            .Build();

        await client.StreamAsync(Request, cancellation.Token).CollectAsync();

        seen.Should().Be(cancellation.Token);
        source.Requests.Single().Should().BeSameAs(other);
    }

    [Fact]
    public void Build_MiddlewareThatGivesNothing_SaysWhich()
    {
        FluentActions.Invoking(() => new StreamClientBuilder(FakeStreamClient.Of()).Use(inner => inner).Use((Func<IStreamClient, IStreamClient>)(_ => null!)).Build())
            .Should().Throw<InvalidOperationException>().WithMessage("Middleware 1 of*");
        FluentActions.Invoking(() => new StreamClientBuilder(_ => null!).Build()).Should().Throw<InvalidOperationException>();
    }

    [Fact]
    public void Arguments_Null_Throw()
    {
        var builder = new StreamClientBuilder(FakeStreamClient.Of());
        Action[] misuses =
        [
            () => _ = new StreamClientBuilder((IStreamClient)null!),
            () => _ = new StreamClientBuilder((Func<IServiceProvider, IStreamClient>)null!),
            () => builder.Use((Func<IStreamClient, IStreamClient>)null!),
            () => builder.Use((Func<IStreamClient, IServiceProvider, IStreamClient>)null!),
            () => builder.Use((Func<StreamRequest, IStreamClient, CancellationToken, IAsyncEnumerable<StreamEvent>>)null!),
            () => _ = new Tagging(null!, ""),
        ];

        misuses.Should().AllSatisfy(misuse => misuse.Should().Throw<ArgumentNullException>());
    }

    [Fact]
    public void StreamAsync_NullRequest_ThrowsBeforeTheEnumeration()
    {
        var source = FakeStreamClient.Of();
        IStreamClient[] clients =
        [
            new StreamClientBuilder(source).Use((request, inner, cancellationToken) => inner.StreamAsync(request, cancellationToken)).Build(),
            new StreamClientBuilder(source).UseRetry().Build(),
            new StreamClientBuilder(source).UseTimeouts().Build(),
            new StreamClientBuilder(source).UseBackpressure().Build(),
        ];

        clients.Should().AllSatisfy(client => FluentActions.Invoking(() => client.StreamAsync((StreamRequest)null!)).Should().Throw<ArgumentNullException>());
    }

    /// <summary>Puts its tag before what its inner client streams.</summary>
    private sealed class Tagging(IStreamClient inner, string tag) : DelegatingStreamClient(inner)
    {
        public override async IAsyncEnumerable<StreamEvent> StreamAsync(
            StreamRequest request, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            yield return Words(tag);
            await foreach (var streamEvent in base.StreamAsync(request, cancellationToken))
            {
                yield return streamEvent;
            }
        }
    }

    private sealed class OneService(string service) : IServiceProvider
    {
        public object? GetService(Type serviceType) => serviceType == typeof(string) ? service : null;
    }
}
