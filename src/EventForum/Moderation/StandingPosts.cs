using EventForum.Commands;
using EventForum.Members;
using EventForum.Platform;
using EventForum.Threads;
using JasperFx.Events;
using Npgsql;

namespace EventForum.Moderation;

/// <summary>A command whose rule looks at all posts of some threads: where they stand, not what they say.</summary>
internal interface IMovesPosts
{
    IReadOnlyList<Guid> MovedThreads { get; }
}

/// <summary>A post in its thread.</summary>
internal sealed record StandingPost(Guid PostId, Guid ThreadId, int Number, Guid AuthorId, DateTimeOffset PostedAt);

/// <summary>The posts of the threads that commands move posts between.</summary>
internal sealed class StandingPosts : INamedState
{
    private const string Sql = $"""
        select post_id, thread_id, number, author_id, posted_at from {PostTable.Table}
         where thread_id = any($1) and to_version is null
        """;

    private readonly Dictionary<Guid, StandingPost> posts;

    public StandingPosts(IEnumerable<StandingPost> posts) => this.posts = posts.ToDictionary(post => post.PostId);

    public static NamedStateSource Source { get; } =
        new(command => command.Command is IMovesPosts { MovedThreads.Count: > 0 }, NeedsStreams: true, LoadAsync);

    public StandingPost? Find(Guid postId) => posts.GetValueOrDefault(postId);

    /// <summary>In the order of their numbers.</summary>
    public IEnumerable<StandingPost> In(Guid threadId) =>
        posts.Values.Where(post => post.ThreadId == threadId).OrderBy(post => post.Number);

    public void Evolve(IEvent e, string actorName)
    {
        if (e.Data is IPostWritten && PostEvents.PostOf(e.Data) is { } written)
        {
            var number = (e.Data as ReplyPosted)?.Number ?? 1;
            posts[written] = new StandingPost(written, e.StreamId, number, e.ActorId(), e.Timestamp);
        }

        foreach (var id in e.Data is PostsMovedIn or PostsMovedOut ? PostEvents.PostsOf(e.Data) : [])
        {
            if (PostEvents.NumberOf(e.Data, id) is { } number && posts.TryGetValue(id, out var post))
            {
                posts[id] = post with { ThreadId = e.StreamId, Number = number };
            }
        }
    }

    private static async Task<INamedState> LoadAsync(NamedStateQuery query)
    {
        var threads = query
            .Commands.Select(command => command.Command)
            .OfType<IMovesPosts>()
            .SelectMany(command => command.MovedThreads)
            .Distinct()
            .ToArray();
        var found = new List<StandingPost>();
        if (threads.Length > 0)
        {
            await using var command = new NpgsqlCommand(Sql, (NpgsqlConnection)query.Session.Connection!);
            command.Parameters.AddWithValue(threads);
            await using var rows = await command.ExecuteReaderAsync();
            while (await rows.ReadAsync())
            {
                found.Add(
                    new StandingPost(
                        rows.GetGuid(0),
                        rows.GetGuid(1),
                        rows.GetInt32(2),
                        rows.GetGuid(3),
                        await rows.GetFieldValueAsync<DateTimeOffset>(4)
                    )
                );
            }
        }

        return new StandingPosts(found);
    }
}
