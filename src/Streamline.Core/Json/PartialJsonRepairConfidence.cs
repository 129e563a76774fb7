namespace Streamline.Json;

/// <summary>How sure a repair is.</summary>
public enum PartialJsonRepairConfidence
{
    /// <summary>The text had one reading only. The mode <see cref="PartialJsonRepairMode.Safe"/> makes these repairs and no others.</summary>
    Safe,

    /// <summary>The text had several readings; the likeliest was taken.</summary>
    Guess,
}
