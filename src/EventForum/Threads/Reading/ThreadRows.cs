using System.Text.Json;
using EventForum.Platform;
using EventForum.Threads.Quoting;
using Npgsql;

namespace EventForum.Threads.Reading;

/// <summary>A post's row: what held at a version of its thread.</summary>
internal sealed record PostRow(
    Guid PostId,
    int Number,
    Guid AuthorId,
    DateTimeOffset PostedAt,
    long? AnsweredVersion,
    int Revision,
    string Body,
    IReadOnlyList<Quote> Quotes,
    DateTimeOffset? EditedAt,
    Guid? EditedBy,
    string? EditReason,
    DateTimeOffset? RemovedAt,
    Guid? RemovedBy,
    string? RemovalReason,
    Guid ThreadId,
    long FromVersion,
    bool IsRemovedNow
)
{
    /// <summary>The author's own removal while a moderator's is shown.</summary>
    public Hold? Behind { get; init; }

    public Holds Holds
    {
        get => new(RemovedBy is { } by ? new Hold(by, RemovedAt!.Value, RemovalReason) : null, Behind);
        init =>
            (RemovedBy, RemovedAt, RemovalReason, Behind) = (
                value.Shown?.By,
                value.Shown?.At,
                value.Shown?.Reason,
                value.Behind
            );
    }

    public IEnumerable<Guid> MemberIds => new[] { AuthorId, EditedBy, RemovedBy }.OfType<Guid>();
}

/// <summary>A thread's header at a version.</summary>
/// <param name="CameAt">When the version came; null unless it was asked for.</param>
internal sealed record HeaderRow(
    Guid BoardId,
    string Title,
    string? LockReason,
    bool IsPinned,
    int LastNumber,
    DateTimeOffset? CameAt
);

/// <summary>A quoted revision, and how its post stands.</summary>
/// <param name="ThreadVersion">Its thread's version in the very snapshot that all of this was read in.</param>
internal sealed record SourceRow(
    Guid PostId,
    int Revision,
    string Body,
    Guid ThreadId,
    int Number,
    Guid AuthorId,
    int RevisionThen,
    bool IsRemovedThen,
    bool IsRemovedNow,
    long ThreadVersion
)
{
    /// <summary>In a what-if: its words were never written.</summary>
    public bool IsLeftOut { get; init; }
}

/// <summary>Reads posts out of <see cref="PostTable"/>: the same query for the present and for any past version.</summary>
internal static class ThreadRows
{
    internal const string Columns =
        "p.post_id, p.number, p.author_id, p.posted_at, p.answered_version, p.revision, p.body, p.quotes, p.edited_at, p.edited_by, p.edit_reason, p.removed_at, p.removed_by, p.removal_reason, p.thread_id, p.from_version, p.author_removed_at, p.author_removal_reason";

    private const string One =
        $"select {Columns}, p.removed_at is not null from {PostTable.Table} p where p.post_id = $1 {PostTable.Newest}";

    private const string Removed = $"""
        select k.post_id
          from unnest($1) as k(post_id)
         cross join lateral (
                select removed_at from {PostTable.Table} where post_id = k.post_id {PostTable.Newest}) now
         where now.removed_at is not null
        """;

    private const string Revisions = $"""
        select {Columns}, now.removed_at is not null
          from unnest($2) with ordinality as k(revision, place)
         cross join lateral (
                select * from {PostTable.Table}
                 where post_id = $1 and revision = k.revision
                 order by from_version limit 1) p
         cross join (
                select removed_at from {PostTable.Table} where post_id = $1 {PostTable.Newest}) now
         order by k.place
        """;

    /// <summary>Each post as it stood at a version of its thread; one that had not been written then has no row.</summary>
    private const string Standing = $"""
        select {Columns}, now.removed_at is not null
          from unnest($1, $2) as k(post_id, version)
         cross join lateral (
                select * from {PostTable.Table}
                 where post_id = k.post_id and from_version <= k.version
                 {PostTable.Newest}) p
         cross join lateral (
                select removed_at from {PostTable.Table}
                 where post_id = k.post_id
                 {PostTable.Newest}) now
        """;

    /// <summary>
    /// A quoted post stands as it stood at the quote's moment: by version in the same thread, by time in another, whose
    /// clock may differ: what was quoted had been written.
    /// </summary>
    private const string Sources = $"""
        select q.version, q.post_id, q.revision, quoted.body, past.thread_id, past.number, past.author_id,
               past.revision, past.removed_at is not null, now.removed_at is not null,
               (select version from {Store.Schema}.mt_streams where id = past.thread_id)
          from unnest($1, $2, $3, $4) as q(post_id, revision, version, at)
         cross join lateral (
                select body, from_version from {PostTable.Table}
                 where post_id = q.post_id and revision = q.revision order by from_version limit 1) quoted
         cross join lateral (
                select * from {PostTable.Table}
                 where post_id = q.post_id
                   and (from_version = quoted.from_version
                        or case when thread_id = $5 then from_version <= q.version else from_at <= q.at end)
                 {PostTable.Newest}) past
         cross join lateral (
                select removed_at from {PostTable.Table}
                 where post_id = q.post_id
                 {PostTable.Newest}) now
        """;

