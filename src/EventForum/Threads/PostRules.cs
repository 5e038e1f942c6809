using EventForum.Boards;
using EventForum.Commands;
using EventForum.Platform;

namespace EventForum.Threads;

/// <summary>What edits, removals and restorals have in common.</summary>
internal static class PostRules
{
    public const int MaxReason = 500;

    /// <summary>The author may change a post while the thread is open; a moderator always, and says why.</summary>
    public static Refusal? RefusalToChange(ForumThread thread, PostState post, DecisionContext context, string? reason)
    {
        if (RefusalOf(reason) is { } refusal)
        {
            return refusal;
        }

        if (post.AuthorId != context.ActorId)
        {
            return !context.Moderates(thread) ? ThreadRefusals.NotYours
                : string.IsNullOrWhiteSpace(reason) ? ThreadRefusals.ReasonNeeded
                : null;
        }

        return context.Moderates(thread) ? null
            : context.Reader.CloseReason(thread.BoardId) is { } closed ? BoardRefusals.Closed(closed)
            : thread.LockReason is { } locked ? ThreadRefusals.Locked(locked)
            : null;
    }

    /// <summary>Null for a reason that may be given, and for none.</summary>
    public static Refusal? RefusalOf(string? reason) =>
        string.IsNullOrWhiteSpace(reason) ? null : PlainLine.RefusalOf(reason, "reason", 1, MaxReason);

    public static string? Trimmed(string? reason) => string.IsNullOrWhiteSpace(reason) ? null : reason.Trim();
}
