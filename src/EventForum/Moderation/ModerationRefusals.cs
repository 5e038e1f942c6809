using EventForum.Platform;

namespace EventForum.Moderation;

/// <summary>Every way in which a batch, or a question about one, can be refused.</summary>
public static class ModerationRefusals
{
    private const string Blocked = "undo-blocked";

    private const string Blockers = "blockers";

    private const string Posts = "posts";

    public static Refusal NoSuchBatch { get; } =
        new(404, "batch-not-found", "There is no such batch.", "Check its id; GET /api/moderation/log lists batches.");

    public static Refusal ModeratorsOnly { get; } =
        new(403, "moderators-only", "Only a moderator may do this.", "Ask a moderator, or sign in as one.");

    public static Refusal AdminsOnly { get; } =
        new(403, "admins-only", "The member is a moderator.", "Only an admin decides about moderators and admins.");

    public static Refusal RedactionByAdmins { get; } =
        new(
            403,
            "admins-only",
            "Only an admin takes words out of the forum for good.",
            "Ask an admin; a moderator can remove the post."
        );

    public static Refusal IsForGood { get; } =
        new(409, "redaction-final", "What was redacted is gone for good.", "Nothing can bring the words back.");

    public static Refusal WordsGone { get; } =
        new(
            409,
            "words-redacted",
            "The words that the post would have again were redacted.",
            "Revert the post to another of its revisions, or edit it."
        );

    public static Refusal NoSuchKind { get; } =
        new(
            422,
            "batch-kind-unknown",
            "There is no such kind of batch.",
            $"Send a kind: {string.Join(", ", Acts.Names)}."
        );

    public static Refusal NotAboutCase { get; } =
        new(
            422,
            "batch-not-about-case",
            "The case is about another post.",
            "Name a case whose post, its thread or its author the batch does something to, or none."
        );

    public static Refusal NothingToDo { get; } =
        new(
            409,
            "nothing-to-do",
            "Everything is so already.",
            "Ask the preview of the same batch: it says of each post and thread why it is left alone."
        );

    public static Refusal IsUndone { get; } =
        new(409, "batch-undone", "The batch is undone already.", "Undo what undid it, if it is to hold again.");

    /// <param name="batches">What moved posts since, in whatever order.</param>
    /// <param name="posts">Posts that were written since where they are in the way.</param>
    public static Refusal UndoBlocked(IEnumerable<Guid> batches, IReadOnlyList<Guid> posts)
    {
        // Ids are in the order of time.
        Guid[] blockers = [.. batches.Distinct().OrderDescending()];
        return new Refusal(
            409,
            Blocked,
            "What was done since stands in the way.",
            (blockers.Length > 0 ? "Undo the batches in blockers first, in their order." : "")
                + (
                    posts.Count > 0
                        ? $"{(blockers.Length > 0 ? " " : "")}Move the posts that were written there since to another thread first: posts names them."
                        : ""
                )
        )
            .With(Blockers, blockers)
            .With(Posts, posts.Take(100).ToArray());
    }

    /// <summary>Whether a refusal says what stands in the way of an undo.</summary>
    public static bool IsBlocked(Refusal refusal, out Guid[] blockers, out Guid[] posts)
    {
        blockers = refusal.Extensions.TryGetValue(Blockers, out var batches) ? (Guid[])batches! : [];
        posts = refusal.Extensions.TryGetValue(Posts, out var written) ? (Guid[])written! : [];
        return refusal.Type == Blocked;
    }

    public static Refusal NoSuchRevision { get; } =
        new(
            404,
            "revision-not-found",
            "The post has no such revision.",
            "GET /api/posts/{id}/revisions lists its revisions."
        );

    public static Refusal IsOver(string member) =>
        new(
            422,
            "time-passed",
            $"The time of {member} has passed.",
            $"Send a time to come, or leave {member} out: then it holds until it is lifted."
        );

    public static Refusal Incomplete(string kind) =>
        new(
            422,
            "batch-incomplete",
            "The batch does not say what it is about.",
            $"The documentation of kind says what {kind} takes."
        );

    public static Refusal TooLarge(int posts, int threads) =>
        new(
            422,
            "batch-too-large",
            "The batch is about more than is done at once.",
            $"It takes up to {BatchPlans.MaxPosts:N0} posts in up to {BatchPlans.MaxThreads:N0} threads, and this is about {posts:N0} in {threads:N0}. Do it in parts; remove-by-member takes since and boardId."
        );
}
