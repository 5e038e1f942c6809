using EventForum.Platform;
using EventForum.Threads;
using JasperFx.Events;
using Marten;
using Marten.Events.Projections;
using Weasel.Postgresql.Tables;

namespace EventForum.Lists;

/// <summary>What was posted in a board in a calendar month (UTC).</summary>
/// <param name="Month">Its first day.</param>
public sealed record BoardMonth(Guid BoardId, DateOnly Month, int Threads, int Posts);

/// <summary>What came to a board from another, or left it: a thread with its posts.</summary>
/// <param name="FromVersion">The thread's version that moved it.</param>
/// <param name="Threads">Less than zero where it left.</param>
/// <param name="Posts">The same.</param>
public sealed record BoardMove(
    Guid BoardId,
    DateTimeOffset At,
    Guid ThreadId,
    long FromVersion,
    int Threads,
    int Posts
);

/// <summary>
/// The lists of threads and the counts of boards, now and at any time, as rows that carry the times between which they
/// hold. A page of events costs one read and two writes, however many events there are.
/// </summary>
public sealed class BoardIndex : IProjection
{
    /// <summary>Also names how far it has come: under another name it begins anew, from the first event.</summary>
    public const string Name = "BoardLists";

    public const string Threads = Store.Schema + ".board_threads";

    public const string Months = Store.Schema + ".board_months";

    public const string Moves = Store.Schema + ".board_moves";

    /// <summary>
    /// Rows are told apart by how long after their last post they ended: <c>lasted</c> counts how many of these, in
    /// seconds, that was. Of a thread's rows that lasted alike only a few can have ended just before a moment, so that
    /// whoever looks for those that held then does not pass over all of a long thread.
    /// </summary>
    public static readonly int[] Lasts = [16, 256, 4_096, 65_536, 1_048_576, 16_777_216];

    /// <summary>The <c>lasted</c> of a row that has not ended.</summary>
    public static readonly int HoldsStill = Lasts.Length + 1;

    private static readonly string Lasted =
        $"case when to_at is null then {HoldsStill} else width_bucket(extract(epoch from to_at - last_post_at), array[{string.Join(", ", Lasts)}]) end";

    private const string Standing = $"""
        select to_jsonb(t)::text from unnest(?) id
         cross join lateral (select * from {Threads} where thread_id = id order by from_version desc limit 1) t
        """;

    public static IEnumerable<Table> Tables()
    {
        var threads = new Table(Threads);
        threads.AddColumn<Guid>("thread_id").AsPrimaryKey();
        threads.AddColumn<long>("from_version").AsPrimaryKey();
        threads.AddColumn<DateTimeOffset>("from_at").NotNull();
        threads.AddColumn<DateTimeOffset>("to_at");
        threads.AddColumn<Guid>("board_id").NotNull();
        threads.AddColumn("title", "text").NotNull();
        threads.AddColumn<Guid>("starter_id").NotNull();
        threads.AddColumn<DateTimeOffset>("started_at").NotNull();
        threads.AddColumn<int>("post_count").NotNull();
        threads.AddColumn<int>("added").NotNull();
        threads.AddColumn<DateTimeOffset>("last_post_at").NotNull();
        threads.AddColumn<Guid>("last_poster_id").NotNull();
        threads.AddColumn<bool>("is_locked").NotNull();
        threads.AddColumn<bool>("is_pinned").NotNull().DefaultValueByExpression("false");
        threads.AddColumn<int>("lasted").GeneratedAs(Lasted);
        threads.Indexes.Add(
            new IndexDefinition("board_threads_listed")
            {
                Columns = ["board_id", "is_pinned", "lasted", "last_post_at", "thread_id"],
            }
        );
        yield return threads;

        var months = new Table(Months);
        months.AddColumn<Guid>("board_id").AsPrimaryKey();
        months.AddColumn<DateOnly>("month").AsPrimaryKey();
        months.AddColumn<int>("threads").NotNull();
        months.AddColumn<int>("posts").NotNull();
        yield return months;

        var moves = new Table(Moves);
        moves.AddColumn<Guid>("board_id").AsPrimaryKey();
        moves.AddColumn<DateTimeOffset>("at").AsPrimaryKey();
        moves.AddColumn<Guid>("thread_id").AsPrimaryKey();
        moves.AddColumn<long>("from_version").AsPrimaryKey();
        moves.AddColumn<int>("threads").NotNull();
        moves.AddColumn<int>("posts").NotNull();
        yield return moves;
    }

