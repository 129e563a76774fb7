namespace Streamline.Json;

/// <summary>Settings of a <see cref="PartialJsonDocument"/>.</summary>
public sealed class PartialJsonOptions
{
    /// <summary>The default of <see cref="MaxBytes"/>: 4 MiB.</summary>
    internal const int DefaultMaxBytes = 4 * 1024 * 1024;

    /// <summary>The default of <see cref="MaxRepairs"/>: 1,000.</summary>
    internal const int DefaultMaxRepairs = 1_000;

    /// <summary>The default of <see cref="MaxGuesses"/>: 4,096.</summary>
    internal const int DefaultMaxGuesses = 4_096;

    /// <summary>Gets or sets a value indicating whether a text that is cut short is accepted.</summary>
    /// <value>
    /// The default is <see langword="true"/>: what is missing stays missing, and the elements it is missing from are not complete. When <see langword="false"/>, a
    /// text whose end is declared before its root value is whole is an error (<see cref="StreamProtocolError.TruncatedJson"/>).
    /// </value>
    public bool AllowTruncation { get; set; } = true;

    /// <summary>Gets or sets which malformed text is repaired.</summary>
    /// <value>The default is <see cref="PartialJsonRepairMode.None"/>.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not one of the modes.</exception>
    public PartialJsonRepairMode Repair
    {
        get;
        set
        {
            if (!Enum.IsDefined(value))
            {
                throw new ArgumentOutOfRangeException(nameof(Repair), value, "Not a defined mode.");
            }

            field = value;
        }
    }

    /// <summary>Gets or sets which document is shown when the text holds several.</summary>
    /// <value>
    /// The default is <see cref="PartialJsonDocuments.First"/>. Without repairs a second document is an error; so it is with <see cref="PartialJsonRepairMode.Safe"/>,
    /// unless all of them are shown.
    /// </value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not one of the choices.</exception>
    public PartialJsonDocuments Documents
    {
        get;
        set
        {
            if (!Enum.IsDefined(value))
            {
                throw new ArgumentOutOfRangeException(nameof(Documents), value, "Not a defined choice.");
            }

            field = value;
        }
    }

    /// <summary>Gets or sets how many repairs are listed. Further ones are made and counted, but not listed.</summary>
    /// <value>The default is 1,000. At least 0.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int MaxRepairs
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(MaxRepairs));
            field = value;
        }
    } = DefaultMaxRepairs;

    /// <summary>Gets or sets how many repairs may be guessed, one for every 16 bytes of the text aside. A text that needs more is hardly JSON, and each guess takes time.</summary>
    /// <value>The default is 4,096. At least 0. Past the limit, reading ends with a <see cref="StreamLimitException"/>; what was read before stays.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int MaxGuesses
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(MaxGuesses));
            field = value;
        }
    } = DefaultMaxGuesses;

    /// <summary>Gets or sets the greatest length of the text, in UTF-8 bytes.</summary>
    /// <value>The default is 4 MiB. From 1 to 134,217,727 (128 MiB less one).</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaxBytes
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(MaxBytes));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, JsonRow.MaxTextBytes, nameof(MaxBytes));
            field = value;
        }
    } = DefaultMaxBytes;

    /// <summary>Gets or sets the greatest number of containers that may be open at once.</summary>
    /// <value>The default is 128. At least 1.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxDepth
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(MaxDepth));
            field = value;
        }
    } = PartialJsonReader.DefaultMaxDepth;

    /// <summary>Gets or sets a value indicating whether a number is shown before it is known to have ended.</summary>
    /// <value>
    /// The default is <see langword="false"/>: <c>12</c> may become <c>120</c>, so it is withheld. When <see langword="true"/>, its digits so far are shown as long as
    /// they are a number by themselves, and the element is not complete. Has no effect with repairs, where <c>12</c> may also turn out to be the beginning of a date.
    /// </value>
    public bool ShowGrowingNumbers { get; set; }

    /// <summary>Gets or sets what the text is expected to hold.</summary>
    /// <value>
    /// The default is <see langword="null"/>: anything. With <see cref="PartialJsonRepairMode.Guess"/>, readings of malformed text that fit the schema are preferred, and values and names that do
    /// not fit are read as what is wanted where that is plain: a number in quotes, a single value for a list, the name of a property in another spelling. All of it is reported as a guess.
    /// What has no such reading stays as it is; this is not validation. Without effect in the other modes.
    /// </value>
    public PartialJsonSchema? Schema { get; set; }

    internal PartialJsonOptions Copy() => (PartialJsonOptions)MemberwiseClone();
}
