using System.Diagnostics;

namespace Streamline.Json;

/// <summary>
/// The walk along the rows that one snapshot has and an earlier one does not. The tape is written in the order of the text, so they are the last
/// rows, and at most one older row differs: the string or number at the end of the earlier snapshot.
/// </summary>
internal struct JsonChanges
{
    private readonly JsonSnapshot _snapshot;
    private readonly int _end;
    private int _row;
    private PartialJsonChangeKind _next; // the next thing that may have happened to the row
    private int _lengthBefore; // of the raw text of the row

    public JsonChanges(JsonSnapshot snapshot, int row)
    {
        _snapshot = snapshot;
        _row = row;
        _end = snapshot.Contains(row) ? snapshot.GetNext(row) : row;
    }

    public JsonChanges(JsonSnapshot snapshot, int row, JsonSnapshot earlier)
        : this(snapshot, row)
    {
        Debug.Assert(earlier.Contains(row), "What had not begun has no earlier snapshot.");
        _row = Math.Min(earlier.RowCount, _end);
        if (_row == earlier.RowCount && !earlier.IsComplete(_row - 1) && !earlier.Row(_row - 1).IsContainer)
        {
            _row--;
            _next = PartialJsonChangeKind.Grew;
            _lengthBefore = earlier.GetGrowingText(_row).Length;
        }
    }

    public PartialJsonChange Current { get; private set; }

    public bool MoveNext()
    {
        while (_row < _end)
        {
            ref readonly var row = ref _snapshot.Row(_row);
            switch (_next)
            {
                case PartialJsonChangeKind.Started:
                    _next = PartialJsonChangeKind.Grew;
                    if (row.Kind is not (JsonRowKind.PropertyName or JsonRowKind.EndOfContainer))
                    {
                        return Tell(_row, PartialJsonChangeKind.Started);
                    }

                    break;
                case PartialJsonChangeKind.Grew:
                    _next = PartialJsonChangeKind.Completed;
                    if (row.Kind is JsonRowKind.String or JsonRowKind.Number && _snapshot.GetGrowingText(_row).Length > _lengthBefore)
                    {
                        return Tell(_row, PartialJsonChangeKind.Grew);
                    }

                    break;
                default:
                    if (TryComplete(row, _row++))
                    {
                        return true;
                    }

                    break;
            }
        }

        Current = default;
        return false;
    }

    private bool TryComplete(in JsonRow row, int index)
    {
        _next = PartialJsonChangeKind.Started;
        _lengthBefore = 0;
        return row.Kind switch
        {
            JsonRowKind.EndOfContainer => Tell(row.Parent, PartialJsonChangeKind.Completed),
            JsonRowKind.PropertyName or JsonRowKind.Object or JsonRowKind.Array => false,
            _ => _snapshot.IsComplete(index) && Tell(index, PartialJsonChangeKind.Completed),
        };
    }

    private bool Tell(int row, PartialJsonChangeKind kind)
    {
        Current = new PartialJsonChange(_snapshot, row, kind, _lengthBefore);
        return true;
    }
}