    public async Task ApplyAsync(
        IDocumentOperations operations,
        IReadOnlyList<IEvent> events,
        CancellationToken cancellation
    )
    {
        var relevant = events
            .Where(e =>
                e.Data
                    is ThreadStarted
                        or ReplyPosted
                        or ThreadRenamed
                        or ThreadLocked
                        or ThreadUnlocked
                        or ThreadPinned
                        or ThreadUnpinned
                        or ThreadMoved
            )
            .ToList();
        if (relevant.Count == 0)
        {
            return;
        }

        var standing = await operations.AdvancedSql.QueryAsync<string>(
            Standing,
            cancellation,
            (object)relevant.Select(e => e.StreamId).Distinct().ToArray()
        );
        var known = standing.Select(Row.Read<ListedThread>).ToList();
        var (threads, months, moves) = Fold(known, relevant);
        var ended = known.Select(thread => (thread.ThreadId, thread.FromVersion)).ToHashSet();
        operations.QueueRows(
            Threads,
            [.. threads.Where(thread => ended.Contains((thread.ThreadId, thread.FromVersion)))],
            "(thread_id, from_version) do update set to_at = excluded.to_at"
        );
        operations.QueueRows(
            Threads,
            [.. threads.Where(thread => !ended.Contains((thread.ThreadId, thread.FromVersion)))],
            onConflict: null
        );
        operations.QueueRows(Moves, moves, onConflict: null);
        operations.QueueRows(
            Months,
            months,
            "(board_id, month) do update set threads = known.threads + excluded.threads, posts = known.posts + excluded.posts"
        );
    }

    /// <summary>The rows that events make out of the newest rows of their threads, those that they end among them.</summary>
    public static (
        IReadOnlyList<ListedThread> Threads,
        IReadOnlyList<BoardMonth> Months,
        IReadOnlyList<BoardMove> Moves
    ) Fold(IEnumerable<ListedThread> known, IEnumerable<IEvent> events)
    {
        var standing = known.ToDictionary(thread => thread.ThreadId);
        var rows = new List<ListedThread>();
        var posts = new List<ListedThread>();
        var moves = new List<BoardMove>();
        var touched = new HashSet<Guid>();
        foreach (var e in events)
        {
            var before = standing.GetValueOrDefault(e.StreamId);
            // What a row says already, it is not made to say twice, even if the progress of this view was lost.
            if (
                e.Version <= before?.FromVersion
                || ListedThread.Fold(before, e) is not { } after
                || ReferenceEquals(before, after)
            )
            {
                continue;
            }

            if (before is not null)
            {
                rows.Add(before with { ToAt = after.FromAt });
                if (before.BoardId != after.BoardId)
                {
                    moves.Add(Move(before.BoardId, after, -1));
                    moves.Add(Move(after.BoardId, after, 1));
                }
            }

            standing[e.StreamId] = after;
            touched.Add(e.StreamId);
            if (after.Added > 0)
            {
                posts.Add(after);
            }
        }

        var months = posts
            .Select(post => new BoardMonth(
                post.BoardId,
                MonthOf(post.LastPostAt),
                post.PostCount == 1 ? 1 : 0,
                post.Added
            ))
            .Concat(moves.Select(move => new BoardMonth(move.BoardId, MonthOf(move.At), move.Threads, move.Posts)))
            .GroupBy(added => (added.BoardId, added.Month))
            .Select(group => new BoardMonth(
                group.Key.BoardId,
                group.Key.Month,
                group.Sum(added => added.Threads),
                group.Sum(added => added.Posts)
            ));
        return ([.. rows, .. touched.Select(id => standing[id])], [.. months], moves);
    }

    private static BoardMove Move(Guid board, ListedThread thread, int sign) =>
        new(board, thread.FromAt, thread.ThreadId, thread.FromVersion, sign, sign * thread.PostCount);

    private static DateOnly MonthOf(DateTimeOffset at) =>
        DateOnly.FromDateTime(at.UtcDateTime).AddDays(1 - at.UtcDateTime.Day);
}
