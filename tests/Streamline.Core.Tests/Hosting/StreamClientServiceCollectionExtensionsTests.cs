using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Streamline.Protocols;
using Streamline.Resilience;
using Streamline.Testing;
using Streamline.TestSupport;

namespace Streamline.Tests.Hosting;

public sealed class StreamClientServiceCollectionExtensionsTests
{
    [Fact]
    public async Task AddStreamClient_Named_IsResolvedByItsKey()
    {
        var first = new ScriptedProvider(ScriptedReply.Text("from the first"));
        var second = new ScriptedProvider(ScriptedReply.Text("from the second"));
        var services = new ServiceCollection();
        Add(services, "first", StreamProtocols.Anthropic, first);
        Add(services, "second", StreamProtocols.OpenAIChat, second);
        await using var provider = services.BuildServiceProvider();

        (await TextOf(provider.GetRequiredKeyedService<IStreamClient>("first"))).Should().Be("from the first");
        (await TextOf(provider.GetRequiredKeyedService<IStreamClient>("second"))).Should().Be("from the second");
    }

    [Fact]
    public async Task AddStreamClient_Several_TheFirstIsTheOneWithoutKey()
    {
        var services = new ServiceCollection();
        Add(services, "first", StreamProtocols.Anthropic, new ScriptedProvider());
        Add(services, "second", StreamProtocols.OpenAIChat, new ScriptedProvider());
        await using var provider = services.BuildServiceProvider();

        provider.GetRequiredService<IStreamClient>().Should().BeSameAs(provider.GetRequiredKeyedService<IStreamClient>("first"));
    }

    [Fact]
    public async Task UseFailover_WithServices_AsksAClientThatIsRegisteredLater()
    {
        var down = new ScriptedProvider(ScriptedReply.Error(HttpStatusCode.Unauthorized, "No such key."));
        var well = new ScriptedProvider(ScriptedReply.Text("from the second"));
        var services = new ServiceCollection();
        services.AddStreamClient("first", StreamProtocols.Anthropic, Configure, http => http.ConfigurePrimaryHttpMessageHandler(() => down.CreateHandler(StreamProtocols.Anthropic)))
            .UseFailover((failover, provider) => failover.Clients.Add(new FailoverClient("second", provider.GetRequiredKeyedService<IStreamClient>("second")) { Model = "other" }))
            .UseDefaults();
        Add(services, "second", StreamProtocols.OpenAIChat, well);
        await using var provider = services.BuildServiceProvider();

        (await TextOf(provider.GetRequiredService<IStreamClient>())).Should().Be("from the second");
        well.Exchanges.Single().Request.Model.Should().Be("other");
    }

    [Theory]
    [InlineData("first", "second", "first → second → first")]
    [InlineData("first", "first", "first → first")]
    public async Task UseFailover_EachForTheOther_IsRefusedAndSaysHow(string first, string second, string circle)
    {
        var services = new ServiceCollection();
        foreach (var (name, other) in new[] { (first, second), (second, first) }.DistinctBy(pair => pair.Item1))
        {
            services.AddStreamClient(name, StreamProtocols.Anthropic, Configure)
                .UseFailover((failover, provider) => failover.Clients.Add(new FailoverClient(other, provider.GetRequiredKeyedService<IStreamClient>(other))));
        }

        await using var provider = services.BuildServiceProvider();

        provider.Invoking(p => p.GetRequiredKeyedService<IStreamClient>("first")).Should().Throw<InvalidOperationException>().WithMessage($"*needs itself: {circle}. To have two clients take over*");
        provider.Invoking(p => p.GetRequiredKeyedService<IStreamClient>("first")).Should().Throw<InvalidOperationException>("nothing is left of the first attempt");
    }

    [Fact]
    public void UseFailover_WithServices_WithoutAClient_IsRefusedByBuild()
    {
        var builder = new StreamClientBuilder(FakeStreamClient.Of()).UseFailover((_, _) => { });

        FluentActions.Invoking(() => builder.Build()).Should().Throw<InvalidOperationException>();
    }

    [Fact]
    public async Task AddStreamClient_NamedOptions_AreConfiguredFromOutsideToo()
    {
        var scripted = new ScriptedProvider(ScriptedReply.Text("Hello."));
        var services = new ServiceCollection();
        Add(services, "claude", StreamProtocols.Anthropic, scripted);
        services.Configure<StreamClientOptions>("claude", options => options.Model = "configured");
        await using var provider = services.BuildServiceProvider();

        await TextOf(provider.GetRequiredService<IStreamClient>());

        scripted.Exchanges[0].Request.Model.Should().Be("configured");
    }

    [Fact]
    public async Task AddStreamClient_Pipeline_WrapsTheClient()
    {
        var scripted = new ScriptedProvider(ScriptedReply.Text("inner"));
        var services = new ServiceCollection();
        services.AddStreamClient("claude", StreamProtocols.Anthropic, Configure, http => http.ConfigurePrimaryHttpMessageHandler(() => scripted.CreateHandler(StreamProtocols.Anthropic)))
            .Use((request, inner, token) => Shout(inner.StreamAsync(request, token)));
        await using var provider = services.BuildServiceProvider();

        (await TextOf(provider.GetRequiredService<IStreamClient>())).Should().Be("INNER");
    }

