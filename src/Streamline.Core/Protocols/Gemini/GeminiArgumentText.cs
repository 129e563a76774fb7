using System.Globalization;
using System.Text.Encodings.Web;

namespace Streamline.Protocols.Gemini;

/// <summary>
/// Turns streamed arguments, which come as values with paths, into the text of one JSON object that grows at its end. Values must
/// come in the order of that text; one that goes back makes the arguments unusable, for what was shown cannot be taken back.
/// </summary>
internal sealed class GeminiArgumentText
{
    private readonly List<Level> _open = [];
    private readonly StringBuilder _text = new();
    private bool _isInString;

    /// <summary>Gets why the arguments cannot be used; <see langword="null"/> while nothing is wrong.</summary>
    public string? Fault { get; private set; }

    /// <summary>Whether the string that is open is the value at a path.</summary>
    public bool IsInStringAt(List<(string? Name, int Index)> path)
    {
        if (!_isInString || path.Count != _open.Count)
        {
            return false;
        }

        for (var i = 0; i < path.Count; i++)
        {
            if (!_open[i].IsAt(path[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Moves to the place of a new value.</summary>
    public void MoveTo(List<(string? Name, int Index)> path)
    {
        EndString();
        if (_open.Count == 0)
        {
            Open(isArray: false);
        }

        // What the paths share is open already, except the last step, which has no value yet.
        var shared = 0;
        while (shared < path.Count - 1 && shared + 1 < _open.Count && _open[shared].IsAt(path[shared]))
        {
            shared++;
        }

        Close(downTo: shared + 1);
        for (var i = shared; i < path.Count && Fault is null; i++)
        {
            Step(_open[i], path[i]);
            if (i + 1 < path.Count)
            {
                Open(isArray: path[i + 1].Name is null);
            }
        }
    }

    /// <summary>Adds a value that is not a string.</summary>
    public void AddLiteral(string json) => _text.Append(json);

    /// <summary>Begins a string.</summary>
    public void BeginString()
    {
        _isInString = true;
        _text.Append('"');
    }

    /// <summary>Adds a piece of the string that is open.</summary>
    public void AddToString(string text) => _text.Append(JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text));

    /// <summary>Ends the string that is open, if one is.</summary>
    public void EndString()
    {
        if (_isInString)
        {
            _isInString = false;
            _text.Append('"');
        }
    }

    /// <summary>Ends the object.</summary>
    public void End()
    {
        if (_isInString)
        {
            Fault ??= "The call ended inside a string of its arguments.";
        }

        Close(downTo: 0);
    }

    /// <summary>Says that the arguments cannot be used.</summary>
    public void Break(string fault) => Fault ??= fault;

    /// <summary>Takes the text that was added since the last time.</summary>
    public string Take()
    {
        var text = _text.ToString();
        _text.Clear();
        return text;
    }

    private void Open(bool isArray)
    {
        _open.Add(new Level(isArray));
        _text.Append(isArray ? '[' : '{');
    }

    private void Close(int downTo)
    {
        for (var i = _open.Count - 1; i >= downTo; i--)
        {
            _text.Append(_open[i].IsArray ? ']' : '}');
            _open.RemoveAt(i);
        }
    }

    private void Step(Level level, (string? Name, int Index) step)
    {
        if (!level.TryMoveTo(step))
        {
            Fault = "The pieces of the arguments did not come in the order of the arguments.";
            return;
        }

        if (level.Count > 1)
        {
            _text.Append(',');
        }

        if (step.Name is { } name)
        {
            _text.Append(CultureInfo.InvariantCulture, $"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(name)}\":");
        }
    }

    /// <summary>An object or array that is open, and the place in it that was written last.</summary>
    private sealed class Level(bool isArray)
    {
        private readonly HashSet<string> _names = new(StringComparer.Ordinal);
        private string? _name;

        public bool IsArray { get; } = isArray;

        public int Count { get; private set; }

        public bool IsAt((string? Name, int Index) step) =>
            Count > 0 && (IsArray ? step.Name is null && step.Index == Count - 1 : step.Name == _name);

        public bool TryMoveTo((string? Name, int Index) step)
        {
            _name = step.Name;
            var isNext = IsArray ? step.Name is null && step.Index == Count : step.Name is not null && _names.Add(step.Name);
            Count++;
            return isNext;
        }
    }
}