    /// <summary>
    /// A thread's header at a version, and the number of its last post then: mostly that of a reply a few versions
    /// before; behind a long run of edits it is found by halving what it can be, not by counting.
    /// </summary>
    private const string Header = $"""
        with recursive known as materialized (
            select coalesce(
                   (select number from {PostTable.Table}
                     where thread_id = $1 and number = $4 and from_version <= $2 limit 1),
                   (select {PostNumbers.Number}
                      from (select type, data from {Store.Schema}.mt_events
                             where stream_id = $1 and version <= $2 order by version desc limit 20) e
                     where type = 'reply_posted' limit 1)) as number),
        search(low, high) as (
            select coalesce(number, $3), coalesce(number, $4) from known
            union all
            select case when n.came then m.mid else low end, case when n.came then high else m.mid - 1 end
              from search
             cross join lateral (select (low + high + 1) / 2 as mid) m
             cross join lateral (
                    select exists (select 1 from {PostTable.Table}
                                    where thread_id = $1 and number = m.mid and from_version <= $2) as came) n
             where low < high)
        select h.board_id, h.title, h.lock_reason, h.is_pinned, (select low from search where low = high),
               (select timestamp from {Store.Schema}.mt_events where $5 and stream_id = $1 and version = $2)
          from {HeaderTable.Table} h
         where h.thread_id = $1 and h.from_version <= $2
         order by h.from_version desc limit 1
        """;

    /// <summary>How many replies had followed posts when their revisions came: found by halving, as above.</summary>
    private const string EditedAfter = $"""
        select k.post_id, s.low - e.number
          from unnest($2, $3) as k(post_id, revision)
         cross join lateral (
                select number, from_version as edited from {PostTable.Table}
                 where post_id = k.post_id and revision = k.revision
                 order by from_version limit 1) e
         cross join lateral (
                with recursive search(low, high) as (
                    select e.number, $4
                    union all
                    select case when n.came then m.mid else low end, case when n.came then high else m.mid - 1 end
                      from search
                     cross join lateral (select (low + high + 1) / 2 as mid) m
                     cross join lateral (
                            select exists (select 1 from {PostTable.Table}
                                            where thread_id = $1 and number = m.mid and from_version < e.edited) as came) n
                     where low < high)
                select low from search where low = high) s
        """;

    /// <summary>For the posts of a page that were edited: how many replies had followed them by then.</summary>
    public static async Task<IReadOnlyDictionary<Guid, int>> EditedAfterAsync(
        NpgsqlDataSource database,
        ThreadPage page,
        CancellationToken cancellation
    )
    {
        var edited = page.Posts.Where(post => post.EditedAt is not null).ToList();
        var after = new Dictionary<Guid, int>(edited.Count);
        if (edited.Count == 0)
        {
            return after;
        }

        await using var command = database.CreateCommand(EditedAfter);
        command.Parameters.AddWithValue(page.Id);
        command.Parameters.AddWithValue(edited.Select(post => post.Id).ToArray());
        command.Parameters.AddWithValue(edited.Select(post => post.Revision).ToArray());
        command.Parameters.AddWithValue(page.PostCount);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            after[reader.GetGuid(0)] = reader.GetInt32(1);
        }

