using System.Text.Json.Nodes;

namespace GatewaySample;

/// <summary>Lists the models, in the form of the protocol that the client speaks: Anthropic's clients say so by a header.</summary>
internal static class ModelList
{
    public static Task WriteAsync(HttpContext context, IReadOnlyList<string> models)
    {
        var body = context.Request.Headers.ContainsKey("anthropic-version") ? ForAnthropic(models) : ForOpenAI(models);
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(body.ToJsonString(), context.RequestAborted);
    }

    private static JsonObject ForAnthropic(IReadOnlyList<string> models) => new()
    {
        ["data"] = new JsonArray([.. models.Select(model => new JsonObject
        {
            ["type"] = "model", ["id"] = model, ["display_name"] = model, ["created_at"] = "1970-01-01T00:00:00Z",
        })]),
        ["has_more"] = false,
        ["first_id"] = models.Count > 0 ? models[0] : null,
        ["last_id"] = models.Count > 0 ? models[^1] : null,
    };

    private static JsonObject ForOpenAI(IReadOnlyList<string> models) => new()
    {
        ["object"] = "list",
        ["data"] = new JsonArray([.. models.Select(model => new JsonObject { ["id"] = model, ["object"] = "model", ["created"] = 0, ["owned_by"] = "gateway" })]),
    };
}
