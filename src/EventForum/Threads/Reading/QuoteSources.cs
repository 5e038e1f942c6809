using EventForum.Platform;
using EventForum.Threads.Quoting;
using Npgsql;

namespace EventForum.Threads.Reading;

/// <summary>A quoted revision, and how its post stands.</summary>
/// <param name="ThreadVersion">Its thread's version in the very snapshot that all of this was read in.</param>
internal sealed record SourceRow(
    Guid PostId,
    int Revision,
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

    /// <summary>Its words were taken out of the forum.</summary>
    public bool IsMasked { get; init; }

    /// <summary>How its words are written.</summary>
    public PostFormat Format { get; init; }
}

/// <summary>Reads what posts quote, and how it stands.</summary>
internal static class QuoteSources
{
    /// <summary>
    /// A quoted post stands as it stood at the quote's moment: by version in the same thread, by time in another, whose
    /// clock may differ: what was quoted had been written, and what had left the thread had come elsewhere. Plans are kept: for a parameter behind a select PostgreSQL
    /// does not plan each number of elements anew.
    /// </summary>
    internal const string Standing = $"""
        select q.version, q.post_id, q.revision, past.thread_id, past.number, past.author_id,
               past.revision, past.removed_at is not null,
               case when past.to_version is null then past.removed_at is not null
                    else (select removed_at is not null from {PostTable.Table}
                           where post_id = q.post_id {PostTable.Newest}) end,
               (select version from {MartenTables.Streams} where id = past.thread_id),
               quoted.masked is not null, quoted.format
          from unnest((select $1), (select $2), (select $3), (select $4)) as q(post_id, revision, version, at)
         cross join lateral (
                select position, masked, format from {PostTable.Table}
                 where post_id = q.post_id and revision = q.revision order by position limit 1) quoted
         cross join lateral (
                select * from {PostTable.Table} p
                 where post_id = q.post_id
                   and (position = quoted.position
                        or case when thread_id = $5 then from_version <= q.version
                                else from_at <= q.at
                                     or (select thread_id = $5 and to_version <= q.version from {PostTable.Table}
                                          where post_id = q.post_id and position < p.position
                                          order by position desc limit 1) end)
                 {PostTable.Newest}) past
        """;

    private const string Bodies = $"""
        select k.post_id, k.revision, p.body, p.format
          from unnest((select $1), (select $2)) as k(post_id, revision)
         cross join lateral (
                select body, format from {PostTable.Table}
                 where post_id = k.post_id and revision = k.revision order by position limit 1) p
        """;

    /// <summary>What a post answers is looked up by its first revision, which every post has.</summary>
    public static (long, Guid, int)? ParentKey(PostRow row, Moment moment) =>
        row.ParentId is { } parent ? (moment.Version, parent, 1) : null;

    /// <summary>What posts of one thread quote, by the version of each post's moment, the quoted post and its revision.</summary>
    /// <param name="answering">Posts of which is asked too what they answer (<see cref="ParentKey"/>).</param>
    public static async Task<Dictionary<(long, Guid, int), SourceRow>> ReadAsync(
        NpgsqlDataSource database,
        IReadOnlyList<PostRow> rows,
        Func<PostRow, Moment> when,
        CancellationToken cancellation,
        IEnumerable<PostRow>? answering = null
    )
    {
        var wanted = rows.SelectMany(
                row => row.Quotes,
                (row, quote) => (quote.PostId, quote.Revision, Moment: when(row))
            )
            .Concat(
                (answering ?? [])
                    .Where(row => row.ParentId is not null)
                    .Select(row => (PostId: row.ParentId!.Value, Revision: 1, Moment: when(row)))
            )
            .Distinct()
            .ToList();
        var found = new Dictionary<(long, Guid, int), SourceRow>();
        if (wanted.Count == 0)
        {
            return found;
        }

        await using var command = database.CreateCommand(Standing);
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
                reader.GetGuid(3),
                reader.GetInt32(4),
                reader.GetGuid(5),
                reader.GetInt32(6),
                reader.GetBoolean(7),
                reader.GetBoolean(8),
                reader.GetInt64(9)
            )
            {
                IsMasked = reader.GetBoolean(10),
                Format = PostColumns.Format(reader, 11),
            };
            found[(reader.GetInt64(0), row.PostId, row.Revision)] = row;
        }

        return found;
    }

    /// <summary>The own words of quoted revisions, as far as they are not too many (<see cref="Bounds.QuotedBytes"/>).</summary>
    public static async Task<Dictionary<(Guid, int), OwnWords>> WordsAsync(
        NpgsqlDataSource database,
        IEnumerable<Quote> quotes,
        CancellationToken cancellation
    )
    {
        var wanted = quotes.Select(quote => (quote.PostId, quote.Revision)).Distinct().ToList();
        var found = new Dictionary<(Guid, int), OwnWords>();
        if (wanted.Count == 0)
        {
            return found;
        }

        var fits = await TextSizes.FittingAsync(database, wanted, Bounds.QuotedBytes, cancellation);
        wanted = [.. wanted.Where((_, place) => fits[place])];
        await using var command = database.CreateCommand(Bodies);
        command.Parameters.AddWithValue(wanted.Select(w => w.PostId).ToArray());
        command.Parameters.AddWithValue(wanted.Select(w => w.Revision).ToArray());
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            found[(reader.GetGuid(0), reader.GetInt32(1))] = OwnWords.Of(
                reader.GetString(2),
                PostColumns.Format(reader, 3)
            );
        }

        return found;
    }
}
