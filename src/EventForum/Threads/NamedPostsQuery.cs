using EventForum.Commands;
using Npgsql;

namespace EventForum.Threads;

/// <summary>Loads the posts that the rules of a batch look at, in one query: their state, and the text only of those that are edited.</summary>
public static class NamedPostsQuery
{
    /// <summary>A probe of an index for each, which <c>limit</c> and <c>unnest</c> see to.</summary>
    private const string Sql = $"""
        select {PostColumns.Standing}, case when p.post_id = any($2) then p.quotes end,
               case when p.post_id = any($2) then p.body end, p.to_version is null, null
          from unnest($1) as n(id)
         cross join lateral (select * from {PostTable.Table} where post_id = n.id {PostTable.Newest}) p
        """;

    /// <summary>Asked for when the streams are known: the session's connection is its transaction's then.</summary>
    public static NamedStateSource Source { get; } =
        new(command => IdsOf(command).Any(), NeedsStreams: true, LoadAsync);

    private static async Task<INamedState> LoadAsync(NamedStateQuery query)
    {
        var ids = query.Commands.SelectMany(IdsOf).Distinct().ToArray();
        if (ids.Length == 0)
        {
            return new NamedPosts([]);
        }

        await using var command = new NpgsqlCommand(Sql, (NpgsqlConnection)query.Session.Connection!);
        command.Parameters.AddWithValue(ids);
        command.Parameters.AddWithValue(
            query
                .Commands.Select(pending => (pending.Command as INamesPosts)?.Names.EditedId)
                .OfType<Guid>()
                .Distinct()
                .ToArray()
        );
        var posts = new List<PostState>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            posts.Add(PostColumns.ReadState(reader));
        }

        return new NamedPosts(posts);
    }

    private static IEnumerable<Guid> IdsOf(PendingCommand pending) =>
        pending.Command is INamesPosts command
            ? command.Names.Ids.Concat((pending.Prepared as PostText)?.Sources ?? [])
            : [];
}
