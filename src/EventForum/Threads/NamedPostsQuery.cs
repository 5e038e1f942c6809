using Npgsql;

namespace EventForum.Threads;

/// <summary>Loads the posts that the rules of a batch look at, in one query: their state, and the text only of those that are edited.</summary>
public static class NamedPostsQuery
{
    /// <summary>A probe of an index for each, which <c>limit</c> and <c>unnest</c> see to.</summary>
    private const string Sql = $"""
        select {PostStateRow.Columns}, p.to_version is null, null,
               case when p.post_id = any($2) then p.quotes end, case when p.post_id = any($2) then p.body end
          from unnest($1) as n(id)
         cross join lateral (select * from {PostTable.Table} where post_id = n.id {PostTable.Newest}) p
        """;

    public static async Task<NamedPosts> LoadAsync(NpgsqlConnection connection, IReadOnlyList<Waiting> commands)
    {
        await using var command = new NpgsqlCommand(Sql, connection);
        command.Parameters.AddWithValue(commands.SelectMany(waiting => waiting.PostIds).Distinct().ToArray());
        command.Parameters.AddWithValue(
            commands.Select(waiting => waiting.Message.Command.Names.EditedId).OfType<Guid>().Distinct().ToArray()
        );
        var posts = new List<PostState>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            posts.Add(PostStateRow.Read(reader));
        }

        return new NamedPosts(posts);
    }
}
