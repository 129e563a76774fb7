using Microsoft.Extensions.AI;

namespace Streamline.Tools;

/// <summary>Joins a turn to the conversation before it. Results of calls that an earlier turn made, and that this one has approved, go to those calls.</summary>
internal static class SessionOrder
{
    public static IReadOnlyList<ChatMessage> Join(IReadOnlyList<ChatMessage> history, IReadOnlyList<ChatMessage> opening, IEnumerable<ChatMessage> answer)
    {
        var joined = new List<ChatMessage>(history);
        List<ChatMessage> rest = [.. opening, .. answer];
        var places = PlacesOf(history, rest);
        if (places.Count == 0)
        {
            return [.. joined, .. rest];
        }

        var late = new SortedDictionary<int, List<AIContent>>();
        for (var i = 0; i < rest.Count; i++)
        {
            var results = rest[i].Contents.Where(IsLate).ToList();
            foreach (var result in results.Cast<FunctionResultContent>())
            {
                var place = places[result.CallId];
                (late.TryGetValue(place, out var list) ? list : late[place] = []).Add(result);
            }

            if (results.Count > 0)
            {
                rest[i] = rest[i].Clone();
                rest[i].Contents = [.. rest[i].Contents.Where(content => !IsLate(content))];
            }
        }

        foreach (var (place, results) in late.Reverse())
        {
            joined.Insert(place, new ChatMessage(ChatRole.Tool, results));
        }

        return [.. joined, .. rest.Where(message => message.Contents.Count > 0)];

        bool IsLate(AIContent content) => content is FunctionResultContent result && places.ContainsKey(result.CallId);
    }

    // Of each call that only the history makes: the place after it, and after the results that follow it.
    private static Dictionary<string, int> PlacesOf(IReadOnlyList<ChatMessage> history, List<ChatMessage> rest)
    {
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        if (!rest.Exists(message => message.Contents.Any(content => content is FunctionResultContent)))
        {
            return places;
        }

        for (var i = 0; i < history.Count; i++)
        {
            var place = i + 1;
            while (place < history.Count && history[place].Role == ChatRole.Tool)
            {
                place++;
            }

            foreach (var id in history[i].Contents.Select(CallIdOf).OfType<string>())
            {
                places[id] = place;
            }
        }

        foreach (var id in rest.SelectMany(message => message.Contents).Select(CallIdOf).OfType<string>())
        {
            places.Remove(id);
        }

        return places;
    }

    private static string? CallIdOf(AIContent content) => content switch
    {
        FunctionCallContent call => call.CallId,
        ToolApprovalRequestContent request => request.ToolCall.CallId,
        _ => null,
    };
}
