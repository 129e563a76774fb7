namespace Streamline.Json;

/// <summary>The kinds of JSON values that are allowed in a place.</summary>
[Flags]
internal enum JsonKinds : byte
{
    None = 0,
    Object = 1,
    Array = 1 << 1,
    String = 1 << 2,
    Number = 1 << 3,
    Boolean = 1 << 4,
    Null = 1 << 5,
    All = Object | Array | String | Number | Boolean | Null,
}
