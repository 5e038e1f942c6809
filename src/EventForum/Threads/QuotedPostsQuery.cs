using EventForum.Members;
using EventForum.Platform;
using Npgsql;

namespace EventForum.Threads;

/// <summary>The posts that a text may quote.</summary>
/// <param name="HaveTexts">Whether their texts came along, since they are short.</param>
internal sealed record QuotedPosts(IReadOnlyList<QuotedPost> Found, bool HaveTexts)
{
    public NamedPosts Posts => new(Found.Select(post => post.State));
}

internal sealed record QuotedPost(PostState State, QuotedAs Kind, int Bytes);

/// <summary>Why a text may quote a post; what comes first in the text's order is read first.</summary>
internal enum QuotedAs
{
    Edited,
    Held,
    Named,
    Searched,
}

/// <summary>Finds the posts that a text may quote, and loads their texts up to <see cref="Bounds.QuotedBytes"/> of each kind.</summary>
internal static class QuotedPostsQuery
{
    /// <summary>The newest row of a post, by the end of the primary key: its earlier ones are not read.</summary>
    private const string AtNumber = $"""
        select * from {PostTable.Table} where thread_id = $1 and number = n.number
         order by from_version desc limit 1
        """;

    /// <summary>
    /// Each post is a probe of an index, which <c>limit</c> and <c>unnest</c> see to: the planner takes lists for longer
    /// than they are, and would rather read a whole table. The numbers of kinds are those of <see cref="QuotedAs"/>.
    /// </summary>
    private const string Find = $"""
        with edited as (select * from {PostTable.Table} where post_id = $2 {PostTable.Newest}),
        held as (
            select (quote ->> 'postId')::uuid as id, (quote ->> 'revision')::int as revision, place
              from edited cross join lateral jsonb_array_elements(quotes) with ordinality as q(quote, place)
        ),
        last as (select number from {PostTable.Table} where thread_id = $1 order by number desc limit 1),
        named as (
            select thread_id, number, from_version, 0 as kind, 0 as place from edited
            union all
            select p.thread_id, p.number, p.from_version, 1, held.place from held
             cross join lateral (
                    select * from {PostTable.Table} where post_id = held.id and revision = held.revision
                     order by position desc limit 1) p
            union all
            select p.thread_id, p.number, p.from_version, 2, n.place
              from (select unnest($3) as id, 0 as place union select id, 1 from held) n
             cross join lateral (select * from {PostTable.Table} where post_id = n.id {PostTable.Newest}) p
            union all
            select p.thread_id, p.number, p.from_version, 2, 0 from unnest($4) as n(number)
             cross join lateral ({AtNumber}) p
            union all
            select p.thread_id, p.number, p.from_version, 3, 0 from unnest($5) as a(name_key)
              join {MartenTables.Documents}member m on m.name_key = a.name_key
             cross join last
             cross join lateral (
                    select number
                      from unnest(array(select generate_series(greatest(last.number - $6 + 1, 1), last.number))) number) n
             cross join lateral ({AtNumber}) p
             where p.author_id = m.id
        )
        select {PostColumns.Standing}, case when n.kind = 0 then p.quotes end,
               case when sum(octet_length(p.body)) over () <= $7 then p.body end, p.to_version is null, m.name,
               n.kind, octet_length(p.body)
          from (select thread_id, number, from_version, min(kind) as kind, min(place) as place from named
                 group by thread_id, number, from_version) n
         cross join lateral (
                select * from {PostTable.Table}
                 where thread_id = n.thread_id and number = n.number and from_version = n.from_version
                 limit 1) p
         cross join lateral (
                select data ->> 'name' as name from {MartenTables.Documents}member where id = p.author_id limit 1) m
         order by n.kind, n.place, p.number desc
        """;

    /// <summary>Texts of rows: a revision's never changes, however its post stands meanwhile.</summary>
    private const string Load = $"""
        select n.place, p.body from unnest($1, $2, $3) with ordinality as n(thread_id, number, from_version, place)
         cross join lateral (
                select body from {PostTable.Table}
                 where thread_id = n.thread_id and number = n.number and from_version = n.from_version
                 limit 1) p
        """;

    /// <summary>How they all stand, at one moment.</summary>
    public static async Task<QuotedPosts> FindAsync(
        NpgsqlDataSource database,
        Guid threadId,
        PostNames names,
        CancellationToken cancellation
    )
    {
        await using var command = database.CreateCommand(Find);
        command.Parameters.AddWithValue(threadId);
        command.Parameters.AddWithValue(names.EditedId ?? Guid.Empty);
        command.Parameters.AddWithValue(names.Ids.ToArray());
        command.Parameters.AddWithValue(names.Numbers.ToArray());
        command.Parameters.AddWithValue(
            names.Authors.Select(MemberName.Key).Distinct(StringComparer.Ordinal).ToArray()
        );
        command.Parameters.AddWithValue(NamedPosts.LookBack);
        command.Parameters.AddWithValue(PostTexts.CheapBytes);
        var found = new List<QuotedPost>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            var kind = (QuotedAs)reader.GetInt32(PostColumns.Count + 2);
            found.Add(new QuotedPost(PostColumns.ReadState(reader), kind, reader.GetInt32(PostColumns.Count + 3)));
        }

        return new QuotedPosts(found, found.TrueForAll(post => post.State.Body is not null));
    }

    /// <summary>The same posts with their texts, as far as they are not too many.</summary>
    public static async Task<NamedPosts> LoadAsync(
        NpgsqlDataSource database,
        QuotedPosts posts,
        CancellationToken cancellation
    )
    {
        var found = posts.Found;
        var wanted = Wanted(found);
        var texts = new Dictionary<QuotedPost, string>(ReferenceEqualityComparer.Instance);
        await using var command = database.CreateCommand(Load);
        command.Parameters.AddWithValue(wanted.Select(post => post.State.ThreadId).ToArray());
        command.Parameters.AddWithValue(wanted.Select(post => post.State.Number).ToArray());
        command.Parameters.AddWithValue(wanted.Select(post => post.State.Row.FromVersion).ToArray());
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            texts[wanted[(int)reader.GetInt64(0) - 1]] = reader.GetString(1);
        }

        return new NamedPosts(
            found.Select(post =>
                texts.TryGetValue(post, out var text)
                    ? post.State with
                    {
                        Row = post.State.Row with { Body = text },
                        HasText = true,
                    }
                    : post.State with
                    {
                        HasText = false,
                    }
            )
        );
    }

    private static List<QuotedPost> Wanted(IReadOnlyList<QuotedPost> found)
    {
        var bytes = new Dictionary<QuotedAs, long>();
        return
        [
            .. found.Where(post =>
                (bytes[post.Kind] = bytes.GetValueOrDefault(post.Kind) + post.Bytes) <= Bounds.QuotedBytes
            ),
        ];
    }
}
