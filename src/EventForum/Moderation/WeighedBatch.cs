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
    private readonly Dictionary<Guid, StandingPost> posts = [];
    private readonly HashSet<Guid> members = [];
    private readonly HashSet<Guid> boards = [];

    public Refusal? Refusal { get; init; }

    public IReadOnlyCollection<StandingPost> Posts => posts.Values;

    public IReadOnlyCollection<ForumThread> Threads => threads.Values;

    public IReadOnlyCollection<Guid> Members => members;

    /// <summary>The threads, posts and members that it does nothing to, and why.</summary>
    public List<(Guid? ThreadId, StandingPost? Post, string Why)> LeftAlone { get; } = [];

    /// <summary>Events of before that words are taken out of.</summary>
    public IReadOnlyList<OverwrittenEvent> Overwritten { get; init; } = [];

    /// <summary>Whether it does something to the post, its thread, or its author or what that member wrote.</summary>
    public bool Touches(Guid post, Guid thread, Guid author) =>
        posts.ContainsKey(post) || threads.ContainsKey(thread) || members.Contains(author);

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
        if (step.Event is ThreadMoved moved)
        {
            boards.Add(moved.BoardId);
        }
    }

    public void Add(ForumThread thread, PostState post, ActStep step)
    {
        if (step.Event is null)
        {
            LeaveAlone(Standing(post), step.LeftAlone!);
            return;
        }

        Add(thread, step.Event);
        AddPosts([Standing(post)]);
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

    public void LeaveAlone(StandingPost post, string why) => LeftAlone.Add((post.ThreadId, post, why));

    public void LeaveAlone(Guid threadId, string why) => LeftAlone.Add((threadId, null, why));

    public void AddPosts(IEnumerable<StandingPost> changed)
    {
        foreach (var post in changed)
        {
            posts[post.PostId] = post;
            members.Add(post.AuthorId);
        }
    }

    /// <summary>Records the batch in its own stream, and in those of its threads what it does to each.</summary>
    public Decision Decide(Guid id, string kind, string reason, Guid? undone, Guid? caseId = null)
    {
        var decision = Decision.To(
            new Receipt(Tally: new BatchTally(kind, posts.Count, threads.Count, members.Count)),
            new BatchApplied(
                kind,
                reason,
                [.. posts.Keys],
                [.. threads.Keys],
                [.. boards],
                [.. members],
                undone,
                caseId
            )
        );
        return events.Aggregate(
            decision.Overwriting(Overwritten),
            (all, stream) => all.And(stream.Key, [.. stream.Value])
        );
    }

    public void Add(ForumThread thread, object e)
    {
        threads[thread.Id] = thread;
        boards.Add(thread.BoardId);
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

    public static StandingPost Standing(PostState post) =>
        new(post.Id, post.ThreadId, post.Number, post.AuthorId, post.Row.PostedAt);
}
