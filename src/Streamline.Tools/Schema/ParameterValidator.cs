using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.AI;

namespace Streamline.Tools;

/// <summary>
/// Checks that arguments can be read as the parameters of a .NET method. A JSON schema does not tell all that a type asks for: the range of an integer, or what a date looks like.
/// Thread-safe.
/// </summary>
internal sealed class ParameterValidator
{
    private readonly List<(string Name, JsonTypeInfo Type)> _parameters = [];

    private ParameterValidator()
    {
    }

    /// <summary>Makes the validator of a function.</summary>
    /// <returns>The validator; <see langword="null"/> when the function is not a method, or has no parameters that need the check.</returns>
    public static ParameterValidator? TryCreate(AIFunction function)
    {
        if (function.UnderlyingMethod is not { } method || function.JsonSchema is not { ValueKind: JsonValueKind.Object } schema
            || !schema.TryGetProperty("properties"u8, out var properties) || properties.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var made = new ParameterValidator();
        foreach (var parameter in method.GetParameters())
        {
            // What is not in the schema does not come from the model.
            if (parameter.Name is { } name && properties.TryGetProperty(name, out _) && !TakesAnything(parameter) && function.JsonSerializerOptions.TryGetTypeInfo(parameter.ParameterType, out var type))
            {
                made._parameters.Add((name, type));
            }
        }

        return made._parameters.Count > 0 ? made : null;
    }

    /// <summary>Checks arguments.</summary>
    /// <returns>What is wrong, one sentence for each argument that cannot be read; <see langword="null"/> when nothing is.</returns>
    public string? Check(JsonElement arguments)
    {
        List<ArgumentProblem>? problems = null;
        foreach (var (name, type) in _parameters)
        {
            if (arguments.TryGetProperty(name, out var value) && Check(value, type) is { } problem)
            {
                (problems ??= []).Add(problem.In(name));
            }
        }

        return problems is null ? null : string.Join(' ', problems.Select(problem => problem + "."));
    }

    private static bool TakesAnything(ParameterInfo parameter) =>
        parameter.ParameterType == typeof(string) || parameter.ParameterType == typeof(object) || parameter.ParameterType == typeof(JsonElement);

    private static ArgumentProblem? Check(JsonElement value, JsonTypeInfo type)
    {
        if (type.Type == typeof(int) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out _))
        {
            return null;
        }

        try
        {
            JsonSerializer.Deserialize(value, type);
            return null;
        }
        catch (JsonException exception)
        {
            return JsonPlace.Find(value, type, exception.Path).ToProblem();
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or OverflowException)
        {
            // A constructor or a setter refused what it was given. Its words may not be meant for the model.
            return new JsonPlace(value, Type: null, Path: "").ToProblem();
        }
        catch (Exception)
        {
            return null; // not the fault of the arguments; the call tells
        }
    }
}
