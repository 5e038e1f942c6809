using EventForum.Commands;
using EventForum.Threads;

namespace EventForum.Moderation;

/// <summary>Where posts are to be moved.</summary>
/// <param name="ToThread">Null for a new thread.</param>
/// <param name="Title">The new thread's.</param>
/// <param name="FromThread">The thread that a new one is split off from.</param>
/// <param name="WholeThreads">Threads all of whose posts are moved, besides those that the act names.</param>
/// <param name="AtEnd">Behind the posts that are there, rather than among them by their times.</param>
internal sealed record PostMove(
    Guid? ToThread,
    string? Title,
    Guid? FromThread,
    IReadOnlyList<Guid> WholeThreads,
    bool AtEnd
);

/// <summary>The rules by which posts come to another thread.</summary>
internal static class PostMoves
{
    /// <summary>Beyond so many posts in a thread, those that come stand at its end.</summary>
    public const int MostInOrder = 10_000;

    public const string ByTime = "time";

    public const string AtEnd = "end";

    /// <summary>What a move comes to.</summary>
    /// <param name="newThread">The id of the thread that is made, if one is.</param>
    /// <param name="board">The board of that thread.</param>
    public static WeighedBatch Weigh(
        WeighedBatch weighed,
        PostMove move,
        IReadOnlyList<(Guid PostId, Guid ThreadId)> named,
        Guid newThread,
        Guid? board,
        string reason,
        DecisionContext context
    )
    {
        var standing = context.Named<StandingPosts>();
        var moved = new List<StandingPost>();
        foreach (var (postId, threadId) in named)
        {
            if (standing.Find(postId) is not { } post || post.ThreadId != threadId)
            {
                return weighed with { Refusal = Decision.StreamsChanged };
            }

            if (post.ThreadId == move.ToThread)
            {
                weighed.LeaveAlone(post, "It is in that thread.");
            }
            else if (move.FromThread is { } from && post.ThreadId != from)
            {
                weighed.LeaveAlone(post, "It is in another thread than the one that is split.");
            }
            else
            {
                moved.Add(post);
            }
        }

        foreach (var id in move.WholeThreads.Distinct())
        {
            if (id == move.ToThread)
            {
                weighed.LeaveAlone(id, "It is the thread that the others are merged into.");
            }
            else if (standing.In(id).ToList() is { Count: > 0 } posts)
            {
                moved.AddRange(posts);
            }
            else
            {
                weighed.LeaveAlone(id, "It has no posts.");
            }
        }

        var sources = new Dictionary<Guid, ForumThread>();
        foreach (var id in moved.Select(post => post.ThreadId).Concat(move.WholeThreads).Distinct())
        {
            if (context.Thread(id) is not { } thread)
            {
                return weighed with { Refusal = ThreadRefusals.NoSuchThread };
            }

            if (!context.Moderates(thread))
            {
                return weighed with { Refusal = ThreadRefusals.ModeratorsOnly };
            }

            sources[id] = thread;
        }

        if (moved.Count == 0)
        {
            return weighed with { Refusal = ModerationRefusals.NothingToDo };
        }

        if (moved.Count > BatchPlans.MaxPosts)
        {
            return weighed with { Refusal = ModerationRefusals.TooLarge(moved.Count, sources.Count) };
        }

        var target = move.ToThread is { } to ? context.Thread(to) : null;
        if (move.ToThread is not null)
        {
            if (target is null)
            {
                return weighed with { Refusal = ThreadRefusals.NoSuchThread };
            }

            if (!context.Moderates(target))
            {
                return weighed with { Refusal = ThreadRefusals.ModeratorsOnly };
            }

            if (target.MovedTo is not null)
            {
                return weighed with { Refusal = ThreadRefusals.MovedAway };
            }
        }

        moved = [.. moved.OrderBy(post => post.PostedAt).ThenBy(post => post.ThreadId).ThenBy(post => post.Number)];
        var first = moved[0];
        var isNew = target is null;
        target ??= new ForumThread(
            newThread,
            0,
            board ?? sources[first.ThreadId].BoardId,
            move.Title!,
            0,
            first.AuthorId,
            first.PostedAt,
            null,
            false
        );
        if (isNew)
        {
            weighed.Add(
                target,
                new ThreadSplitOff(target.BoardId, target.Title, first.ThreadId, first.AuthorId, first.PostedAt, reason)
            );
        }

        var (numbers, renumbered) = Numbered([.. standing.In(target.Id)], moved, target.LastNumber, move.AtEnd);
        var last = numbers.Values.Concat(renumbered.Select(post => post.Number)).Append(target.LastNumber).Max();
        var count = target.PostCount;
        foreach (var source in moved.GroupBy(post => post.ThreadId).OrderBy(group => group.Key))
        {
            var from = sources[source.Key];
            var posts = source.ToList();
            weighed.Add(
                from,
                new PostsMovedOut(
                    target.Id,
                    [.. posts.Select(post => new NumberedPost(post.PostId, post.Number))],
                    [],
                    from.LastNumber,
                    from.LastNumber - from.PostCount + posts.Count,
                    reason
                )
            );
            count += posts.Count;
            weighed.Add(
                target,
                new PostsMovedIn(
                    from.Id,
                    [
                        .. posts.Select(post => new MovedPost(
                            post.PostId,
                            numbers[post.PostId],
                            post.AuthorId,
                            post.PostedAt
                        )),
                    ],
                    renumbered,
                    last,
                    last - count,
                    reason
                )
            );
            renumbered = [];
            weighed.AddPosts(posts);
        }

        return weighed;
    }

    /// <summary>
    /// The numbers of posts that come to a thread, and of those there that stand behind one that comes. A post comes before the
    /// first one that is later; numbers that nobody has stay so.
    /// </summary>
    public static (IReadOnlyDictionary<Guid, int> Moved, IReadOnlyList<NumberedPost> Renumbered) Numbered(
        IReadOnlyList<StandingPost> there,
        IReadOnlyList<StandingPost> moved,
        int last,
        bool atEnd
    )
    {
        var numbers = new Dictionary<Guid, int>(moved.Count);
        var renumbered = new List<NumberedPost>();
        var next = 0;
        if (!atEnd && there.Count + moved.Count <= MostInOrder)
        {
            foreach (var post in there)
            {
                while (next < moved.Count && moved[next].PostedAt < post.PostedAt)
                {
                    numbers[moved[next].PostId] = post.Number + next;
                    next++;
                }

                if (next > 0)
                {
                    renumbered.Add(new NumberedPost(post.PostId, post.Number + next));
                }
            }
        }

        for (; next < moved.Count; next++)
        {
            numbers[moved[next].PostId] = last + next + 1;
        }

        return (numbers, renumbered);
    }
}
