using System.Text.Json;
using EventForum.Platform;
using EventForum.Threads.Quoting;
using Npgsql;
using NpgsqlTypes;

namespace EventForum.Threads;

/// <summary>Loads the posts that the commands of a batch name, in one query.</summary>
public static class NamedPostsQuery
{
    private const string Sql = $"""
        with named as (
            select thread_id, number, from_version from {PostTable.Table}
             where post_id = any($1) and to_version is null
            union
            select p.thread_id, p.number, p.from_version from unnest($2, $3) as n(thread_id, number)
              join {PostTable.Table} p on p.thread_id = n.thread_id and p.number = n.number and p.to_version is null
            union
            select p.thread_id, p.number, p.from_version from unnest($4, $5, $6) as n(thread_id, name_key, last)
              join {Store.Schema}.mt_doc_member m on m.name_key = n.name_key
              join {PostTable.Table} p on p.thread_id = n.thread_id and p.number > n.last - $7
                   and p.author_id = m.id and p.to_version is null
            union
            select p.thread_id, p.number, p.from_version from {PostTable.Table} e
             cross join lateral jsonb_array_elements(e.quotes) q
              join {PostTable.Table} p on p.post_id = (q ->> 'postId')::uuid and p.revision = (q ->> 'revision')::int
             where e.post_id = any($8) and e.to_version is null
        )
        select p.post_id, p.thread_id, p.number, p.author_id, m.data ->> 'name', p.revision, p.body, p.quotes,
               p.removed_by, p.to_version is null
          from named n
          join {PostTable.Table} p using (thread_id, number, from_version)
          join {Store.Schema}.mt_doc_member m on m.id = p.author_id
        """;

    public static async Task<NamedPosts> LoadAsync(
        NpgsqlConnection connection,
        IReadOnlyList<(Guid ThreadId, int LastNumber, PostNames Names)> wanted
    )
    {
        if (wanted.Count == 0)
        {
            return new NamedPosts([]);
        }

        await using var command = new NpgsqlCommand(Sql, connection);
        var numbers = wanted.SelectMany(w => w.Names.Numbers.Select(n => (w.ThreadId, Number: n))).ToList();
        var authors = wanted
            .SelectMany(w => w.Names.Authors.Select(a => (w.ThreadId, Key: Members.MemberName.Key(a), w.LastNumber)))
            .ToList();
        command.Parameters.Add(Array(wanted.SelectMany(w => w.Names.Ids), NpgsqlDbType.Uuid));
        command.Parameters.Add(Array(numbers.Select(n => n.ThreadId), NpgsqlDbType.Uuid));
        command.Parameters.Add(Array(numbers.Select(n => n.Number), NpgsqlDbType.Integer));
        command.Parameters.Add(Array(authors.Select(a => a.ThreadId), NpgsqlDbType.Uuid));
        command.Parameters.Add(Array(authors.Select(a => a.Key), NpgsqlDbType.Text));
        command.Parameters.Add(Array(authors.Select(a => a.LastNumber), NpgsqlDbType.Integer));
        command.Parameters.Add(new NpgsqlParameter { Value = NamedPosts.LookBack });
        command.Parameters.Add(Array(wanted.Select(w => w.Names.EditedId).OfType<Guid>(), NpgsqlDbType.Uuid));

        var posts = new List<PostState>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            posts.Add(
                new PostState(
                    reader.GetGuid(0),
                    reader.GetGuid(1),
                    reader.GetInt32(2),
                    reader.GetGuid(3),
                    reader.GetString(4),
                    reader.GetInt32(5),
                    reader.GetString(6),
                    JsonSerializer.Deserialize<IReadOnlyList<Quote>>(reader.GetString(7), JsonSerializerOptions.Web)!,
                    reader.IsDBNull(8) ? null : reader.GetGuid(8),
                    reader.GetBoolean(9)
                )
            );
        }

        return new NamedPosts(posts);
    }

    private static NpgsqlParameter Array<T>(IEnumerable<T> values, NpgsqlDbType element) =>
        new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | element };
}
