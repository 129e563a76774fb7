using System.Text.Json.Nodes;

namespace Streamline.Protocols.Shared;

/// <summary>Reads the members of a received request that are options. A member that the options cannot hold exactly stays in the extra body, which the writer puts over what it makes of the options.</summary>
/// <param name="names">The options that the protocol carries in the body itself; <see langword="null"/> where it has them in a member of the body.</param>
/// <param name="elsewhere">The names of members that are read elsewhere.</param>
/// <param name="tryRead">Reads any other member; tells whether the writer writes it again from the options alone.</param>
internal sealed class RequestReader(OptionNames? names, string[] elsewhere, Func<string, RequestValue, ChatOptions, bool> tryRead)
{
    /// <summary>Reads the options.</summary>
    /// <param name="body">The body.</param>
    /// <param name="options">The options, with what was read elsewhere.</param>
    /// <param name="extra">The extra body.</param>
    /// <exception cref="StreamProtocolException">A member is of another type than the protocol has.</exception>
    public void ReadOptions(RequestValue body, ChatOptions options, JsonObject extra)
    {
        options.ModelId = body.Member("model")?.Text();
        foreach (var (name, value) in body.Members())
        {
            if (name is not ("model" or "stream") && !elsewhere.Contains(name) && !(names?.TryRead(name, value, options) ?? tryRead(name, value, options)))
            {
                extra[name] = value.ToNode();
            }
        }
    }

    /// <summary>Reads a request whose messages are known.</summary>
    /// <inheritdoc cref="ReadOptions"/>
    public StreamRequest Read(RequestValue body, IList<ChatMessage> messages, ChatOptions options)
    {
        var extra = new JsonObject();
        ReadOptions(body, options, extra);
        return ToRequest(messages, options, extra);
    }

    public static StreamRequest ToRequest(IList<ChatMessage> messages, ChatOptions options, JsonObject extra) =>
        new() { Messages = [.. messages], Options = options, ExtraBody = extra.Count == 0 ? null : extra };
}
