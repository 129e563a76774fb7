namespace Streamline.Testing;

/// <summary>Options of a <see cref="ScriptedProvider"/>.</summary>
/// <remarks>The provider copies the values when it is made, so later changes do nothing to it.</remarks>
public sealed class ScriptedProviderOptions
{
    /// <summary>Gets or sets a value indicating whether the last reply serves all further requests; otherwise a request without a reply is an error.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool RepeatLastReply { get; set; }

    /// <summary>Gets or sets the key that every request must carry, as <c>x-api-key</c> or as a bearer token. Others are answered with status 401.</summary>
    /// <value>The default is <see langword="null"/>: keys are not looked at.</value>
    /// <exception cref="ArgumentException">The value is empty.</exception>
    public string? ExpectedApiKey
    {
        get;
        set
        {
            if (value is not null)
            {
                ArgumentException.ThrowIfNullOrEmpty(value, nameof(ExpectedApiKey));
            }

            field = value;
        }
    }

    /// <summary>Gets or sets the clock by which delays pass.</summary>
    /// <value>The default is <see cref="TimeProvider.System"/>.</value>
    /// <exception cref="ArgumentNullException">The value is <see langword="null"/>.</exception>
    public TimeProvider TimeProvider
    {
        get;
        set
        {
            ArgumentNullException.ThrowIfNull(value, nameof(TimeProvider));
            field = value;
        }
    } = TimeProvider.System;
}
