using System.Runtime.CompilerServices;
using Streamline.Protocols.Shared;

namespace Streamline;

/// <summary>A response that is being read. Disposing it ends the exchange at once, wherever it is.</summary>
internal sealed class HttpEventSource : IAsyncDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly StreamEventReader _reader;
    private readonly SecretMask _secrets;

    // What the headers said about rate limits, to be told after the first event.
    private RateLimitObserved? _limits;
    private bool _isTellingLimits;
    private bool _hasBegun;

    public HttpEventSource(HttpResponseMessage response, StreamEventReader reader, SecretMask secrets, IReadOnlyList<RateLimitWindow> limits)
    {
        _limits = limits.Count > 0 ? new RateLimitObserved { Windows = limits } : null;
        _response = response;
        _reader = reader;
        _secrets = secrets;
        reader.StopFolding();
    }

    public StreamEvent Current => _isTellingLimits ? _limits! : _reader.Current;

    /// <summary>Moves on to the next event.</summary>
    /// <exception cref="ProviderException">The provider reported an error. It contains no secret of the client.</exception>
    public ValueTask<bool> MoveNextAsync()
    {
        if (_limits is not null && TellLimits())
        {
            return new ValueTask<bool>(true);
        }

        // An event that is there already costs no state machine.
        var next = _reader.MoveNextAsync();
        return next.IsCompletedSuccessfully ? next : AwaitAsync(next);
    }

    public async ValueTask DisposeAsync()
    {
        using (_response)
        {
            await _reader.DisposeAsync().ConfigureAwait(false);
        }
    }

    // True when it is the turn of the limits: after the first event.
    private bool TellLimits()
    {
        (_isTellingLimits, _hasBegun, _limits) = (_hasBegun && !_isTellingLimits, true, _isTellingLimits ? null : _limits);
        return _isTellingLimits;
    }

    // Pooled, because it suspends once per event that has to be waited for.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> AwaitAsync(ValueTask<bool> next)
    {
        try
        {
            return await next.ConfigureAwait(false);
        }
        catch (ProviderException exception)
        {
            throw _secrets.Apply(exception, address: null);
        }
    }
}
