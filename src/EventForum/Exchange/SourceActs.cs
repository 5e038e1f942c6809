using EventForum.Platform;
using EventForum.Threads;

namespace EventForum.Exchange;

/// <summary>Puts what moderators did in a thread between what was written there. Pure but for the defects it reports.</summary>
/// <param name="subject">Who somebody of the source is.</param>
/// <param name="defect">Gets the line, the kind, the detail, what stood there, and what is stored.</param>
internal sealed class SourceActs(
    Func<SourceLine, string> subject,
    Action<SourceLine, string, string, string?, string?> defect
)
{
    private const int MaxReason = 500;

    /// <summary>Of each post of the thread so far, its author, and who removed it, if it is removed.</summary>
    private readonly Dictionary<Guid, (string Author, HashSet<string> RemovedBy)> posts = [];
    private bool isLocked;
    private bool isPinned;

    /// <summary>Everything in the order of time; of the same time, what was written first.</summary>
    /// <param name="written">In that order.</param>
    /// <param name="acts">Lines of the same thread.</param>
    public IReadOnlyList<SourceFact> Between(IReadOnlyList<SourceFact> written, IEnumerable<SourceLine> acts)
    {
        var all = new List<SourceFact>(written.Count);
        var waiting = new Queue<SourceLine>(acts.OrderBy(act => act.At));
        foreach (var fact in written)
        {
            while (all.Count > 0 && waiting.TryPeek(out var act) && act.At < fact.At)
            {
                Add(waiting.Dequeue());
            }

            var data = fact.Data;
            switch (data)
            {
                case ThreadStarted started:
                    posts[started.PostId] = (fact.Author, []);
                    break;
                case ReplyPosted reply:
                    posts[reply.PostId] = (fact.Author, []);
                    data = reply with { AnsweredVersion = all.Count };
                    break;
            }

            all.Add(fact with { Data = data });
        }

        foreach (var act in waiting)
        {
            Add(act);
        }

        return all;

        void Add(SourceLine act)
        {
            if (EventOf(act) is { } data)
            {
                // Nothing happens in a thread before it begins.
                var at = act.At < all[^1].At ? all[^1].At : act.At;
                all.Add(new SourceFact(data, at, subject(act), act.Post, $"act {act.Act} {act.At:O}", act));
            }
        }
    }

    private object? EventOf(SourceLine act)
    {
        switch (act.Act)
        {
            case "closed" or "closed.enabled" or "archived.enabled" when !isLocked:
                isLocked = true;
                return new ThreadLocked(Reason(act) ?? (act.Act == "archived.enabled" ? "Archived." : "Closed."));
            case "reopened" or "closed.disabled" or "archived.disabled" when isLocked:
                isLocked = false;
                return new ThreadUnlocked(Reason(act) ?? "Opened.");
            case "pinned.enabled" or "pinned_globally.enabled" when !isPinned:
                isPinned = true;
                return new ThreadPinned(Reason(act));
            case "pinned.disabled" or "pinned_globally.disabled" when isPinned:
                isPinned = false;
                return new ThreadUnpinned(Reason(act));
            case "deleted" or "post.hidden" or "undeleted" or "post.unhidden":
                return OfPost(act);
            case "closed"
            or "closed.enabled"
            or "archived.enabled"
            or "reopened"
            or "closed.disabled"
            or "archived.disabled"
            or "pinned.enabled"
            or "pinned_globally.enabled"
            or "pinned.disabled"
            or "pinned_globally.disabled":
                return Without(act, "act-without-effect", "The thread is so already; the act is not stored.");
            default:
                return Without(
                    act,
                    "act-without-counterpart",
                    $"Nothing here is what {act.Act} is there; the act is not stored."
                );
        }
    }

    private object? OfPost(SourceLine act)
    {
        var id = StableId.Of("post", act.Source, act.Post);
        if (!posts.TryGetValue(id, out var post))
        {
            return Without(act, "act-without-post", "The thread has no such post by then; the act is not stored.");
        }

        var by = subject(act);
        // An author's hold is one, and the moderators' the other.
        var hold = by == post.Author ? by : "";
        if (act.Act is "deleted" or "post.hidden")
        {
            return post.RemovedBy.Add(hold)
                ? new PostRemoved(
                    id,
                    Reason(act)
                        ?? (
                            hold.Length > 0 ? null
                            : act.Act == "deleted" ? "Deleted."
                            : "Hidden."
                        )
                )
                : Without(act, "act-without-effect", "The post is removed already; the act is not stored.");
        }

        if (post.RemovedBy.Count == 0)
        {
            return Without(act, "act-without-effect", "The post is not removed; the act is not stored.");
        }

        if (!post.RemovedBy.Remove(hold))
        {
            post.RemovedBy.Clear();
        }

        return new PostRestored(id, Reason(act) ?? (hold.Length > 0 ? null : "Restored."));
    }

    /// <summary>What the source says why; a number there names one of its own reasons.</summary>
    private static string? Reason(SourceLine act) =>
        act.Comment is { } comment && SourceText.OneLine(comment) is { Length: > 0 } line
            ? line.All(char.IsAsciiDigit)
                ? $"Reason {line} of {SourceText.Cut(act.Source, MaxReason / 2)}."
                : SourceText.Cut(line, MaxReason)
            : null;

    private object? Without(SourceLine act, string kind, string detail)
    {
        defect(act, kind, detail, act.Raw, null);
        return null;
    }
}
