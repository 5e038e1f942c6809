using EventForum.Commands;
using EventForum.Members;
using EventForum.Platform;
using EventForum.Threads;

namespace EventForum.Moderation;

/// <summary>What a batch does to its posts and threads, before it is done.</summary>
internal sealed record WeighedBatch
{
    private readonly Dictionary<StreamKey, List<object>> events = [];
    private readonly Dictionary<Guid, ForumThread> threads = [];
    private readonly Dictionary<Guid, PostState> posts = [];
    private readonly HashSet<Guid> members = [];

    public Refusal? Refusal { get; init; }

    public IReadOnlyCollection<PostState> Posts => posts.Values;

    public IReadOnlyCollection<ForumThread> Threads => threads.Values;

    public IReadOnlyCollection<Guid> Members => members;

    /// <summary>The threads, posts and members that it does nothing to, and why.</summary>
    public List<(Guid? ThreadId, PostState? Post, string Why)> LeftAlone { get; } = [];

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

    public void Add(Member member, ActStep step)
    {
        if (step.Event is null)
        {
            LeftAlone.Add((null, null, step.LeftAlone!));
            return;
        }

        Add(Member.Stream(member.Id), step.Event);
        if (step.Also is not null)
        {
            Add(Member.Stream(member.Id), step.Also);
        }

        members.Add(member.Id);
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
        return events.Aggregate(decision, (all, stream) => all.And(stream.Key, [.. stream.Value]));
    }

    private void Add(ForumThread thread, object e)
    {
        threads[thread.Id] = thread;
        Add(ForumThread.Stream(thread.Id), e);
    }

    private void Add(StreamKey stream, object e)
    {
        if (!events.TryGetValue(stream, out var all))
        {
            events[stream] = all = [];
        }

        all.Add(e);
    }
}
