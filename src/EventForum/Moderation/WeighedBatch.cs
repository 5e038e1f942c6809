using EventForum.Commands;
using EventForum.Platform;
using EventForum.Threads;

namespace EventForum.Moderation;

/// <summary>What a batch does to its posts and threads, before it is done.</summary>
internal sealed record WeighedBatch
{
    private readonly Dictionary<Guid, List<object>> events = [];
    private readonly Dictionary<Guid, ForumThread> threads = [];
    private readonly Dictionary<Guid, PostState> posts = [];
    private readonly HashSet<Guid> members = [];

    public Refusal? Refusal { get; init; }

    public IReadOnlyCollection<PostState> Posts => posts.Values;

    public IReadOnlyCollection<ForumThread> Threads => threads.Values;

    public IReadOnlyCollection<Guid> Members => members;

    /// <summary>The threads and posts that it does nothing to, and why.</summary>
    public List<(Guid ThreadId, PostState? Post, string Why)> LeftAlone { get; } = [];

    public bool HasEvents => events.Count > 0;

    public void Add(ForumThread thread, ActStep step)
    {
        if (step.Event is null)
        {
            LeftAlone.Add((thread.Id, null, step.LeftAlone!));
            return;
        }

        Add(thread, step.Event);
        members.Add(thread.StarterId);
    }

    public void Add(ForumThread thread, PostState post, ActStep step)
    {
        if (step.Event is null)
        {
            LeftAlone.Add((thread.Id, post, step.LeftAlone!));
            return;
        }

        Add(thread, step.Event);
        posts[post.Id] = post;
        members.Add(post.AuthorId);
    }

    /// <summary>Records the batch in its own stream, and in those of its threads what it does to each.</summary>
    public Decision Decide(Guid id, string kind, string reason, Guid? undone)
    {
        var decision = Decision.To(
            new Receipt(Tally: new BatchTally(kind, posts.Count, threads.Count, members.Count)),
            new BatchApplied(
                kind,
                reason,
                [.. posts.Keys],
                [.. threads.Keys],
                [.. threads.Values.Select(thread => thread.BoardId).Distinct()],
                [.. members],
                undone
            )
        );
        return events.Aggregate(decision, (all, thread) => all.And(ForumThread.Stream(thread.Key), [.. thread.Value]));
    }

    private void Add(ForumThread thread, object e)
    {
        threads[thread.Id] = thread;
        if (!events.TryGetValue(thread.Id, out var all))
        {
            events[thread.Id] = all = [];
        }

        all.Add(e);
    }
}
