using System.Text.Json;
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
    Guid ThreadId
)
{
    public IEnumerable<Guid> MemberIds => new[] { AuthorId, EditedBy, RemovedBy }.OfType<Guid>();
}

/// <summary>A quoted revision, and how its post stands.</summary>
internal sealed record SourceRow(
    Guid PostId,
    int Revision,
    string Body,
    Guid ThreadId,
    int Number,
    Guid AuthorId,
    int CurrentRevision,
    bool IsRemoved
);

/// <summary>Reads posts out of <see cref="PostTable"/>: the same query for the present and for any past version.</summary>
internal static class ThreadRows
{
    private const string Columns =
        "p.post_id, p.number, p.author_id, p.posted_at, p.answered_version, p.revision, p.body, p.quotes, p.edited_at, p.edited_by, p.edit_reason, p.removed_at, p.removed_by, p.removal_reason, p.thread_id";

    /// <summary>
    /// One probe of the primary key a number, however often a post was edited and however long the thread is.
    /// </summary>
    private const string Page = $"""
        select {Columns}
          from generate_series($2, $3) n
         cross join lateral (
                select * from {PostTable.Table}
                 where thread_id = $1 and number = n and from_version <= $4
                 order by from_version desc limit 1) p
         where p.to_version is null or p.to_version > $4
         order by p.number
        """;

    private const string One =
        $"select {Columns} from {PostTable.Table} p where p.post_id = $1 and p.to_version is null";

    private const string Revisions = $"""
        select distinct on (p.revision) {Columns}, p.from_version
          from {PostTable.Table} p where p.post_id = $1
         order by p.revision, p.from_version
        """;

    private const string Sources = $"""
        select q.post_id, q.revision, quoted.body, now.thread_id, now.number, now.author_id, now.revision, now.removed_at is not null
          from unnest($1, $2) as q(post_id, revision)
         cross join lateral (
                select body from {PostTable.Table}
                 where post_id = q.post_id and revision = q.revision limit 1) quoted
         cross join lateral (
                select * from {PostTable.Table}
                 where post_id = q.post_id order by revision desc, to_version desc nulls first limit 1) now
        """;

    public static async Task<List<PostRow>> PageAsync(
        NpgsqlDataSource database,
        Guid threadId,
        int first,
        int last,
        long version,
        CancellationToken cancellation
    )
    {
        await using var command = database.CreateCommand(Page);
        command.Parameters.AddWithValue(threadId);
        command.Parameters.AddWithValue(first);
        command.Parameters.AddWithValue(last);
        command.Parameters.AddWithValue(version);
        return await ReadAsync(command, cancellation);
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

    /// <summary>Every revision of a post as it was made, and whether the post is removed now.</summary>
    public static async Task<List<(PostRow Row, long Version, bool IsRemoved)>> RevisionsAsync(
        NpgsqlDataSource database,
        Guid postId,
        CancellationToken cancellation
    )
    {
        var isRemoved = await CurrentAsync(database, postId, cancellation) is { RemovedAt: not null };
        await using var command = database.CreateCommand(Revisions);
        command.Parameters.AddWithValue(postId);
        var versions = new List<long>();
        var rows = await ReadAsync(command, cancellation, reader => versions.Add(reader.GetInt64(15)));
        return [.. rows.Zip(versions, (row, version) => (row, version, isRemoved))];
    }

    public static async Task<Dictionary<(Guid, int), SourceRow>> SourcesAsync(
        NpgsqlDataSource database,
        IEnumerable<Quote> quotes,
        CancellationToken cancellation
    )
    {
        var wanted = quotes.Select(quote => (quote.PostId, quote.Revision)).Distinct().ToList();
        var found = new Dictionary<(Guid, int), SourceRow>();
        if (wanted.Count == 0)
        {
            return found;
        }

        await using var command = database.CreateCommand(Sources);
        command.Parameters.AddWithValue(wanted.Select(w => w.PostId).ToArray());
        command.Parameters.AddWithValue(wanted.Select(w => w.Revision).ToArray());
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            var row = new SourceRow(
                reader.GetGuid(0),
                reader.GetInt32(1),
                reader.GetString(2),
                reader.GetGuid(3),
                reader.GetInt32(4),
                reader.GetGuid(5),
                reader.GetInt32(6),
                reader.GetBoolean(7)
            );
            found[(row.PostId, row.Revision)] = row;
        }

        return found;
    }

    private static async Task<List<PostRow>> ReadAsync(
        NpgsqlCommand command,
        CancellationToken cancellation,
        Action<NpgsqlDataReader>? more = null
    )
    {
        var rows = new List<PostRow>(ThreadPage.PostsPerPage);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            more?.Invoke(reader);
            rows.Add(
                new PostRow(
                    reader.GetGuid(0),
                    reader.GetInt32(1),
                    reader.GetGuid(2),
                    reader.GetFieldValue<DateTimeOffset>(3),
                    reader.IsDBNull(4) ? null : reader.GetInt64(4),
                    reader.GetInt32(5),
                    reader.GetString(6),
                    JsonSerializer.Deserialize<IReadOnlyList<Quote>>(reader.GetString(7), JsonSerializerOptions.Web)!,
                    Time(8),
                    Id(9),
                    Text(10),
                    Time(11),
                    Id(12),
                    Text(13),
                    reader.GetGuid(14)
                )
            );
        }

        return rows;

        Guid? Id(int i) => reader.IsDBNull(i) ? null : reader.GetGuid(i);
        string? Text(int i) => reader.IsDBNull(i) ? null : reader.GetString(i);
        DateTimeOffset? Time(int i) => reader.IsDBNull(i) ? null : reader.GetFieldValue<DateTimeOffset>(i);
    }
}