    [Fact]
    [Trait("Finding", "T10")]
    public void AddStreamClient_HttpClient_HasNoTimeLimitOfItsOwn()
    {
        var services = new ServiceCollection();
        services.AddStreamClient("claude", StreamProtocols.Anthropic, Configure);
        using var provider = services.BuildServiceProvider();

        provider.GetRequiredService<IHttpClientFactory>().CreateClient("claude").Timeout.Should().Be(Timeout.InfiniteTimeSpan);
    }

    [Fact]
    [Trait("Law", "9")]
    [Trait("Finding", "T10")]
    public async Task AddStreamClient_WithoutTimeouts_HasDefaultLimitsByTheClockOfTheServices()
    {
        var time = new ManualTimeProvider();
        var stalls = new FakeStreamClient((_, cancellationToken) => FakeStreamClient.StreamThenStall([], cancellationToken));
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(time);
        services.AddStreamClient("claude", StreamProtocols.Anthropic, Configure).UseBackpressure().Use(_ => stalls);
        await using var provider = services.BuildServiceProvider();

        var reading = provider.GetRequiredService<IStreamClient>().StreamAsync("Hi").CatchAsync();
        await time.WaitForTimersAsync().OrFail();
        time.Advance(TimeoutOptions.DefaultFirstEvent);

        (await reading.OrFail()).Exception.Should().BeOfType<StreamTimeoutException>().Which.Phase.Should().Be(StreamTimeoutPhase.FirstEvent);
        stalls.Open.Should().Be(0);
    }

    [Fact]
    public async Task AddStreamClient_Scoped_PipelineGetsTheServicesOfTheScope()
    {
        var seen = new List<Marker>();
        var services = new ServiceCollection();
        services.AddScoped<Marker>();
        services.AddStreamClient("claude", StreamProtocols.Anthropic, Configure, lifetime: ServiceLifetime.Scoped)
            .Use((inner, provider) =>
            {
                seen.Add(provider.GetRequiredService<Marker>());
                return inner;
            });
        await using var root = services.BuildServiceProvider(validateScopes: true);
        foreach (var _ in Enumerable.Range(0, 2))
        {
            await using var scope = root.CreateAsyncScope();
            scope.ServiceProvider.GetRequiredService<IStreamClient>().Should().BeSameAs(scope.ServiceProvider.GetRequiredKeyedService<IStreamClient>("claude"));
        }

        seen.Should().HaveCount(2).And.OnlyHaveUniqueItems();
    }

    [Fact]
    [Trait("Law", "10")]
    public async Task AddStreamClient_LoggingEverything_NeverLogsAKeyOrASecretHeader()
    {
        var scripted = new ScriptedProvider(ScriptedReply.Text("Hello."));
        var log = new LogList();
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log));
        services.AddStreamClient("claude", StreamProtocols.Anthropic, options =>
            {
                Configure(options);
                options.ApiKey = "key-of-the-provider";
                options.Headers["x-gateway-token"] = "token-of-the-gateway";
            },
            http => http.ConfigurePrimaryHttpMessageHandler(() => scripted.CreateHandler(StreamProtocols.Anthropic)));
        await using var provider = services.BuildServiceProvider();

        await TextOf(provider.GetRequiredService<IStreamClient>());

        log.Lines.Should().Contain(line => line.Contains("x-api-key", StringComparison.OrdinalIgnoreCase), "the headers are logged at this level")
            .And.NotContain(line => line.Contains("key-of-the-provider") || line.Contains("token-of-the-gateway"));
    }

    [Fact]
    public void AddStreamClient_SameNameTwice_Throws()
    {
        var services = new ServiceCollection();
        services.AddStreamClient("claude", StreamProtocols.Anthropic, Configure);

        FluentActions.Invoking(() => services.AddStreamClient("claude", StreamProtocols.OpenAIChat, Configure))
            .Should().Throw<ArgumentException>().WithMessage("*claude*");
    }

    [Fact]
    public void AddStreamClient_WrongArguments_Throws()
    {
        var services = new ServiceCollection();

        FluentActions.Invoking(() => services.AddStreamClient("", StreamProtocols.Anthropic)).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => services.AddStreamClient("name", null!)).Should().Throw<ArgumentNullException>();
        FluentActions.Invoking(() => StreamClientServiceCollectionExtensions.AddStreamClient(null!, "name", StreamProtocols.Anthropic)).Should().Throw<ArgumentNullException>();
    }

    private static void Add(IServiceCollection services, string name, StreamProtocol protocol, ScriptedProvider scripted) =>
        services.AddStreamClient(name, protocol, Configure, http => http.ConfigurePrimaryHttpMessageHandler(() => scripted.CreateHandler(protocol)));

    private static void Configure(StreamClientOptions options) => (options.ApiKey, options.Model) = ("none", "any");

    private static async Task<string> TextOf(IStreamClient client) =>
        string.Concat((await client.StreamAsync("Hi").CollectAsync()).OfType<TextDelta>().Select(delta => delta.Text));

    private static async IAsyncEnumerable<StreamEvent> Shout(IAsyncEnumerable<StreamEvent> events)
    {
        await foreach (var streamEvent in events)
        {
            yield return streamEvent is TextDelta delta ? new TextDelta { Index = delta.Index, Text = delta.Text.ToUpperInvariant() } : streamEvent;
        }
    }

    private sealed class Marker;
}
