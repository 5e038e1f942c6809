using System.Text.Json;
using EventForum.Threads.Quoting;
using Npgsql;

namespace EventForum.Threads.Reading;

/// <summary>Reads posts out of <see cref="PostTable"/>: the same query for the present and for any past version.</summary>
internal static class ThreadRows
{
    internal const string Columns =
        "p.post_id, p.number, p.author_id, p.posted_at, p.answered_version, p.revision, p.body, p.quotes, p.edited_at, p.edited_by, p.edit_reason, p.removed_at, p.removed_by, p.removal_reason, p.thread_id, p.from_version, p.author_removed_at, p.author_removal_reason";

    private const string One = $"""
        select {Columns}, p.removed_at is not null, r.html, r.plain
          from (select * from {PostTable.Table} where post_id = $1 {PostTable.Newest}) p
          {RenderedTextTable.Join}
        """;

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
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? ReadWithText(reader) : null;
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

    /// <summary>As below, and behind it the text as it is shown, where that is kept.</summary>
    internal static PostRow ReadWithText(NpgsqlDataReader reader) =>
        Read(reader) with
        {
            Rendered = RenderedTextTable.ReadOrNull(reader, 19),
        };

    /// <summary>A row of the columns above, and whether the post is removed now.</summary>
    private static PostRow Read(NpgsqlDataReader reader)
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