        return after;
    }

    /// <param name="lastNumber">The number of the thread's last post, then or later; bounded by the version in any case.</param>
    /// <param name="others">How many versions at most made no post: each makes one or none.</param>
    /// <param name="andTime">Also when the version came.</param>
    public static async Task<HeaderRow> HeaderAsync(
        NpgsqlDataSource database,
        Guid threadId,
        long version,
        CancellationToken cancellation,
        int lastNumber = int.MaxValue,
        long others = long.MaxValue,
        bool andTime = false
    )
    {
        await using var command = database.CreateCommand(Header);
        command.Parameters.AddWithValue(threadId);
        command.Parameters.AddWithValue(version);
        command.Parameters.AddWithValue((int)Math.Max(1, version - others));
        command.Parameters.AddWithValue((int)Math.Min(lastNumber, version));
        command.Parameters.AddWithValue(andTime);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return new HeaderRow(
            reader.GetGuid(0),
            reader.GetString(1),
            reader.IsDBNull(2) ? null : reader.GetString(2),
            reader.GetBoolean(3),
            reader.GetInt32(4),
            reader.IsDBNull(5) ? null : reader.GetFieldValue<DateTimeOffset>(5)
        );
    }

    /// <summary>Which of some posts are removed now.</summary>
    public static async Task<HashSet<Guid>> RemovedAsync(
        NpgsqlDataSource database,
        Guid[] postIds,
        CancellationToken cancellation
    )
    {
        await using var command = database.CreateCommand(Removed);
        command.Parameters.AddWithValue(postIds);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var removed = new HashSet<Guid>();
        while (await reader.ReadAsync(cancellation))
        {
            removed.Add(reader.GetGuid(0));
        }

        return removed;
    }

    public static async Task<PostRow?> CurrentAsync(
        NpgsqlDataSource database,
        Guid postId,
        CancellationToken cancellation
    )
    {
        await using var command = database.CreateCommand(One);
        command.Parameters.AddWithValue(postId);
        return (await ReadAsync(command, cancellation)).FirstOrDefault();
    }

    /// <summary>Revisions of a post as they were made.</summary>
    public static async Task<List<PostRow>> RevisionsAsync(
        NpgsqlDataSource database,
        Guid postId,
        int[] revisions,
        CancellationToken cancellation
    )
    {
        await using var command = database.CreateCommand(Revisions);
        command.Parameters.AddWithValue(postId);
        command.Parameters.AddWithValue(revisions);
        return await ReadAsync(command, cancellation);
    }

    /// <summary>Posts as they stood at versions of their thread.</summary>
    public static async Task<List<PostRow>> StandingAsync(
        NpgsqlDataSource database,
        IReadOnlyCollection<(Guid PostId, long Version)> posts,
        CancellationToken cancellation
    )
    {
        if (posts.Count == 0)
        {
            return [];
        }

        await using var command = database.CreateCommand(Standing);
        command.Parameters.AddWithValue(posts.Select(post => post.PostId).ToArray());
        command.Parameters.AddWithValue(posts.Select(post => post.Version).ToArray());
        return await ReadAsync(command, cancellation);
    }

    /// <summary>What posts of one thread quote, by the version of each post's moment, the quoted post and its revision.</summary>
    public static async Task<Dictionary<(long, Guid, int), SourceRow>> SourcesAsync(
        NpgsqlDataSource database,
        IReadOnlyList<PostRow> rows,
        Func<PostRow, Moment> when,
        CancellationToken cancellation
    )
    {
        var wanted = rows.SelectMany(
                row => row.Quotes,
                (row, quote) => (quote.PostId, quote.Revision, Moment: when(row))
            )
            .Distinct()
            .ToList();
        var found = new Dictionary<(long, Guid, int), SourceRow>();
        if (wanted.Count == 0)
        {
            return found;
        }

        await using var command = database.CreateCommand(Sources);
        command.Parameters.AddWithValue(wanted.Select(w => w.PostId).ToArray());
        command.Parameters.AddWithValue(wanted.Select(w => w.Revision).ToArray());
        command.Parameters.AddWithValue(wanted.Select(w => w.Moment.Version).ToArray());
        command.Parameters.AddWithValue(wanted.Select(w => w.Moment.At ?? DateTimeOffset.MaxValue).ToArray());
        command.Parameters.AddWithValue(rows[0].ThreadId);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            var row = new SourceRow(
                reader.GetGuid(1),
                reader.GetInt32(2),
                reader.GetString(3),
                reader.GetGuid(4),
                reader.GetInt32(5),
                reader.GetGuid(6),
                reader.GetInt32(7),
                reader.GetBoolean(8),
                reader.GetBoolean(9),
                reader.GetInt64(10)
            );
            found[(reader.GetInt64(0), row.PostId, row.Revision)] = row;
        }

        return found;
    }

    private static async Task<List<PostRow>> ReadAsync(NpgsqlCommand command, CancellationToken cancellation)
    {
        var rows = new List<PostRow>(ThreadPage.PostsPerPage);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            rows.Add(Read(reader));
        }

        return rows;
    }

    /// <summary>A row of the columns above, and whether the post is removed now.</summary>
    internal static PostRow Read(NpgsqlDataReader reader)
    {
        var quotes = reader.GetString(7);
        return new PostRow(
            reader.GetGuid(0),
            reader.GetInt32(1),
            reader.GetGuid(2),
            reader.GetFieldValue<DateTimeOffset>(3),
            reader.IsDBNull(4) ? null : reader.GetInt64(4),
            reader.GetInt32(5),
            reader.GetString(6),
            quotes == "[]" ? [] : JsonSerializer.Deserialize<IReadOnlyList<Quote>>(quotes, JsonSerializerOptions.Web)!,
            Time(8),
            Id(9),
            Text(10),
            Time(11),
            Id(12),
            Text(13),
            reader.GetGuid(14),
            reader.GetInt64(15),
            reader.GetBoolean(18)
        )
        {
            Behind = Time(16) is { } at ? new Hold(reader.GetGuid(2), at, Text(17)) : null,
        };

        Guid? Id(int i) => reader.IsDBNull(i) ? null : reader.GetGuid(i);
        string? Text(int i) => reader.IsDBNull(i) ? null : reader.GetString(i);
        DateTimeOffset? Time(int i) => reader.IsDBNull(i) ? null : reader.GetFieldValue<DateTimeOffset>(i);
    }
}
