using System.Text.Json.Serialization;

namespace Streamline.Text;

/// <summary>The alignment of a column of a table.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<MarkdownAlignment>))]
public enum MarkdownAlignment
{
    /// <summary>None is given.</summary>
    None,

    /// <summary>To the left.</summary>
    Left,

    /// <summary>To the center.</summary>
    Center,

    /// <summary>To the right.</summary>
    Right,
}
