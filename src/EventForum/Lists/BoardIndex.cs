using EventForum.Platform;
using EventForum.Threads;
using JasperFx.Events;
using Marten;
using Marten.Events.Projections;
using Weasel.Postgresql.Tables;

namespace EventForum.Lists;

/// <summary>
/// A thread as its board lists it from <paramref name="FromAt"/> up to, not including, <paramref name="ToAt"/>; null
/// is still. Times may go back from one event to the next, but what a thread has come to does not.
/// </summary>
/// <param name="FromVersion">The thread's version that made it so.</param>
/// <param name="Added">How many posts that version added: one or none.</param>
/// <param name="LastPostAt">The latest time of a post, which need not be the last post's.</param>
public sealed record ListedThread(
    Guid ThreadId,
    long FromVersion,
    DateTimeOffset FromAt,
    DateTimeOffset? ToAt,
    Guid BoardId,
    string Title,
    Guid StarterId,
    DateTimeOffset StartedAt,
    int PostCount,
    int Added,
    DateTimeOffset LastPostAt,
    Guid LastPosterId,
    bool IsLocked,
    bool IsPinned
)
{
    /// <summary>The thread after one more event; the same when its board does not show what happened.</summary>
    public static ListedThread? Fold(ListedThread? thread, IEvent e) =>
        e.Data switch
        {
            ThreadStarted started => new ListedThread(
                e.StreamId,
                e.Version,
                e.Timestamp,
                null,
                started.BoardId,
                started.Title,
                e.ActorId(),
                e.Timestamp,
                1,
                1,
                e.Timestamp,
                e.ActorId(),
                false,
                false
            ),
            _ when thread is null => null,
            ReplyPosted => thread.At(e) with
            {
                PostCount = thread.PostCount + 1,
                Added = 1,
                LastPostAt = Later(thread.LastPostAt, e.Timestamp),
                LastPosterId = e.Timestamp < thread.LastPostAt ? thread.LastPosterId : e.ActorId(),
            },
            ThreadRenamed renamed => thread.At(e) with { Title = renamed.Title },
            ThreadLocked => thread.At(e) with { IsLocked = true },
            ThreadUnlocked => thread.At(e) with { IsLocked = false },
            ThreadPinned => thread.At(e) with { IsPinned = true },
            ThreadUnpinned => thread.At(e) with { IsPinned = false },
            _ => thread,
        };

    private ListedThread At(IEvent e) =>
        this with
        {
            FromVersion = e.Version,
            FromAt = Later(FromAt, e.Timestamp),
            ToAt = null,
            Added = 0,
        };

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}

/// <summary>What was posted in a board in a calendar month (UTC).</summary>
/// <param name="Month">Its first day.</param>
public sealed record BoardMonth(Guid BoardId, DateOnly Month, int Threads, int Posts);

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

    private const string Columns =
        "thread_id, from_version, from_at, to_at, board_id, title, starter_id, started_at, post_count, added, last_post_at, last_poster_id, is_locked, is_pinned";

    private const string Standing = $"""
        select to_jsonb(t)::text from unnest(?) id
         cross join lateral (select * from {Threads} where thread_id = id order by from_version desc limit 1) t
        """;

    private const string Write = $"""
        insert into {Threads} ({Columns}) select * from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        on conflict (thread_id, from_version) do update set to_at = excluded.to_at
        """;

    private const string Count = $"""
        insert into {Months} as known (board_id, month, threads, posts) select * from unnest(?, ?, ?, ?)
        on conflict (board_id, month)
        do update set threads = known.threads + excluded.threads, posts = known.posts + excluded.posts
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
            )
            .ToList();
        if (relevant.Count == 0)
        {
            return;
        }

        var known = await operations.AdvancedSql.QueryAsync<string>(
            Standing,
            cancellation,
            (object)relevant.Select(e => e.StreamId).Distinct().ToArray()
        );
        var (threads, months) = Fold(known.Select(Row.Read<ListedThread>), relevant);
        operations.QueueSqlCommand(
            Write,
            Column(t => t.ThreadId),
            Column(t => t.FromVersion),
            Column(t => t.FromAt),
            Column(t => t.ToAt),
            Column(t => t.BoardId),
            Column(t => t.Title),
            Column(t => t.StarterId),
            Column(t => t.StartedAt),
            Column(t => t.PostCount),
            Column(t => t.Added),
            Column(t => t.LastPostAt),
            Column(t => t.LastPosterId),
            Column(t => t.IsLocked),
            Column(t => t.IsPinned)
        );
        operations.QueueSqlCommand(
            Count,
            months.Select(m => m.BoardId).ToArray(),
            months.Select(m => m.Month).ToArray(),
            months.Select(m => m.Threads).ToArray(),
            months.Select(m => m.Posts).ToArray()
        );

        T[] Column<T>(Func<ListedThread, T> value) => [.. threads.Select(value)];
    }

    /// <summary>The rows that events make out of the newest rows of their threads, those that they end among them.</summary>
    public static (IReadOnlyList<ListedThread> Threads, IReadOnlyList<BoardMonth> Months) Fold(
        IEnumerable<ListedThread> known,
        IEnumerable<IEvent> events
    )
    {
        var standing = known.ToDictionary(thread => thread.ThreadId);
        var rows = new List<ListedThread>();
        var posts = new List<ListedThread>();
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
            }

            standing[e.StreamId] = after;
            touched.Add(e.StreamId);
            if (after.Added > 0)
            {
                posts.Add(after);
            }
        }

        var months = posts
            .GroupBy(post =>
                (
                    post.BoardId,
                    Month: DateOnly
                        .FromDateTime(post.LastPostAt.UtcDateTime)
                        .AddDays(1 - post.LastPostAt.UtcDateTime.Day)
                )
            )
            .Select(group => new BoardMonth(
                group.Key.BoardId,
                group.Key.Month,
                group.Count(post => post.PostCount == 1),
                group.Sum(post => post.Added)
            ));
        return ([.. rows, .. touched.Select(id => standing[id])], [.. months]);
    }
}
