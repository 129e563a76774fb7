using System.Text;

namespace Streamline.Json;

/// <summary>What those need who follow a value from one snapshot to the next: where its parts lie, and whether they stay.</summary>
internal static class PartialJsonElementPositions
{
    extension(PartialJsonElement element)
    {
        /// <summary>Gets the position after this value and everything in it. It is the next child's when this one is complete.</summary>
        public int NextPosition => element.Snapshot.GetNext(element.Position);

        /// <summary>Gets how much of the document will not change any more; it never falls from one snapshot to the next.</summary>
        public int SettledRows => element.HasValue ? element.Snapshot.SettledRowCount : 0;

        /// <summary>Gets the name of this value, which is that of a property.</summary>
        public string Name => JsonText.GetString(element.Snapshot.GetRawText(element.Position - 1));

        /// <summary>Tells whether another element is of the same document, in any snapshot.</summary>
        public bool IsOfSameDocument(PartialJsonElement other) =>
            element.HasValue && other.HasValue && (element.Snapshot.IsLaterThan(other.Snapshot) || other.Snapshot.IsLaterThan(element.Snapshot));

        /// <summary>Copies the name of this value, which is that of a property, unless it is too long or has escapes.</summary>
        public bool TryCopyName(Span<char> destination, out int length)
        {
            var raw = element.Snapshot.GetRawText(element.Position - 1);
            var isPlain = raw.Length <= destination.Length && !JsonText.HasEscapes(raw);
            length = isPlain ? Encoding.UTF8.GetChars(raw, destination) : 0;
            return isPlain;
        }

        /// <summary>Gets the child of a container that is at a position.</summary>
        /// <param name="position">0 for the first child, else the next position of the one before, which was complete.</param>
        /// <param name="child">The element, or the value of the property.</param>
        /// <returns><see langword="false"/> when there is none yet.</returns>
        public bool TryGetChild(int position, out PartialJsonElement child)
        {
            child = element.At(JsonNavigation.FindChild(element.Snapshot, element.Position, position));
            return child.HasValue;
        }
    }
}
