using System.CommandLine;
using System.Globalization;
using System.Numerics;

namespace Streamline.Cli;

/// <summary>Makes options that take a number, and say so when they get something else.</summary>
internal static class NumberOption
{
    public static Option<T> Create<T>(string name, string description, Func<T> byDefault)
        where T : struct, INumber<T>
    {
        var option = Create<T, T>(name, description, number => number);
        option.DefaultValueFactory = _ => byDefault();
        return option;
    }

    public static Option<T?> CreateOptional<T>(string name, string description)
        where T : struct, INumber<T> => Create<T, T?>(name, description, number => number);

    private static Option<TOption> Create<T, TOption>(string name, string description, Func<T, TOption> convert)
        where T : struct, INumber<T> => new(name)
        {
            Description = description,
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;
                if (T.TryParse(text, CultureInfo.InvariantCulture, out var number) && T.IsFinite(number))
                {
                    return convert(number);
                }

                result.AddError($"{name}: expected a {(T.IsInteger(T.One / (T.One + T.One)) ? "whole number" : "number")}; found '{text}'.");
                return default!;
            },
        };
}
