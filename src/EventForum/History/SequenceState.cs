namespace EventForum.History;

/// <summary>
/// What is known of the numbers that are drawn from the events' sequence. Up to <paramref name="Settled"/>, every
/// number's event is there to be read or will never be.
/// </summary>
/// <param name="Drawn">The highest number that had been drawn.</param>
/// <param name="Bounds">For each open transaction that has drawn a number: it drew none up to its bound.</param>
/// <remarks>
/// PostgreSQL locks a sequence for a transaction before it draws its first number, and until the transaction has
/// ended and what it wrote can be seen. A transaction that does not hold the lock, then, has drawn none of the numbers
/// drawn so far, or has settled them. One that is seen with the lock for the first time did not have it the time
/// before, so its numbers are above what had been drawn then.
/// </remarks>
public sealed record SequenceState(long Settled, long Drawn, IReadOnlyDictionary<string, long> Bounds)
{
    /// <summary>Nothing is known but that everything up to a position is settled.</summary>
    public static SequenceState From(long settled) =>
        new(settled, settled, new Dictionary<string, long>(StringComparer.Ordinal));

    /// <summary>What is known after another look.</summary>
    /// <param name="drawn">The highest number that had been drawn before the locks were looked at.</param>
    /// <param name="holders">The virtual ids of the transactions that held the sequence's lock.</param>
    public SequenceState Next(long drawn, IReadOnlyCollection<string> holders)
    {
        if (drawn < Drawn)
        {
            // The database was put back to an earlier time.
            return From(0).Next(drawn, holders);
        }

        var bounds = holders
            .Distinct(StringComparer.Ordinal)
            .ToDictionary(holder => holder, BoundOf, StringComparer.Ordinal);
        return new SequenceState(bounds.Count == 0 ? drawn : bounds.Values.Min(), drawn, bounds);
    }

    /// <summary>A transaction that is prepared for a commit in two phases goes on under another id, of backend -1.</summary>
    private long BoundOf(string holder) =>
        Bounds.TryGetValue(holder, out var bound) ? bound
        : holder.StartsWith("-1/", StringComparison.Ordinal) ? Settled
        : Drawn;
}
