using EventForum.Platform;
using Microsoft.Extensions.Options;
using Npgsql;

namespace EventForum.Members;

/// <summary>A member as readers see it beside what it wrote.</summary>
/// <param name="Title">A granted title, or the one that the ladder gives for the number of posts.</param>
public sealed record MemberCard(Guid Id, string Name, string Title, int PostCount);

/// <summary>Looks up members by their ids.</summary>
public sealed class MemberNames(NpgsqlDataSource database, IOptionsMonitor<TitleLadder> ladder)
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
    )
    {
        var rungs = ladder.CurrentValue;
        await using var command = database.CreateCommand(Sql);
        command.Parameters.AddWithValue(ids.Distinct().ToArray());
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var found = new Dictionary<Guid, MemberCard>();
        while (await reader.ReadAsync(cancellation))
        {
            var posts = reader.GetInt32(3);
            var granted = reader.IsDBNull(2) ? null : reader.GetString(2);
            var card = new MemberCard(
                reader.GetGuid(0),
                reader.GetString(1),
                rungs.TitleOf(posts, granted),
                posts
            );
            found[card.Id] = card;
        }

        return found;
    }
}
