using System.Runtime.CompilerServices;

namespace Streamline.Json;

/// <content>What a repair needs: to see where the reader stands, and to set it back to where it stood.</content>
public partial struct PartialJsonReader
{
    /// <summary>Where the reader stands. After a failure: where it stood.</summary>
    internal readonly PartialJsonReaderState State => _state == PartialJsonReaderState.Failed ? _failedState : _state;

    /// <summary>Whether the reader refused a container because too many are open.</summary>
    internal readonly bool IsTooDeep => _failure == FailureKind.TooDeep;

    /// <summary>Whether no container may be opened, because too many are open.</summary>
    internal readonly bool IsFull => _containers.Depth >= MaxDepth;

    /// <summary>Whether the reader is between two tokens.</summary>
    internal readonly bool IsBetweenTokens
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _state < PartialJsonReaderState.Text;
    }

    /// <summary>Whether the reader, between two tokens, is after a property name whose value has not begun.</summary>
    internal readonly bool IsBehindName
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (_state == PartialJsonReaderState.Colon) | ((_state == PartialJsonReaderState.Value) & _containers.IsObject);
    }

    /// <summary>Whether the reader is in a string or property name.</summary>
    internal readonly bool IsInText
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _state is >= PartialJsonReaderState.Text and <= PartialJsonReaderState.MultiByte;
    }

    internal readonly bool IsInObject => _containers.Depth > 0 && _containers.IsObject;

    internal readonly bool IsInArray => _containers.Depth > 0 && !_containers.IsObject;

    /// <summary>Whether the string that is being read, or was read last, is a property name.</summary>
    internal readonly bool IsName => _isName;

    /// <summary>Of an escape that has begun: how many of its bytes have come.</summary>
    internal readonly int EscapeBytes => _state switch
    {
        _ when State == PartialJsonReaderState.Escape => 1,
        _ when State == PartialJsonReaderState.HexDigits => JsonText.UnicodeEscapeLength - _unitsLeft,
        _ => 0,
    };

    /// <summary>Of a literal that has begun: the letters that are still to come.</summary>
    internal readonly ReadOnlySpan<byte> MissingLetters => LiteralName(_literal)[_undecided..];

    /// <summary>How many of the open containers are objects, or arrays.</summary>
    internal readonly int CountOpen(bool isObject) => isObject ? _containers.ObjectCount : _containers.Depth - _containers.ObjectCount;

    /// <summary>The kinds of the open containers, for looking at; popping the copy leaves the reader as it is.</summary>
    internal readonly JsonContainerStack Containers => _containers;

    /// <summary>Resumes after a failure, at the byte that was refused.</summary>
    internal void Resume()
    {
        if (_state == PartialJsonReaderState.Failed)
        {
            _state = _failedState;
            _failure = FailureKind.None;
        }
    }

    /// <summary>Whether another reader would read whatever follows in the same way, except for offsets.</summary>
    internal readonly bool IsSameAs(in PartialJsonReader other) =>
        _state == other._state && _undecided == other._undecided && _containers.IsSameAs(other._containers) && _state switch
        {
            < PartialJsonReaderState.Text => true,
            PartialJsonReaderState.Text or PartialJsonReaderState.Escape => _isName == other._isName,
            PartialJsonReaderState.HexDigits => _isName == other._isName && _unitsLeft == other._unitsLeft && _codeUnit == other._codeUnit,
            PartialJsonReaderState.MultiByte => _isName == other._isName && _unitsLeft == other._unitsLeft
                && _continuationMin == other._continuationMin && _continuationMax == other._continuationMax,
            PartialJsonReaderState.Literal => _literal == other._literal,
            _ => true,
        };

    /// <summary>Opens a container again that has ended, or takes back that one was opened. The caller rewinds the state.</summary>
    internal void ReopenContainer(bool isObject) => _containers.Push(isObject);

    /// <inheritdoc cref="ReopenContainer"/>
    internal void TakeBackContainer() => _containers.Pop();

    /// <summary>Goes back. The containers must be those that were open there.</summary>
    internal void Rewind(long offset, PartialJsonReaderState state, bool isName)
    {
        _bytesConsumed = offset;
        _state = state;
        _isName = isName;
        _undecided = 0;
        _failure = FailureKind.None;
    }
}
