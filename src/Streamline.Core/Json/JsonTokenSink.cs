using System.Text.Json;

namespace Streamline.Json;

/// <summary>Stops the reader at every token and hands the token out.</summary>
internal ref struct JsonTokenSink : IJsonSink
{
    public PartialJsonToken Token { get; private set; }

    public bool StartContainer(bool isObject, long offset) =>
        Stop(new PartialJsonToken(isObject ? JsonTokenType.StartObject : JsonTokenType.StartArray, default, offset));

    public bool EndContainer(bool isObject, long offset) =>
        Stop(new PartialJsonToken(isObject ? JsonTokenType.EndObject : JsonTokenType.EndArray, default, offset));

    public bool Literal(JsonTokenType type, long start, long end) => Stop(new PartialJsonToken(type, default, start));

    public bool Fragment(JsonTokenType type, ReadOnlySpan<byte> value, long start, long end, bool isFirst, bool isFinal) =>
        Stop(new PartialJsonToken(type, value, start, isFirst, isFinal));

    private bool Stop(PartialJsonToken token)
    {
        Token = token;
        return false;
    }
}
