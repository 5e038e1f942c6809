using JasperFx.Events;

namespace EventForum.Threads;

/// <summary>What events make of <see cref="PostTable"/>. Pure.</summary>
internal static class PostTableRows
{
    /// <summary>The rows that events make, and those of before that they end.</summary>
    /// <param name="standing">The newest rows of the posts that the events change, and whether these have ended.</param>
    /// <returns>
    /// Besides, the events by which posts left threads where their rows are of before: which these are, the table knows.
    /// </returns>
    public static (
        IReadOnlyList<(PostRow Row, long ToVersion)> Closed,
        IReadOnlyList<MadeRow> Made,
        IReadOnlyList<IEvent> Left
    ) Of(IEnumerable<(PostRow Row, bool HasEnded)> standing, IEnumerable<IEvent> events)
    {
        var before = standing.ToDictionary(one => one.Row.PostId);
        var closed = new List<(PostRow, long)>();
        var made = new List<MadeRow>();
        var left = new List<IEvent>();
        var newest = new Dictionary<Guid, MadeRow>();
        // The rows of this page that have not ended, by their threads: a post that moves has one in each for a moment.
        var open = new Dictionary<(Guid ThreadId, Guid PostId), MadeRow>();
        // A redaction changes rows of all times where they are, and makes none.
        foreach (var e in events.Where(e => e.Data is not RevisionRedacted))
        {
            foreach (var id in PostEvents.PostsOf(e.Data))
            {
                var earlier = newest.GetValueOrDefault(id);
                var known = before.TryGetValue(id, out var was);
                var stood = earlier?.Row ?? (known ? was.Row : null);
                var row = PostRow.Fold(stood, e);
                var leaves = e.Data is PostsMovedOut && ReferenceEquals(row, stood);
                if (row is null || (ReferenceEquals(row, stood) && !leaves))
                {
                    continue;
                }

                if (open.Remove((e.StreamId, id), out var ending))
                {
                    ending.ToVersion = e.Version;
                }
                else if (!leaves && earlier is null && known && !was.HasEnded && was.Row.ThreadId == e.StreamId)
                {
                    closed.Add((was.Row, e.Version));
                }

                if (!leaves)
                {
                    made.Add(newest[id] = open[(e.StreamId, id)] = new MadeRow(row, e));
                }
            }

            if (e.Data is PostsMovedOut)
            {
                left.Add(e);
            }
        }

        return (closed, made, left);
    }

    /// <summary>A row that an event makes, and the version at which a later event of the same page ends it.</summary>
    public sealed class MadeRow(PostRow row, IEvent by)
    {
        public PostRow Row { get; } = row;

        public IEvent By { get; } = by;

        public long? ToVersion { get; set; }
    }
}
