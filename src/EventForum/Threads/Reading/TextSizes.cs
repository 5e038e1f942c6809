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
                 where post_id = $1 and revision = k.revision order by from_version limit 1) p
        """;

    private const string Standing = $"""
        select k.post_id, sum(octet_length(p.body))
          from unnest($1) as k(post_id)
         cross join unnest($2) as v(version)
         cross join lateral (
                select body from {PostTable.Table}
                 where post_id = k.post_id and from_version <= v.version
                 {PostTable.Newest}) p
         group by k.post_id
        """;

    public static Task<Dictionary<int, long>> OfRevisionsAsync(
        NpgsqlDataSource database,
        Guid postId,
        int[] revisions,
        CancellationToken cancellation
    ) => ReadAsync<int>(database, OfRevisions, postId, revisions, cancellation);

    /// <summary>Of posts as they stood at versions of their thread, all those of a post together.</summary>
    public static Task<Dictionary<Guid, long>> StandingAsync(
        NpgsqlDataSource database,
        Guid[] postIds,
        long[] versions,
        CancellationToken cancellation
    ) => ReadAsync<Guid>(database, Standing, postIds, versions, cancellation);

    private static async Task<Dictionary<T, long>> ReadAsync<T>(
        NpgsqlDataSource database,
        string sql,
        object first,
        object second,
        CancellationToken cancellation
    )
        where T : notnull
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.AddWithValue(first);
        command.Parameters.AddWithValue(second);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var sizes = new Dictionary<T, long>();
        while (await reader.ReadAsync(cancellation))
        {
            sizes[reader.GetFieldValue<T>(0)] = reader.GetInt64(1);
        }

        return sizes;
    }
}
