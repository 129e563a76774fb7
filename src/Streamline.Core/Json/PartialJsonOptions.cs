namespace Streamline.Json;

/// <summary>Settings of a <see cref="PartialJsonDocument"/>.</summary>
public sealed class PartialJsonOptions
{
    /// <summary>The default of <see cref="MaxBytes"/>: 4 MiB.</summary>
    public const int DefaultMaxBytes = 4 * 1024 * 1024;

    /// <summary>Gets or sets the greatest length of the text, in UTF-8 bytes.</summary>
    /// <value>The default is <see cref="DefaultMaxBytes"/>. From 1 to 134,217,727 (128 MiB less one).</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaxBytes
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, JsonRow.MaxTextBytes);
            field = value;
        }
    } = DefaultMaxBytes;

    /// <summary>Gets or sets the greatest number of containers that may be open at once.</summary>
    /// <value>The default is <see cref="PartialJsonReader.DefaultMaxDepth"/>. At least 1.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxDepth
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = PartialJsonReader.DefaultMaxDepth;

    /// <summary>Gets or sets a value indicating whether a number is shown before it is known to have ended.</summary>
    /// <value>
    /// The default is <see langword="false"/>: <c>12</c> may become <c>120</c>, so it is withheld. When <see langword="true"/>, its digits so far are shown as long as
    /// they are a number by themselves, and the element is not complete.
    /// </value>
    public bool ShowGrowingNumbers { get; set; }
}
