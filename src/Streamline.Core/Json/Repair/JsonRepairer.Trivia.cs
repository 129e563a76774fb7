using System.Buffers;
using System.Text;

namespace Streamline.Json;

/// <content>Between tokens: comments, fences, characters longer than a byte, and a document that is escaped as a whole.</content>
internal sealed partial class JsonRepairer
{
    private bool _isSlashInText; // the comment stands between two strings that a plus joins
    private bool _isStarSeen; // in a block comment, right behind a star

    private JsonRepairState StateBehindComment =>
        _isSlashInText ? JsonRepairState.Concatenation : _isInDocument ? JsonRepairState.Grammar : JsonRepairState.Before;

    private bool TakeBehindSlash(byte found)
    {
        if (found is (byte)'/' or (byte)'*')
        {
            if (_isInDocument && IsRightBehindScalar)
            {
                Emit(" "u8); // a value ends where a comment begins
            }

            BeginComment(found == (byte)'/' ? JsonRepairState.LineComment : JsonRepairState.BlockComment, _offset - 1);
            return true;
        }

        if (_isSlashInText)
        {
            _isSlashInText = false;
            CloseText();
            _state = JsonRepairState.Grammar;
            return false;
        }

        _held.Clear();
        _held.Add((byte)'/');
        if (_isInDocument)
        {
            BeginWord();
        }
        else
        {
            AddHeldToProse();
        }

        return false;
    }

    private void BeginComment(JsonRepairState kind, long offset)
    {
        Report(PartialJsonRepairKind.Comment, offset);
        _isStarSeen = false;
        _state = kind;
    }

    private bool TakeInLineComment(byte found)
    {
        if (found is not ((byte)'\n' or (byte)'\r'))
        {
            return true;
        }

        _state = StateBehindComment;
        _isSlashInText = false;
        return false;
    }

    private bool TakeInBlockComment(byte found)
    {
        if (found == (byte)'/' && _isStarSeen)
        {
            _state = StateBehindComment;
            _isSlashInText = false;
        }

        _isStarSeen = found == (byte)'*';
        return true;
    }

    private bool TakeBehindBackslash(byte found)
    {
        _held.Clear();
        if (found is (byte)'"' or (byte)'n' or (byte)'r' or (byte)'t')
        {
            Report(PartialJsonRepairKind.EscapedDocument, _offset - 1, isGuess: true);
            BeginUnescaping(areQuotesDoubled: false);
            return false; // and is taken as escaped
        }

        _held.Add((byte)'\\');
        if (_isInDocument)
        {
            BeginWord();
        }
        else
        {
            AddHeldToProse();
        }

        return false;
    }

    private bool TakeBehindBackticks(byte found)
    {
        if (found == (byte)'`')
        {
            _held.Add(found);
            if (_held.Count == FenceLength)
            {
                _held.Clear();
                Report(PartialJsonRepairKind.MarkdownFence, _offset - (FenceLength - 1));
                _state = JsonRepairState.FenceLanguage;
                _hasFenceLanguage = false;
                if (_isOpenerAlone && _record.Tape.Count == 1 && _documents != PartialJsonDocuments.All)
                {
                    // A bracket around the fence, and nothing in it yet: the document is what the fence holds.
                    ClearRecord();
                    _isInDocument = false;
                    _hasBegun = false;
                    _isFenced = true;
                    _state = JsonRepairState.FenceLine;
                }
            }

            return true;
        }

        var count = _held.Count;
        _held.Clear();
        BeginForeignText(JsonQuotes.SingleTypographic, _offset - count);
        if (count > 1)
        {
            CloseText();
        }

        return false;
    }

    private bool TakeInFenceLanguage(byte found)
    {
        if (char.IsAsciiLetterOrDigit((char)found) || found is (byte)'+' or (byte)'#' or (byte)'_')
        {
            _hasFenceLanguage = true;
            return true;
        }

        if (_hasFenceLanguage || !TryEndAtFence())
        {
            _state = JsonRepairState.Grammar;
        }

        return false;
    }

    // A character longer than a byte, between tokens.
    private bool TakeInCharacter(byte found)
    {
        _held.Add(found);
        var status = Rune.DecodeFromUtf8(_held.Span, out var character, out _);
        if (status == OperationStatus.NeedMoreData)
        {
            return true;
        }

        if (status == OperationStatus.Done)
        {
            TakeCharacter(character.Value);
            return true;
        }

        // What broke it off is not part of it.
        var isAlone = _held.Count == 1;
        Report(PartialJsonRepairKind.InvalidUtf8, _offset + 1 - _held.Count);
        _held.Clear();
        _state = _isInDocument ? JsonRepairState.Grammar : JsonRepairState.Before;
        return isAlone;
    }

    private void TakeCharacter(int character)
    {
        var start = _offset + 1 - _held.Count;
        _state = _isInDocument ? JsonRepairState.Grammar : JsonRepairState.Before;
        switch (character)
        {
            case 0xFEFF or 0xA0 or 0x180E or (>= 0x2000 and <= 0x200D) or 0x2028 or 0x2029 or 0x202F or 0x205F or 0x2060 or 0x3000:
                Report(PartialJsonRepairKind.ForeignWhitespace, start);
                break;
            case >= 0x201C and <= 0x201F:
                BeginTypographicText(JsonQuotes.DoubleTypographic, start);
                break;
            case (>= 0x2018 and <= 0x201B) or 0xB4:
                BeginTypographicText(JsonQuotes.SingleTypographic, start);
                break;
            case 0xFF0C or 0x3001 when _isInDocument:
                TakeInstead((byte)',');
                return;
            case 0xFF1A when _isInDocument:
                TakeInstead((byte)':');
                return;
            case 0x2026 when _isInDocument:
                Report(PartialJsonRepairKind.Ellipsis, start);
                break;
            default:
                BeginCharacterWord();
                return;
        }

        _held.Clear();
    }

    private void BeginTypographicText(JsonQuotes quotes, long start)
    {
        if (!_isInDocument)
        {
            BeginDocument(start);
        }

        BeginForeignText(quotes, start);
    }

    // A sign of another script, read as the one that JSON has.
    private void TakeInstead(byte found)
    {
        Report(PartialJsonRepairKind.UnexpectedCharacter, _offset + 1 - _held.Count);
        _held.Clear();
        Pump([found]);
        _offset--;
    }

    private void BeginCharacterWord()
    {
        if (!_isInDocument)
        {
            _offset++;
            AddHeldToProse();
            _offset--;
            return;
        }

        _offset++; // the held bytes end before it
        BeginWord();
        _offset--;
    }
}
