using System.Text.Json;
using EventForum.Commands;
using EventForum.Platform;
using EventForum.Threads.Quoting;
using Npgsql;
using NpgsqlTypes;

namespace EventForum.Threads;

/// <summary>Loads the posts that the commands of a batch name, in one query.</summary>
public static class NamedPostsQuery
{
    /// <summary>The newest row of a post, by the end of the primary key: its earlier ones are not read.</summary>
    private const string AtNumber = $"""
        select * from {PostTable.Table} where thread_id = n.thread_id and number = n.number
         order by from_version desc limit 1
        """;

    /// <summary>
    /// Each post is a probe of an index, which <c>limit</c> and <c>unnest</c> see to: the planner takes lists for longer
    /// than they are, and would rather read a whole table.
    /// </summary>
    private const string Sql = $"""
        with named as (
            select p.thread_id, p.number, p.from_version from unnest($1) as n(id)
             cross join lateral (select * from {PostTable.Table} where post_id = n.id {PostTable.Newest}) p
            union
            select p.thread_id, p.number, p.from_version from unnest($2, $3) as n(thread_id, number)
             cross join lateral ({AtNumber}) p
            union
            select p.thread_id, p.number, p.from_version from unnest($4, $5, $6) as a(thread_id, name_key, last)
              join {Store.Schema}.mt_doc_member m on m.name_key = a.name_key
             cross join lateral (
                    select a.thread_id, number
                      from unnest(array(select generate_series(greatest(a.last - $7 + 1, 1), a.last))) number) n
             cross join lateral ({AtNumber}) p
             where p.author_id = m.id
            union
            select p.thread_id, p.number, p.from_version from unnest($8) as n(id)
             cross join lateral (select * from {PostTable.Table} where post_id = n.id {PostTable.Newest}) e
             cross join lateral jsonb_array_elements(e.quotes) q
             cross join lateral (
                    select * from {PostTable.Table}
                     where post_id = (q ->> 'postId')::uuid and revision = (q ->> 'revision')::int
                     order by from_version desc limit 1) p
        )
        select p.post_id, p.thread_id, p.number, p.author_id, m.name, p.revision, p.body, p.quotes,
               p.removed_by, p.removed_at, p.removal_reason, p.author_removed_at, p.author_removal_reason, p.to_version is null
          from named n
         cross join lateral (
                select * from {PostTable.Table}
                 where thread_id = n.thread_id and number = n.number and from_version = n.from_version
                 limit 1) p
         cross join lateral (
                select data ->> 'name' as name from {Store.Schema}.mt_doc_member where id = p.author_id limit 1) m
        """;

    /// <summary>It looks back from the threads' last posts, and so is asked when their states are known.</summary>
    public static NamedStateSource Source { get; } =
        new(command => command is IThreadCommand { Names.IsNone: false }, NeedsStreams: true, LoadAsync);

    private static async Task<INamedState> LoadAsync(NamedStateQuery query)
    {
        var wanted = query
            .Commands.Select(command => command.Command)
            .OfType<IThreadCommand>()
            .Where(command => !command.Names.IsNone)
            .Select(command =>
                (
                    command.ThreadId,
                    LastNumber: query.Find<ForumThread>(ForumThread.Stream(command.ThreadId))?.LastNumber ?? 0,
                    command.Names
                )
            )
            .ToList();
        if (wanted.Count == 0)
        {
            return new NamedPosts([]);
        }

        await using var command = new NpgsqlCommand(Sql, (NpgsqlConnection)query.Session.Connection!);
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
                    new Holds(
                        reader.IsDBNull(8) ? null : Hold(reader.GetGuid(8), 9),
                        reader.IsDBNull(11) ? null : Hold(reader.GetGuid(3), 11)
                    ),
                    reader.GetBoolean(13)
                )
            );
        }

        return new NamedPosts(posts);

        Hold Hold(Guid by, int at) =>
            new(
                by,
                reader.GetFieldValue<DateTimeOffset>(at),
                reader.IsDBNull(at + 1) ? null : reader.GetString(at + 1)
            );
    }

    private static NpgsqlParameter Array<T>(IEnumerable<T> values, NpgsqlDbType element) =>
        new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | element };
}
