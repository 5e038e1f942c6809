using EventForum.Threads.Quoting;
using Npgsql;

namespace EventForum.Threads.Reading;

/// <summary>
/// How many bytes texts have, before they are read: PostgreSQL knows the length of a long text without unpacking it.
/// </summary>
internal static class TextSizes
{
    private const string OfRevisions = $"""
        select k.revision, octet_length(p.body)::bigint
          from unnest($2) as k(revision)
         cross join lateral (
                select body from {PostTable.Table}
                 where post_id = $1 and revision = k.revision order by position limit 1) p
        """;

    private const string Standing = $"""
        select k.post_id, sum(octet_length(p.body))
          from unnest($1) as k(post_id)
         cross join unnest($2) as v(version)
         cross join lateral (
                select body from {PostTable.Table}
                 where post_id = k.post_id and thread_id = $3 and from_version <= v.version
                 {PostTable.Newest}) p
         group by k.post_id
        """;

    /// <summary>One row a key, in their order; 0 for what is not in this forum.</summary>
    private const string OfQuoted = $"""
        select k.place::int, coalesce(octet_length(p.body), 0)::bigint
          from unnest($1, $2) with ordinality as k(post_id, revision, place)
          left join lateral (
                select body from {PostTable.Table}
                 where post_id = k.post_id and revision = k.revision order by position limit 1) p on true
        """;

    /// <summary>The most bytes that a text can have: what so many texts come to needs no look.</summary>
    private const int Longest = 4 * PostBody.MaxLength;

    /// <summary>
    /// Which of these revisions fit into a number of bytes, in their order; the same one counts once for each time that
    /// it is read. Once one does not, none that follows does.
    /// </summary>
    public static async Task<bool[]> FittingAsync(
        NpgsqlDataSource database,
        IReadOnlyList<(Guid PostId, int Revision)> quoted,
        long bytes,
        CancellationToken cancellation
    )
    {
        if (quoted.Count <= bytes / Longest)
        {
            return [.. Enumerable.Repeat(true, quoted.Count)];
        }

        var sizes = await ReadAsync<int>(
            database,
            OfQuoted,
            cancellation,
            quoted.Select(key => key.PostId).ToArray(),
            quoted.Select(key => key.Revision).ToArray()
        );
        return [.. Enumerable.Range(1, quoted.Count).Select(place => (bytes -= sizes[place]) >= 0)];
    }

    public static Task<Dictionary<int, long>> OfRevisionsAsync(
        NpgsqlDataSource database,
        Guid postId,
        int[] revisions,
        CancellationToken cancellation
    ) => ReadAsync<int>(database, OfRevisions, cancellation, postId, revisions);

    /// <summary>Of posts as they stood at versions of a thread, all those of a post together.</summary>
    public static Task<Dictionary<Guid, long>> StandingAsync(
        NpgsqlDataSource database,
        Guid threadId,
        Guid[] postIds,
        long[] versions,
        CancellationToken cancellation
    ) => ReadAsync<Guid>(database, Standing, cancellation, postIds, versions, threadId);

    private static async Task<Dictionary<T, long>> ReadAsync<T>(
        NpgsqlDataSource database,
        string sql,
        CancellationToken cancellation,
        params object[] parameters
    )
        where T : notnull
    {
        await using var command = database.CreateCommand(sql);
        foreach (var parameter in parameters)
        {
            command.Parameters.AddWithValue(parameter);
        }

        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var sizes = new Dictionary<T, long>();
        while (await reader.ReadAsync(cancellation))
        {
            sizes[reader.GetFieldValue<T>(0)] = reader.GetInt64(1);
        }

        return sizes;
    }
}
