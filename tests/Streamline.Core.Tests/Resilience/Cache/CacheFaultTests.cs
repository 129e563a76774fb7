using System.Text.Json;
using Microsoft.Extensions.Caching.Distributed;
using Streamline.TestSupport;
using static Streamline.Tests.Make;

namespace Streamline.Tests.Resilience.Cache;

/// <summary>A cache that hangs, and answers that cannot be stored: neither costs the answer.</summary>
public sealed class CacheFaultTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    [Trait("Law", "12")]
    public async Task Cache_ReadsForEver_TheProviderIsAsked()
    {
        var reading = Build(new HangingReads()).StreamAsync(Request).CollectAsync();
        await _time.WaitForTimersAsync().OrFail();
        _time.Advance(TimeSpan.FromSeconds(2));

        TextOf(await reading.OrFail()).Should().Be("a");
    }

    [Fact]
    [Trait("Law", "9")]
    public async Task Cache_ReadsForEver_LeavingDoesNotWait()
    {
        using var cancellation = new CancellationTokenSource();
        var reading = Build(new HangingReads()).StreamAsync(Request, cancellation.Token).CatchAsync();
        await _time.WaitForTimersAsync().OrFail();
        await cancellation.CancelAsync();

        (await reading.OrFail()).Exception.Should().BeAssignableTo<OperationCanceledException>();
    }

    [Fact]
    public async Task Answer_WithAnEventThatHasNoJsonForm_IsGivenAndNotStored()
    {
        var source = FakeStreamClient.Of(Started(), new ProviderMetadata { Name = "odd", Value = default(JsonElement) }, Words("a"), Completed());
        var cache = new Forgetful();
        var client = new StreamClientBuilder(source).UseTimeProvider(_time).UseCache(options => options.Cache = cache).Build();

        TextOf(await client.StreamAsync(Request).CollectAsync()).Should().Be("a");
        TextOf(await client.StreamAsync(Request).CollectAsync()).Should().Be("a");
        source.Requests.Should().HaveCount(2);
        cache.Stored.Should().BeEmpty();
    }

    [Fact]
    public async Task Answer_ThatIsStored_IsKeptAsLongAsTheOptionSays()
    {
        var cache = new Forgetful();
        var client = new StreamClientBuilder(FakeStreamClient.Of(Started(), Completed())).UseTimeProvider(_time).UseCache(options => (options.Cache, options.Expiration) = (cache, TimeSpan.FromMinutes(7))).Build();

        await client.StreamAsync(Request).CollectAsync();

        cache.Stored.Should().ContainSingle().Which.AbsoluteExpirationRelativeToNow.Should().Be(TimeSpan.FromMinutes(7));
    }

    private IStreamClient Build(IDistributedCache cache) =>
        new StreamClientBuilder(FakeStreamClient.Of(Started(), Words("a"), Completed())).UseTimeProvider(_time).UseCache(options => options.Cache = cache).Build();

    private class Forgetful : IDistributedCache
    {
        public List<DistributedCacheEntryOptions> Stored { get; } = [];

        public byte[]? Get(string key) => null;

        public virtual Task<byte[]?> GetAsync(string key, CancellationToken token = default) => Task.FromResult<byte[]?>(null);

        public void Refresh(string key) => throw new NotSupportedException();

        public Task RefreshAsync(string key, CancellationToken token = default) => throw new NotSupportedException();

        public void Remove(string key) => throw new NotSupportedException();

        public Task RemoveAsync(string key, CancellationToken token = default) => throw new NotSupportedException();

        public void Set(string key, byte[] value, DistributedCacheEntryOptions options) => throw new NotSupportedException();

        public Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default)
        {
            Stored.Add(options);
            return Task.CompletedTask;
        }
    }

    private sealed class HangingReads : Forgetful
    {
        public override Task<byte[]?> GetAsync(string key, CancellationToken token = default) => new TaskCompletionSource<byte[]?>().Task;
    }
}
