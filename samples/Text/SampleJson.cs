using System.Text.Json.Serialization;

namespace TextSample;

[JsonSerializable(typeof(string))]
internal sealed partial class SampleJson : JsonSerializerContext;
