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

        var standing = await operations.AdvancedSql.QueryAsync<string>(
            Standing,
            cancellation,
            (object)relevant.Select(e => e.StreamId).Distinct().ToArray()
        );
        var known = standing.Select(Row.Read<ListedThread>).ToList();
        var (threads, months) = Fold(known, relevant);
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
        operations.QueueRows(
            Months,
            months,
            "(board_id, month) do update set threads = known.threads + excluded.threads, posts = known.posts + excluded.posts"
        );
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
