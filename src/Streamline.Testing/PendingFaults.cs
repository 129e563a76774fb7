using System.Globalization;

namespace Streamline.Testing;

/// <summary>The faults of a plan that have yet to strike, in the order in which those of one point do.</summary>
internal sealed class PendingFaults
{
    private readonly List<(FaultPoint Point, BodyStep Step)> _faults = [];

    public PendingFaults(FaultPlan plan)
    {
        Add(plan.GarbageAt, BodyStep.Write(plan.Garbage));
        Add(plan.StallAt, new BodyStep(BodyStepKind.Stall));
        Add(plan.EndAt, new BodyStep(BodyStepKind.End));
        Add(plan.AbortAt, new BodyStep(BodyStepKind.Abort));
    }

    /// <summary>Gets the offset of the next fault that strikes at a byte; <see langword="null"/> when there is none.</summary>
    public long? NextByte => _faults.Min(fault => fault.Point.Byte);

    public IReadOnlyList<BodyStep> Take(FaultPoint point)
    {
        if (_faults.Count == 0)
        {
            return [];
        }

        BodyStep[] due = [.. _faults.Where(fault => fault.Point == point).Select(fault => fault.Step)];
        _faults.RemoveAll(fault => fault.Point == point);
        return due;
    }

    /// <summary>A fault that never strikes would leave its test without a subject.</summary>
    public void ThrowIfAny(int events, long bytes)
    {
        if (_faults.Count > 0)
        {
            var (point, step) = _faults[0];
            var place = point.Byte is null ? point.ToString() : $"at {point}";
            throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture,
                $"A fault ({step.Kind}) is planned {place}, but the reply has only {events} events and {bytes} bytes."));
        }
    }

    private void Add(FaultPoint? point, BodyStep step)
    {
        if (point is { IsBeforeHead: false } inBody)
        {
            _faults.Add((inBody, step));
        }
    }
}
