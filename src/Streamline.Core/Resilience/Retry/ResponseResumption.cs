using Microsoft.Extensions.AI;

namespace Streamline.Resilience;

/// <summary>The rest of a response that broke, where the provider keeps responses: where it is resumed, and what broke it, until the first event of the rest comes.</summary>
internal sealed class ResponseResumption
{
    private ResumptionToken? _token;

    /// <summary>Gets a value indicating whether the next attempt asks for the rest.</summary>
    public bool IsPossible => _token is not null;

    /// <summary>Gets what broke the response, while the first event of the rest is awaited; <see langword="null"/> at any other time.</summary>
    public Exception? Cause { get; private set; }

    /// <summary>Makes the request of the next attempt.</summary>
    public StreamRequest Apply(StreamRequest request)
    {
        if (_token is null)
        {
            return request;
        }

        var resuming = request.Options?.Clone() ?? new ChatOptions();
        resuming.ContinuationToken = _token.ForSameStream();
        return request with { Options = resuming };
    }

    /// <summary>Finds out how a response that broke can be resumed.</summary>
    /// <param name="exception">What broke it, or broke the attempt to get the rest.</param>
    /// <param name="latest">The latest event that was read of it.</param>
    /// <returns>The failure to decide about: that of the response itself, when the provider refuses to send the rest.</returns>
    public Exception Find(Exception exception, StreamEvent? latest)
    {
        if (Cause is { } cause && !RetryOptions.IsTransient(exception))
        {
            Forget();
            return cause;
        }

        if (ResumptionToken.Find(exception) is { } found && (exception is not StreamTimeoutException || found.IsAt(latest)))
        {
            (_token, Cause) = (found, exception);
        }
        else if (Cause is null)
        {
            _token = null;
        }

        return exception;
    }

    /// <summary>Notes that the first event of the rest has come.</summary>
    public void Begin() => Cause = null;

    /// <summary>Notes that the response is not resumed after all.</summary>
    public void Forget() => (_token, Cause) = (null, null);
}
