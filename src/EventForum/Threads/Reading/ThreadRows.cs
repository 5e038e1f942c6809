using Npgsql;

namespace EventForum.Threads.Reading;

/// <summary>Reads posts out of <see cref="PostTable"/>: the same query for the present and for any past version.</summary>
internal static class ThreadRows
{
    private const string One = $"""
        select {PostColumns.All}, p.removed_at is not null, null::uuid, r.html, r.plain
          from (select * from {PostTable.Table} where post_id = $1 {PostTable.Newest}) p
          {RenderedTextTable.Join}
        """;

    private const string Now = $"""
        select k.post_id, now.removed_at is not null, now.thread_id
          from unnest($1) as k(post_id)
         cross join lateral (
                select removed_at, thread_id from {PostTable.Table} where post_id = k.post_id {PostTable.Newest}) now
        """;

    private const string Revisions = $"""
        select {PostColumns.All}, now.removed_at is not null, nullif(now.thread_id, p.thread_id)
          from unnest($2) with ordinality as k(revision, place)
         cross join lateral (
                select * from {PostTable.Table}
                 where post_id = $1 and revision = k.revision
                 order by position limit 1) p
         cross join (
                select removed_at, thread_id from {PostTable.Table} where post_id = $1 {PostTable.Newest}) now
         order by k.place
        """;

    /// <summary>Revisions of several posts as they were made.</summary>
    private const string Made = $"""
        select {PostColumns.All}, now.removed_at is not null, nullif(now.thread_id, p.thread_id)
          from unnest((select $1), (select $2)) as k(post_id, revision)
         cross join lateral (
                select * from {PostTable.Table}
                 where post_id = k.post_id and revision = k.revision
                 order by position limit 1) p
         cross join lateral (
                select removed_at, thread_id from {PostTable.Table} where post_id = k.post_id {PostTable.Newest}) now
        """;

    /// <summary>Each post as it stood at a version of the thread; one that was not in it then has no row.</summary>
    private const string Standing = $"""
        select {PostColumns.All}, now.removed_at is not null, nullif(now.thread_id, $3)
          from unnest($1, $2) as k(post_id, version)
         cross join lateral (
                select * from {PostTable.Table}
                 where post_id = k.post_id and thread_id = $3 and from_version <= k.version
                 {PostTable.Newest}) p
         cross join lateral (
                select removed_at, thread_id from {PostTable.Table}
                 where post_id = k.post_id
                 {PostTable.Newest}) now
         where p.to_version is null or p.to_version > k.version
        """;

    /// <summary>Posts of a thread as they stood at a version, in the order that they are named in.</summary>
    private const string Named = $"""
        select {PostColumns.All}, now.removed_at is not null, nullif(now.thread_id, $3), r.html, r.plain
          from unnest((select $1)) with ordinality as k(post_id, place)
         cross join lateral (
                select * from {PostTable.Table}
                 where post_id = k.post_id and thread_id = $3 and from_version <= $2
                 {PostTable.Newest}) p
          {RenderedTextTable.Join}
         cross join lateral (
                select removed_at, thread_id from {PostTable.Table} where post_id = k.post_id {PostTable.Newest}) now
         where p.to_version is null or p.to_version > $2
         order by k.place
        """;

    /// <summary>How some posts stand now: whether they are removed, and where they are.</summary>
    public static async Task<Dictionary<Guid, (bool IsRemoved, Guid ThreadId)>> NowAsync(
        NpgsqlDataSource database,
        Guid[] postIds,
        CancellationToken cancellation
    )
    {
        await using var command = database.CreateCommand(Now);
        command.Parameters.AddWithValue(postIds);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var now = new Dictionary<Guid, (bool, Guid)>(postIds.Length);
        while (await reader.ReadAsync(cancellation))
        {
            now[reader.GetGuid(0)] = (reader.GetBoolean(1), reader.GetGuid(2));
        }

        return now;
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

    /// <summary>Of posts whose words nobody knows, the revisions whose words are known next, by post.</summary>
    public static async Task<Dictionary<Guid, PostRow>> KnownAfterAsync(
        NpgsqlDataSource database,
        IEnumerable<PostRow> posts,
        CancellationToken cancellation
    )
    {
        var unknown = posts.Where(row => row.IsUnknown).ToList();
        if (unknown.Count == 0)
        {
            return [];
        }

        await using var command = database.CreateCommand(Made);
        command.Parameters.AddWithValue(unknown.Select(row => row.PostId).ToArray());
        command.Parameters.AddWithValue(unknown.Select(row => row.Revision + 1).ToArray());
        return (await ReadAsync(command, cancellation)).ToDictionary(row => row.PostId);
    }

    /// <summary>Posts as they stood at versions of a thread.</summary>
    public static async Task<List<PostRow>> StandingAsync(
        NpgsqlDataSource database,
        Guid threadId,
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
        command.Parameters.AddWithValue(threadId);
        return await ReadAsync(command, cancellation);
    }

    /// <summary>Posts as they stood at a version of their thread, with their texts as they are shown.</summary>
    public static async Task<List<PostRow>> NamedAsync(
        NpgsqlDataSource database,
        Guid threadId,
        Guid[] postIds,
        long version,
        CancellationToken cancellation
    )
    {
        await using var command = database.CreateCommand(Named);
        command.Parameters.AddWithValue(postIds);
        command.Parameters.AddWithValue(version);
        command.Parameters.AddWithValue(threadId);
        return await ReadAsync(command, ReadWithText, cancellation);
    }

    private static Task<List<PostRow>> ReadAsync(NpgsqlCommand command, CancellationToken cancellation) =>
        ReadAsync(command, Read, cancellation);

    private static async Task<List<PostRow>> ReadAsync(
        NpgsqlCommand command,
        Func<NpgsqlDataReader, PostRow> read,
        CancellationToken cancellation
    )
    {
        var rows = new List<PostRow>(ThreadPage.PostsPerPage);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    /// <summary>As below, and behind it the text as it is shown, where that is kept.</summary>
    internal static PostRow ReadWithText(NpgsqlDataReader reader) =>
        Read(reader) with
        {
            Rendered = RenderedTextTable.ReadOrNull(reader, PostColumns.Count + 2),
        };

    /// <summary>A row, and behind it whether the post is removed now, and where it is if elsewhere.</summary>
    private static PostRow Read(NpgsqlDataReader reader) =>
        PostColumns.Read(reader) with
        {
            IsRemovedNow = reader.GetBoolean(PostColumns.Count),
            MovedTo = reader.IsDBNull(PostColumns.Count + 1) ? null : reader.GetGuid(PostColumns.Count + 1),
        };
}
