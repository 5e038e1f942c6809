using EventForum.Commands;
using EventForum.Platform;
using EventForum.Threads;

namespace EventForum.Moderation;

/// <summary>The rule by which posts go back to where they would be, had a batch never been.</summary>
internal static class UndoneMoves
{
    /// <summary>Adds the events; null, unless something stands in the way.</summary>
    public static Refusal? Weigh(
        WeighedBatch undone,
        UndoBatch undo,
        BatchHistory history,
        DecisionContext context,
        string reason
    )
    {
        var standing = context.Named<StandingPosts>();
        var places = new List<(StandingPost Now, StandingPost Back)>();
        var blockers = new HashSet<Guid>();
        foreach (var id in undo.MovedIds)
        {
            if (history.LaterMoveOf(undo.UndoneId, id) is { } later)
            {
                blockers.Add(later);
            }
            else if (standing.Find(id) is not { } now)
            {
                return Decision.StreamsChanged;
            }
            else if (
                history.PostWithout(undo.UndoneId, id).Row is var row
                && now with { ThreadId = row.ThreadId, Number = row.Number } is var back
                && back != now
            )
            {
                places.Add((now, back));
            }
        }

        if (places.Exists(place => !undo.ThreadIds.Contains(place.Back.ThreadId)))
        {
            return Decision.StreamsChanged;
        }

        foreach (var thread in undo.ThreadIds.Where(id => history.IsGoneWithout(undo.UndoneId, id)))
        {
            blockers.UnionWith(history.MovesInto(undo.UndoneId, thread));
        }

        foreach (var thread in places.Select(place => place.Back).GroupBy(back => back.ThreadId))
        {
            var numbers = thread.ToDictionary(back => back.PostId, back => back.Number);
            blockers.UnionWith(history.TakersOf(undo.UndoneId, thread.Key, numbers));
        }

        foreach (var (_, back) in places)
        {
            // What is undone moved posts to a thread whose splitting has been undone as well.
            if (history.IsGoneWithout(undo.UndoneId, back.ThreadId))
            {
                blockers.UnionWith(history.UndoesOfSplit(undo.UndoneId, back.ThreadId));
            }
        }

        if (blockers.Count > 0)
        {
            return ModerationRefusals.UndoBlocked(blockers, []);
        }

        if (InTheWay(undo, places, history, standing) is { } refusal)
        {
            return refusal;
        }

        foreach (var id in undo.ThreadIds)
        {
            Add(undone, context.Thread(id)!, places, history, undo.UndoneId, reason);
        }

        undone.AddPosts(places.Select(place => place.Back));
        return null;
    }

    /// <summary>
    /// What has a number that a post is to have again, and what was written in a thread, or moved there, that would not be.
    /// </summary>
    private static Refusal? InTheWay(
        UndoBatch undo,
        List<(StandingPost Now, StandingPost Back)> places,
        BatchHistory history,
        StandingPosts standing
    )
    {
        var after = undo.ThreadIds.SelectMany(standing.In).ToDictionary(post => post.PostId);
        var moved = new HashSet<Guid>();
        foreach (var (now, back) in places)
        {
            after[now.PostId] = back;
            moved.Add(now.PostId);
        }

        var inTheWay = after
            .Values.GroupBy(post => (post.ThreadId, post.Number))
            .Where(group => group.Count() > 1)
            .SelectMany(group => group)
            .Concat(after.Values.Where(post => history.IsGoneWithout(undo.UndoneId, post.ThreadId)))
            .Where(post => !moved.Contains(post.PostId))
            .DistinctBy(post => post.PostId)
            .Select(post => (post.PostId, By: history.MoveOf(undo.UndoneId, post.ThreadId, post.PostId)))
            .ToList();
        return inTheWay.Count == 0
            ? null
            : ModerationRefusals.UndoBlocked(
                inTheWay.Select(one => one.By).OfType<Guid>(),
                [.. inTheWay.Where(one => one.By is null).Select(one => one.PostId)]
            );
    }

    private static void Add(
        WeighedBatch undone,
        ForumThread thread,
        List<(StandingPost Now, StandingPost Back)> places,
        BatchHistory history,
        Guid batch,
        string reason
    )
    {
        var outs = places
            .Where(place => place.Now.ThreadId == thread.Id && place.Back.ThreadId != thread.Id)
            .GroupBy(place => place.Back.ThreadId)
            .ToList();
        var ins = places
            .Where(place => place.Now.ThreadId != thread.Id && place.Back.ThreadId == thread.Id)
            .GroupBy(place => place.Now.ThreadId)
            .ToList();
        IReadOnlyList<NumberedPost> renumbered =
        [
            .. places
                .Where(place => place.Now.ThreadId == thread.Id && place.Back.ThreadId == thread.Id)
                .Select(place => new NumberedPost(place.Now.PostId, place.Back.Number)),
        ];
        var (count, left) = (thread.PostCount, outs.Count + ins.Count);
        foreach (var group in outs)
        {
            count -= group.Count();
            var last = LastNumber();
            undone.Add(
                thread,
                new PostsMovedOut(
                    group.Key,
                    [.. group.Select(place => new NumberedPost(place.Now.PostId, place.Now.Number))],
                    renumbered,
                    last,
                    last - count,
                    reason
                )
            );
            renumbered = [];
        }

        foreach (var group in ins)
        {
            count += group.Count();
            var last = LastNumber();
            undone.Add(
                thread,
                new PostsMovedIn(
                    group.Key,
                    [
                        .. group.Select(place => new MovedPost(
                            place.Back.PostId,
                            place.Back.Number,
                            place.Back.AuthorId,
                            place.Back.PostedAt
                        )),
                    ],
                    renumbered,
                    last,
                    last - count,
                    reason
                )
            );
            renumbered = [];
        }

        // The last event gives back the numbers that nobody would have taken.
        int LastNumber() => --left == 0 ? history.LastNumberWithout(batch, thread) : thread.LastNumber;
    }
}
