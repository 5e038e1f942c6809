using EventForum.Platform;
using Marten;
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
public sealed class MemberNames(IDocumentStore store, NpgsqlDataSource database, IOptionsMonitor<TitleLadder> ladder)
{
    private const string Sql = $"""
        select m.id, m.data ->> 'name', m.data ->> 'grantedTitle', coalesce((p.data ->> 'postCount')::int, 0)
          from {Store.Schema}.mt_doc_member m
          left join {Store.Schema}.mt_doc_memberprofile p on p.id = m.id
         where m.id = any($1)
        """;

    public async Task<IReadOnlyDictionary<Guid, MemberCard>> FindAsync(
        IEnumerable<Guid> ids,
        CancellationToken cancellation
    ) => (await ReadAsync(ids, cancellation)).ToDictionary(m => m.Id, m => new MemberCard(m.Id, m.Name, m.Title));

    /// <summary>As they were at a time; null is now.</summary>
    public async Task<IReadOnlyDictionary<Guid, MemberCard>> FindAsync(
        IEnumerable<Guid> ids,
        DateTimeOffset? at,
        CancellationToken cancellation
    )
    {
        var now = await FindAsync(ids, cancellation);
        if (at is not { } moment)
        {
            return now;
        }

        await using var session = store.QuerySession();
        var standings = await session.LoadManyAsync<MemberStanding>(cancellation, [.. now.Keys]);
        var rungs = ladder.CurrentValue;
        return now
            .Values.GroupJoin(
                standings,
                card => card.Id,
                standing => standing.Id,
                (card, found) => (Card: card, Standing: found.FirstOrDefault())
            )
            .ToDictionary(
                m => m.Card.Id,
                m =>
                    m.Card with
                    {
                        Title = rungs.TitleOf(m.Standing?.PostsAt(moment) ?? 0, m.Standing?.GrantAt(moment)),
                    }
            );
    }

    public async Task<IReadOnlyList<MemberDetails>> ReadAsync(IEnumerable<Guid> ids, CancellationToken cancellation)
    {
        var rungs = ladder.CurrentValue;
        await using var command = database.CreateCommand(Sql);
        command.Parameters.AddWithValue(ids.Distinct().ToArray());
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
