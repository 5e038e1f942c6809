using System.Globalization;
using EventForum.Access;
using EventForum.Platform;
using EventForum.Threads.Quoting;

namespace EventForum.Threads;

internal static class ThreadEventDescriptions
{
    private static readonly StreamKind Stream = new("thread", typeof(ForumThread));

    public static readonly EventDescription[] All =
    [
        Stream.Event<ThreadStarted>(
            (e, words) => $"{words.Actor} started the thread “{Bidi.Isolate(e.Title)}”{words.Quoting}{Unknown(e.Mask)}",
            e => e.PostId,
            e => PostsOf(e.Quotes)
        ) with
        {
            Mark = "post",
            ForModeratorsWhenRemoved = ["body", "quotes"],
        },
        Stream.Event<ReplyPosted>(
            (e, words) => $"{words.Actor} wrote post {e.Number}{words.Quoting}{Unknown(e.Mask)}",
            e => e.PostId,
            e => PostsOf(e.Quotes)
        ) with
        {
            Mark = "post",
            ForModeratorsWhenRemoved = ["body", "quotes"],
        },
        Stream.Event<PostEdited>(
            (e, words) =>
                $"{words.Actor} {(e.RevertsTo is { } earlier ? $"took {words.Post} back to revision {earlier}" : $"edited {words.Post}")}{words.Because(e.Reason)}",
            e => e.PostId,
            e => PostsOf(e.Quotes)
        ) with
        {
            Mark = "edit",
            ForModeratorsWhenRemoved = ["body", "quotes", "reason"],
        },
        Stream.Event<PostRemoved>(
            (e, words) => $"{words.Actor} removed {words.Post}{words.Because(e.Reason)}",
            e => e.PostId
        ) with
        {
            Mark = "removal",
        },
        Stream.Event<RevisionRedacted>(
            (e, words) =>
                $"{words.Actor} redacted {(e.Revisions is [var one] ? $"revision {one}" : $"revisions {string.Join(", ", e.Revisions)}")} of {words.Post}{words.Because(e.Reason)}",
            e => e.PostId
        ) with
        {
            Mark = "removal",
        },
        Stream.Event<WordsErased>((e, words) => $"{words.Actor} took out the words of erased member {e.Number}") with
        {
            Mark = "removal",
        },
        Stream.Event<ReasonsExpired>(
            (e, words) =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{words.Actor} took out the reasons that were given before {e.Before:d MMMM yyyy}"
                )
        ) with
        {
            Mark = "removal",
        },
        Stream.Event<PostHeld>((_, words) => $"{words.Post} waits for a moderator", e => e.PostId) with
        {
            Mark = "removal",
            ForModerators = ["by", "silenceId"],
        },
        Stream.Event<PostRestored>(
            (e, words) => $"{words.Actor} restored {words.Post}{words.Because(e.Reason)}",
            e => e.PostId
        ) with
        {
            Mark = "removal",
        },
        Stream.Event<PostHoldsRestored>(
            (e, words) =>
                $"{words.Actor} undid what was done to {words.Post}, which is {((e.Moderators ?? e.Authors) is null ? "in view" : "removed")} again{words.Because(e.Reason)}",
            e => e.PostId
        ) with
        {
            Mark = "removal",
            ForModeratorsWhenRemoved = ["moderators", "authors"],
        },
        Stream.Event<ThreadRenamed>(
            (e, words) => $"{words.Actor} renamed the thread to “{Bidi.Isolate(e.Title)}”{words.Because(e.Reason)}"
        ) with
        {
            Mark = "rename",
        },
        Stream.Event<ThreadLocked>((e, words) => $"{words.Actor} locked the thread{words.Because(e.Reason)}") with
        {
            Mark = "lock",
        },
        Stream.Event<ThreadUnlocked>((e, words) => $"{words.Actor} unlocked the thread{words.Because(e.Reason)}") with
        {
            Mark = "lock",
        },
        Stream.Event<ThreadPinned>((e, words) => $"{words.Actor} pinned the thread{words.Because(e.Reason)}") with
        {
            Mark = "pin",
        },
        Stream.Event<ThreadUnpinned>((e, words) => $"{words.Actor} unpinned the thread{words.Because(e.Reason)}") with
        {
            Mark = "pin",
        },
        Stream.Event<ThreadMoved>(
            (e, words) =>
                $"{words.Actor} moved the thread to {(words.Place is { } board ? $"the board {board}" : "another board")}{words.Because(e.Reason)}"
        ) with
        {
            Mark = "move",
        },
        Stream.Event<ThreadSplitOff>(
            (e, words) =>
                $"{words.Actor} split this thread off{(words.Place is { } thread ? " from " + thread : "")}, “{Bidi.Isolate(e.Title)}”{words.Because(e.Reason)}"
        ) with
        {
            Mark = "move",
        },
        Stream.Event<PostsMovedOut>(
            (e, words) =>
                $"{words.Actor} moved {Posts(e.Posts.Select(Place), words)} to {words.Place ?? "another thread"}{Renumbered(e.Renumbered, words)}{words.Because(e.Reason)}"
        ) with
        {
            Mark = "move",
        },
        Stream.Event<PostsMovedIn>(
            (e, words) =>
                $"{words.Actor} moved {Posts(e.Posts.Select(Place), words)} here from {words.Place ?? "another thread"}{Renumbered(e.Renumbered, words)}{words.Because(e.Reason)}"
        ) with
        {
            Mark = "move",
        },
    ];

    private static string Unknown(Mask? mask) => mask?.Why is Masking.Unknown ? ", in words that are not known" : "";

    private static NumberedPost Place(NumberedPost post) => post;

    private static NumberedPost Place(MovedPost post) => new(post.PostId, post.Number);

    /// <summary>Posts that move. In the story of one of them it is named with the number that it has in the event's thread.</summary>
    private static string Posts(IEnumerable<NumberedPost> posts, EventWords words)
    {
        var all = posts.ToList();
        return all.Find(post => post.PostId == words.Told) is not { } told
            ? all.Count == 1
                ? "a post"
                : $"{all.Count} posts"
            : $"this post (#{told.Number})"
                + all.Count switch
                {
                    1 => "",
                    2 => " and another one",
                    _ => $" and {all.Count - 1} others",
                };
    }

    /// <summary>In the story of a post that stays where it is, the number that it has because others come or go.</summary>
    private static string Renumbered(IReadOnlyList<NumberedPost> posts, EventWords words) =>
        words.Told is { } told && posts.FirstOrDefault(post => post.PostId == told) is { } renumbered
            ? $", which made this post #{renumbered.Number}"
            : "";

    private static IEnumerable<Guid> PostsOf(IReadOnlyList<Quote>? quotes) =>
        Quote.WithoutNulls(quotes).Select(quote => quote.PostId);
}
