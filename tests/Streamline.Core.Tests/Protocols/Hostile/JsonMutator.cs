using System.Text.Json;
using System.Text.Json.Nodes;

namespace Streamline.Tests.Protocols.Hostile;

/// <summary>Changes a JSON document at a random place: confuses kinds, drops, doubles, renames, and copies from elsewhere.</summary>
internal sealed class JsonMutator(Random random)
{
    private static readonly string[] Values =
    [
        "null", "true", "false", "0", "-1", "1.5", "7.0", "9223372036854775808", "1e300", "\"\"", "\" \"", "\"a\"", "\"a\\nb\"", "\"\\u0000\"", "\"3\"", "\"{}\"", "\"{\\\"a\\\":\"",
        "[]", "{}", "[[]]", "[null]", "[1,\"a\"]", "{\"a\":1}", "{\"type\":\"a\\nb\"}", "{\"type\":null}", "[{\"type\":\"text\",\"text\":\"t\"}]", "{\"error\":{\"message\":\"m\"}}", "{\"text\":\"t\"}",
    ];

    /// <summary>Changes a text that may be JSON; one that is not loses, doubles or changes a character.</summary>
    public string Mutate(string text)
    {
        if (random.Next(8) == 0 || TryParse(text) is not { } root)
        {
            return MutateText(text);
        }

        var holder = new JsonArray(root);
        var places = Places(holder).ToList();
        Change(places[random.Next(places.Count)], places);
        return holder.Count == 0 ? "" : holder[0]?.ToJsonString() ?? "null";
    }

    private static JsonNode? TryParse(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            return null;
        }
    }

    private static IEnumerable<Place> Places(JsonNode? node)
    {
        switch (node)
        {
            case JsonArray array:
                for (var i = 0; i < array.Count; i++)
                {
                    yield return new Place(array, i, Name: null);
                    foreach (var place in Places(array[i]))
                    {
                        yield return place;
                    }
                }

                break;
            case JsonObject members:
                foreach (var (name, value) in members)
                {
                    yield return new Place(members, Index: 0, name);
                    foreach (var place in Places(value))
                    {
                        yield return place;
                    }
                }

                break;
            default:
                break;
        }
    }

    private void Change(Place place, List<Place> places)
    {
        switch (random.Next(8))
        {
            case 0:
                place.Remove();
                break;
            case 1:
                place.Double();
                break;
            case 2:
                place.Value = new JsonArray(place.Value?.DeepClone());
                break;
            case 3:
                place.Value = places[random.Next(places.Count)].Value?.DeepClone();
                break;
            case 4:
                place.Rename(places[random.Next(places.Count)].Name ?? "a\nb");
                break;
            default:
                place.Value = JsonNode.Parse(Values[random.Next(Values.Length)]);
                break;
        }
    }

    private string MutateText(string text)
    {
        if (text.Length == 0)
        {
            return Values[random.Next(Values.Length)];
        }

        var index = random.Next(text.Length);
        return random.Next(4) switch
        {
            0 => text.Remove(index, random.Next(1, Math.Min(8, text.Length - index) + 1)),
            1 => text.Insert(index, text.Substring(random.Next(index + 1), 1)),
            2 => text[..index],
            _ => string.Concat(text.AsSpan(0, index), ((char)random.Next(' ', '~')).ToString(), text.AsSpan(index + 1)),
        };
    }

    /// <summary>An element of an array or a member of an object.</summary>
    private sealed record Place(JsonNode Parent, int Index, string? Name)
    {
        public JsonNode? Value
        {
            get => Name is null ? Parent[Index] : Parent[Name];
            set
            {
                if (Name is null)
                {
                    Parent[Index] = value;
                }
                else
                {
                    Parent[Name] = value;
                }
            }
        }

        public void Remove()
        {
            if (Name is null)
            {
                Parent.AsArray().RemoveAt(Index);
            }
            else
            {
                Parent.AsObject().Remove(Name);
            }
        }

        public void Double()
        {
            if (Name is null)
            {
                Parent.AsArray().Insert(Index, Value?.DeepClone());
            }
            else
            {
                Parent[$"{Name}2"] = Value?.DeepClone();
            }
        }

        public void Rename(string name)
        {
            if (Name is not null)
            {
                var value = Value;
                Remove();
                Parent[name] = value;
            }
        }
    }
}
