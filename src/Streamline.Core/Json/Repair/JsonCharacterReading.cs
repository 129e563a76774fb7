using System.Buffers;
using System.Text;

namespace Streamline.Json;

/// <summary>Characters longer than a byte, between tokens and in typographic quotes.</summary>
internal static class JsonCharacterReading
{
    /// <summary>Reads a byte of a character, which may be whole now.</summary>
    public static void Read(JsonHypotheses all, in JsonHypothesis hypothesis)
    {
        var status = Rune.DecodeFromUtf8(all.HeldFrom(hypothesis.Start), out var character, out var length);
        if (status == OperationStatus.NeedMoreData)
        {
            all.Add(hypothesis);
            return;
        }

        var read = hypothesis;
        (read.Mode, read.Byte) = (JsonReadingMode.Grammar, 0);
        if (status == OperationStatus.InvalidData)
        {
            TakeInvalid(all, hypothesis, read, length);
        }
        else if (hypothesis.IsInText)
        {
            TakeCharacterInText(all, hypothesis, read, character.Value, length);
        }
        else
        {
            TakeCharacter(all, hypothesis, read, character.Value, length);
        }
    }

    private static void TakeInvalid(JsonHypotheses all, in JsonHypothesis hypothesis, in JsonHypothesis read, int length)
    {
        var action = hypothesis.IsInText ? JsonEditAction.WriteReplacement : JsonEditAction.Skip;
        var repaired = all.Repaired(read, action, length, PartialJsonRepairKind.InvalidUtf8, isGuess: false, JsonRepairCost.ForeignToken, offset: hypothesis.Start);
        if (hypothesis.Start + length > all.Offset)
        {
            all.Add(repaired);
        }
        else
        {
            all.Read(repaired, all.HeldFrom(all.Offset)[0]); // what broke the character off
        }
    }

    private static void TakeCharacterInText(JsonHypotheses all, in JsonHypothesis hypothesis, in JsonHypothesis read, int character, int length)
    {
        if (hypothesis.Quotes == JsonQuotes.DoubleTypographic ? IsDoubleQuote(character) : IsSingleQuote(character))
        {
            JsonTextReading.ReadQuote(all, read, 0, length);
            return;
        }

        var text = read;
        text.TryWrite(all.HeldFrom(hypothesis.Start));
        text.Set(JsonReadingFlags.IsTextEmpty, value: false);
        all.Add(text);
    }

    private static void TakeCharacter(JsonHypotheses all, in JsonHypothesis hypothesis, in JsonHypothesis read, int character, int length)
    {
        var start = hypothesis.Start;
        switch (character)
        {
            case 0xFEFF or 0xA0 or 0x180E or (>= 0x2000 and <= 0x200D) or 0x2028 or 0x2029 or 0x202F or 0x205F or 0x2060 or 0x3000:
                all.Add(all.Repaired(read, JsonEditAction.Skip, length, PartialJsonRepairKind.ForeignWhitespace, isGuess: false, JsonRepairCost.ForeignToken, offset: start));
                break;
            case 0xFF0C or 0x3001 or 0xFF1A:
                TakeSign(all, read, character == 0xFF1A ? (byte)':' : (byte)',', start, length);
                break;
            case 0x2026 when read.State == PartialJsonReaderState.CommaOrEnd:
                var isJoined = all.Window.TextBefore(start) is [.., not ((byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r')]; // 3.14…
                all.Add(all.Repaired(read, JsonEditAction.Skip, length, PartialJsonRepairKind.Ellipsis, isJoined, JsonRepairCost.Trivia, offset: start));
                break;
            default:
                TakeTextCharacter(all, read, character, start, length);
                break;
        }
    }

    private static void TakeSign(JsonHypotheses all, in JsonHypothesis read, byte sign, long start, int length)
    {
        var signed = all.Repaired(read, JsonEditAction.Write, length, PartialJsonRepairKind.UnexpectedCharacter, isGuess: false, JsonRepairCost.ForeignToken, sign, start);
        if (signed.TryWrite([sign]))
        {
            all.Add(signed);
        }
    }

    private static void TakeTextCharacter(JsonHypotheses all, in JsonHypothesis read, int character, long start, int length)
    {
        var token = JsonForks.BeforeToken(all, read, start);
        if (IsDoubleQuote(character) || IsSingleQuote(character))
        {
            all.Add(JsonTextReading.Begin(all, token, IsDoubleQuote(character) ? JsonQuotes.DoubleTypographic : JsonQuotes.SingleTypographic, start, length));
        }
        else
        {
            all.Add(JsonWordReading.Begin(token, start));
        }
    }

    // U+201C to U+201F.
    private static bool IsDoubleQuote(int character) => character is >= 0x201C and <= 0x201F;

    // U+2018 to U+201B, and the acute accent.
    private static bool IsSingleQuote(int character) => character is (>= 0x2018 and <= 0x201B) or 0xB4;
}
