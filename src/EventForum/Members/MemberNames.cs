using EventForum.Access;
using EventForum.Platform;
using Microsoft.Extensions.Options;
using Npgsql;

namespace EventForum.Members;

/// <summary>A member as readers see it beside what it wrote.</summary>
/// <param name="Title">A granted title, or the one that the ladder gives for the number of posts.</param>
public sealed record MemberCard(Guid Id, string Name, string Title);

/// <summary>A member's profile.</summary>
/// <param name="PostCount">Posts written in boards that the reader sees, among them those that were removed later.</param>
public sealed record MemberDetails(Guid Id, string Name, string Title, int PostCount);

/// <summary>
/// Looks up members by their ids, for a reader: posts in boards that are hidden from it count neither as posts nor
/// towards a title.
/// </summary>
public sealed class MemberNames(
    [FromKeyedServices(ReadDatabase.Key)] NpgsqlDataSource database,
    IOptionsMonitor<TitleLadder> ladder
)
{
    private const string Now = $"""
        select m.id, m.data ->> 'name', m.data ->> 'grantedTitle', coalesce((p.data ->> 'postCount')::int, 0)
          from {MartenTables.Documents}member m
          left join {MartenTables.Documents}memberprofile p on p.id = m.id
         where m.id = any($1)
        """;

    private const string NowInSeenBoards = $"""
        select m.id, m.data ->> 'name', m.data ->> 'grantedTitle',
               coalesce((select sum(posts) from {BoardPosts.Counts}
                          where member_id = m.id and board_id <> all($2)), 0)::int
          from {MartenTables.Documents}member m
         where m.id = any($1)
        """;

    private const string GrantedThen = $"""
        case when m.{MartenTables.DocumentVersion} > 1 then
            (select e.data ->> 'title' from {MartenTables.Events} e
              where e.stream_id = m.id and e.type = 'title_granted' and e.timestamp <= $2
              order by e.version desc limit 1) end
        """;

    /// <summary>In place of the posts at a time, the highest rung that they had reached: one probe a rung, from the top.</summary>
    private const string Then = $"""
        select m.id, m.data ->> 'name', {GrantedThen},
               coalesce((select rung from unnest($3) rung
                          where (select posted_at from {FirstPosts.Table}
                                  where member_id = m.id and number = rung) <= $2 limit 1), 0)
          from {MartenTables.Documents}member m
         where m.id = any($1)
        """;

    /// <summary>
    /// How many posts there were in each board by then is found by halving their numbers. Added up they may be more than are
    /// told apart elsewhere.
    /// </summary>
    private static readonly string ThenInSeenBoards = $"""
        select m.id, m.data ->> 'name', {GrantedThen},
               (select least(coalesce(sum(known.number), 0), {FirstPosts.Kept})
                   from {BoardPosts.Counts} b
                  cross join lateral (
                        with recursive search(low, high) as (
                            select 0, least(b.posts, {FirstPosts.Kept})
                            union all
                            select case when f.posted_at <= $2 then h.half else low end,
                                   case when f.posted_at <= $2 then high else h.half - 1 end
                              from search
                             cross join lateral (select (low + high + 1) / 2 as half) h
                              join {BoardPosts.First} f
                                on f.member_id = b.member_id and f.board_id = b.board_id and f.number = h.half
                             where low < high)
                        select low as number from search where low = high) known
                  where b.member_id = m.id and b.board_id <> all($3))::int
          from {MartenTables.Documents}member m
         where m.id = any($1)
        """;

    /// <summary>The views that titles and numbers of posts come from.</summary>
    public static string[] ViewsFor(Reader reader) =>
        reader.SeesAllBoards ? [MemberProfileProjection.ProjectionName, FirstPosts.Name] : [BoardPosts.Name];

    /// <summary>As they were at a time; null is now.</summary>
    public async Task<IReadOnlyDictionary<Guid, MemberCard>> FindAsync(
        IEnumerable<Guid> ids,
        Reader reader,
        DateTimeOffset? at,
        CancellationToken cancellation
    ) =>
        (await ReadAsync(ids, reader, at, cancellation)).ToDictionary(
            m => m.Id,
            m => new MemberCard(m.Id, m.Name, m.Title)
        );

    public Task<IReadOnlyDictionary<Guid, MemberCard>> FindAsync(
        IEnumerable<Guid> ids,
        Reader reader,
        CancellationToken cancellation
    ) => FindAsync(ids, reader, at: null, cancellation);

    public Task<IReadOnlyList<MemberDetails>> ReadAsync(
        IEnumerable<Guid> ids,
        Reader reader,
        CancellationToken cancellation
    ) => ReadAsync(ids, reader, at: null, cancellation);

    private async Task<IReadOnlyList<MemberDetails>> ReadAsync(
        IEnumerable<Guid> ids,
        Reader reader,
        DateTimeOffset? at,
        CancellationToken cancellation
    )
    {
        var wanted = ids.Distinct().ToArray();
        if (wanted.Length == 0)
        {
            return [];
        }

        var rungs = ladder.CurrentValue;
        await using var command = database.CreateCommand(
            (at is null, reader.SeesAllBoards) switch
            {
                (true, true) => Now,
                (true, false) => NowInSeenBoards,
                (false, true) => Then,
                (false, false) => ThenInSeenBoards,
            }
        );
        command.Parameters.AddWithValue(wanted);
        if (at is { } moment)
        {
            command.Parameters.AddWithValue(moment.ToUniversalTime());
        }

        if (!reader.SeesAllBoards)
        {
            command.Parameters.AddWithValue(reader.HiddenBoards);
        }
        else if (at is not null)
        {
            command.Parameters.AddWithValue(rungs.Heights.Where(posts => posts > 0).OrderDescending().ToArray());
        }

        await using var rows = await command.ExecuteReaderAsync(cancellation);
        var found = new List<MemberDetails>();
        while (await rows.ReadAsync(cancellation))
        {
            var posts = rows.GetInt32(3);
            var granted = rows.IsDBNull(2) ? null : rows.GetString(2);
            found.Add(new MemberDetails(rows.GetGuid(0), rows.GetString(1), rungs.TitleOf(posts, granted), posts));
        }

        return found;
    }
}
