using EventForum.Members;
using EventForum.Threads;
using Marten;
using Npgsql;

namespace EventForum.Erasure;

/// <summary>Says what erasing a person would take out, without doing it.</summary>
public sealed class ErasurePlans(IDocumentStore store, NpgsqlDataSource database)
{
    private const int MostMentions = 1_000;

    private const string Mentions = $"""
        select post_id from {PostTable.Table}
         where to_version is null and author_id <> $1 and strpos(lower(body), lower($2)) > 0
         order by position limit $3
        """;

    /// <summary>What would go; null when there is no such member.</summary>
    public async Task<ErasurePlan?> OfAsync(
        Guid memberId,
        ErasureScope scope,
        CancellationToken cancellation,
        Action<long, long>? progress = null
    )
    {
        await using var session = store.QuerySession();
        if (await session.LoadAsync<Member>(memberId, cancellation) is not { } member)
        {
            return null;
        }

        await using var connection = await database.OpenConnectionAsync(cancellation);
        var number = await Erasures.NumberAsync(connection, member, cancellation);
        var last = await Erasures.ScalarAsync(connection, Erasures.Last, cancellation);
        var erased = new List<ErasedEvent>();
        var person = new PersonalValues(memberId, scope, number);
        await foreach (
            var one in PersonalEvents.FindAsync(connection, memberId, person, 0, last, progress, cancellation)
        )
        {
            erased.Add(one);
        }

        return new ErasurePlan(
            memberId,
            member.Name,
            PersonalValues.Name(number),
            scope,
            PersonalEvents.CountsOf(erased),
            await MentionsAsync(connection, member, cancellation)
        );
    }

    private static async Task<IReadOnlyList<Guid>> MentionsAsync(
        NpgsqlConnection connection,
        Member member,
        CancellationToken cancellation
    )
    {
        await using var mentions = new NpgsqlCommand(Mentions, connection);
        mentions.Parameters.AddWithValue(member.Id);
        mentions.Parameters.AddWithValue(member.Name);
        mentions.Parameters.AddWithValue(MostMentions);
        var posts = new List<Guid>();
        await using var rows = await mentions.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            posts.Add(rows.GetGuid(0));
        }

        return posts;
    }
}
