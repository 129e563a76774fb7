using System.Text.Json;

namespace Streamline.Json;

/// <summary>The append-only list of rows that tokens are written to. Old snapshots keep reading the arrays it has outgrown.</summary>
internal struct JsonTape
{
#if DEBUG
    private const int InitialRows = 1; // so that every test grows it
#else
    private const int InitialRows = 8;
#endif

    private JsonRow[]? _rows;
    private int _parent; // the row of the innermost open container plus 1; 0 when none is open
    private int _nextIndex; // the position of the next child of that container

    public readonly JsonRow[]? Rows => _rows;

    public int Count { readonly get; private set; }

    /// <summary>Begins a string, property name or number.</summary>
    public void Begin(JsonRowKind kind, int start)
    {
        Add(new JsonRow(kind, start, _parent - 1, _nextIndex));
        if (kind != JsonRowKind.PropertyName)
        {
            _nextIndex++;
        }
    }

    /// <summary>Ends what <see cref="Begin"/> began.</summary>
    public readonly void End(int end) => _rows![Count - 1].End = end;

    public void AddLiteral(JsonRowKind kind, int start, int end)
    {
        Begin(kind, start);
        End(end);
    }

    public void BeginContainer(JsonRowKind kind, int start)
    {
        Add(new JsonRow(kind, start, _parent - 1, _nextIndex));
        _parent = Count;
        _nextIndex = 0;
    }

    public void EndContainer(int end)
    {
        ref var row = ref _rows![_parent - 1];
        row.Next = Count;
        row.End = end;
        _parent = row.Parent + 1;
        _nextIndex = row.Index + 1;
    }

    private void Add(JsonRow row)
    {
        if (_rows is null)
        {
            _rows = new JsonRow[InitialRows];
        }
        else if (Count == _rows.Length)
        {
            Array.Resize(ref _rows, _rows.Length * 2);
        }

        _rows[Count++] = row;
    }
}
