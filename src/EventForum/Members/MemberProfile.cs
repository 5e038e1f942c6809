using EventForum.Platform;
using JasperFx.Events;
using Marten;
using Marten.Events.Projections;

namespace EventForum.Members;

/// <summary>What a member has done so far. Updated by the daemon, a moment after the fact.</summary>
/// <param name="PostCount">Posts written, among them those that were removed later.</param>
public sealed record MemberProfile(Guid Id, int PostCount, DateTimeOffset? LastPostAt);

/// <summary>Counts a member's posts over all threads, in one statement for all that is new.</summary>
public sealed class MemberProfileProjection : IProjection
{
    public const string ProjectionName = "MemberProfile";

    private const string Table = MartenTables.Documents + "memberprofile";

    /// <summary>A document's version is the position of the last event in it.</summary>
    private static readonly string Count = $"""
        insert into {Table} as known (id, data, {MartenTables.DotNetType}, {MartenTables.DocumentVersion})
        select id, data::jsonb, '{typeof(MemberProfile).FullName}', position from unnest(?, ?, ?) n(id, data, position)
        on conflict (id) do update set
            data = excluded.data || jsonb_build_object('postCount',
                (known.data ->> 'postCount')::int + (excluded.data ->> 'postCount')::int),
            {MartenTables.DocumentVersion} = excluded.{MartenTables.DocumentVersion},
            {MartenTables.LastModified} = transaction_timestamp()
        """;

    public Task ApplyAsync(IDocumentOperations operations, IReadOnlyList<IEvent> events, CancellationToken cancellation)
    {
        var posts = events.Where(e => e.Data is IPostWritten).GroupBy(e => e.ActorId()).ToList();
        if (posts.Count > 0)
        {
            var serializer = operations.DocumentStore.Options.Serializer();
            operations.QueueSqlCommand(
                Count,
                posts.Select(member => member.Key).ToArray(),
                posts
                    .Select(member => new MemberProfile(member.Key, member.Count(), member.Last().Timestamp))
                    .Select(serializer.ToJson)
                    .ToArray(),
                posts.Select(member => member.Last().Sequence).ToArray()
            );
        }

        return Task.CompletedTask;
    }
}
