using EventForum.Platform;
using Microsoft.Extensions.Options;
using Npgsql;

namespace EventForum.Members;

/// <summary>A member as readers see it beside what it wrote.</summary>
/// <param name="Title">A granted title, or the one that the ladder gives for the number of posts.</param>
public sealed record MemberCard(Guid Id, string Name, string Title);

/// <summary>A member's public profile.</summary>
/// <param name="PostCount">Posts written, among them those that were removed later.</param>
public sealed record MemberDetails(Guid Id, string Name, string Title, int PostCount);

/// <summary>Looks up members by their ids.</summary>
public sealed class MemberNames(
    [FromKeyedServices(ReadDatabase.Key)] NpgsqlDataSource database,
    IOptionsMonitor<TitleLadder> ladder
)
{
    private const string Now = $"""
        select m.id, m.data ->> 'name', m.data ->> 'grantedTitle', coalesce((p.data ->> 'postCount')::int, 0)
          from {Store.Schema}.mt_doc_member m
          left join {Store.Schema}.mt_doc_memberprofile p on p.id = m.id
         where m.id = any($1)
        """;

    /// <summary>In place of the posts at a time, the highest rung that they had reached: one probe a rung, from the top.</summary>
    private const string Then = $"""
        select m.id, m.data ->> 'name',
               case when m.mt_version > 1 then
                   (select e.data ->> 'title' from {Store.Schema}.mt_events e
                     where e.stream_id = m.id and e.type = 'title_granted' and e.timestamp <= $2
                     order by e.version desc limit 1) end,
               coalesce((select rung from unnest($3) rung
                          where (select posted_at from {FirstPosts.Table}
                                  where member_id = m.id and number = rung) <= $2 limit 1), 0)
          from {Store.Schema}.mt_doc_member m
         where m.id = any($1)
        """;

    /// <summary>As they were at a time; null is now.</summary>
    public async Task<IReadOnlyDictionary<Guid, MemberCard>> FindAsync(
        IEnumerable<Guid> ids,
        DateTimeOffset? at,
        CancellationToken cancellation
    ) => (await ReadAsync(ids, at, cancellation)).ToDictionary(m => m.Id, m => new MemberCard(m.Id, m.Name, m.Title));

    public Task<IReadOnlyDictionary<Guid, MemberCard>> FindAsync(
        IEnumerable<Guid> ids,
        CancellationToken cancellation
    ) => FindAsync(ids, at: null, cancellation);

    public Task<IReadOnlyList<MemberDetails>> ReadAsync(IEnumerable<Guid> ids, CancellationToken cancellation) =>
        ReadAsync(ids, at: null, cancellation);

    private async Task<IReadOnlyList<MemberDetails>> ReadAsync(
        IEnumerable<Guid> ids,
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
        await using var command = database.CreateCommand(at is null ? Now : Then);
        command.Parameters.AddWithValue(wanted);
        if (at is { } moment)
        {
            command.Parameters.AddWithValue(moment.ToUniversalTime());
            command.Parameters.AddWithValue(rungs.Heights.Where(posts => posts > 0).OrderDescending().ToArray());
        }

        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var found = new List<MemberDetails>();
        while (await reader.ReadAsync(cancellation))
        {
            var posts = reader.GetInt32(3);
            var granted = reader.IsDBNull(2) ? null : reader.GetString(2);
            found.Add(new MemberDetails(reader.GetGuid(0), reader.GetString(1), rungs.TitleOf(posts, granted), posts));
        }

        return found;
    }
}
