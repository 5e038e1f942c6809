using EventForum.Platform;

namespace EventForum.Threads;

/// <summary>Every way in which a command on a thread, or a question about one, can be refused.</summary>
public static class ThreadRefusals
{
    public static Refusal NoSuchThread { get; } =
        new(404, "thread-not-found", "There is no such thread.", "Check the thread's id.");

    public static Refusal NoSuchPost { get; } =
        new(404, "post-not-found", "There is no such post.", "Check the post's id.");

    public static Refusal NoSuchParent { get; } =
        new(
            422,
            "parent-not-found",
            "The thread has no such post to answer.",
            "Name a post of the thread by its id, or send no parentId."
        );

    public static Refusal ParentRemoved { get; } =
        new(
            409,
            "parent-removed",
            "The post that this answers has been removed.",
            "Name another one, or send no parentId."
        );

    public static Refusal MayNotStart { get; } =
        new(
            403,
            "may-not-start",
            "You may not start threads in this board.",
            "Its permissions name who may; ask one of its moderators or an admin."
        );

    public static Refusal MayNotReply { get; } =
        new(
            403,
            "may-not-reply",
            "You may not reply in this board.",
            "Its permissions name who may; ask one of its moderators or an admin."
        );

    public static Refusal ModeratorsOnly { get; } =
        new(403, "moderators-only", "Only a moderator may do this.", "Ask a moderator, or sign in as one.");

    public static Refusal NotYours { get; } =
        new(403, "not-your-post", "This post is someone else's.", "Only its author or a moderator may change it.");

    public static Refusal NotYourThread { get; } =
        new(
            403,
            "not-your-thread",
            "Someone else started this thread.",
            "Only its starter or a moderator may rename it."
        );

    public static Refusal RemovedByModerator { get; } =
        new(403, "removed-by-moderator", "A moderator removed this post.", "Only a moderator may restore it.");

    public static Refusal ReasonNeeded { get; } =
        new(
            422,
            "reason-needed",
            "Changing someone else's post needs a reason.",
            "Send a reason of 1 to 500 characters; its author and everyone else will read it."
        );

    /// <summary>The database holds a post with the number that a rule gave: the thread's state is older than its events.</summary>
    public static Refusal Behind { get; } =
        new(
            503,
            "thread-behind",
            "This thread takes no posts at the moment.",
            "What the forum knows of it is behind its history, so nothing was stored. Tell the operator, and send it again later."
        )
        {
            RetryAfter = 60,
        };

    public static Refusal Locked(string reason) =>
        new(409, "thread-locked", "The thread is locked.", $"A moderator locked it: {Bidi.Isolate(reason)}");

    public static Refusal AlreadyLocked { get; } =
        new(409, "already-locked", "The thread is locked already.", "Nothing needs to be done.");

    public static Refusal NotLocked { get; } =
        new(409, "not-locked", "The thread is not locked.", "Nothing needs to be done.");

    public static Refusal AlreadyPinned { get; } =
        new(409, "already-pinned", "The thread is pinned already.", "Nothing needs to be done.");

    public static Refusal NotPinned { get; } =
        new(409, "not-pinned", "The thread is not pinned.", "Nothing needs to be done.");

    public static Refusal MovedAway { get; } =
        new(
            409,
            "thread-moved-away",
            "All posts of the thread are in another one.",
            "GET /api/threads/{id} leads there; write in that thread."
        );

    public static Refusal UnknownFormat { get; } =
        new(
            422,
            "format-unknown",
            "There is no such format.",
            "Send markdown, bbcode, mail or text; without a format a new post is Markdown, and an edited one stays as it was."
        );

    public static Refusal Silenced { get; } =
        new(
            403,
            "silenced",
            "You are silenced and give no threads titles.",
            "You may reply: your posts wait for a moderator. GET /api/me/standing says why, and until when."
        );

    public static Refusal PostRedacted { get; } =
        new(409, "post-redacted", "The words of the post were redacted.", "Answer it without a quote.");

    public static Refusal PostRemoved { get; } =
        new(
            409,
            "post-removed",
            "The post has been removed.",
            "Restore it first: until then nothing else can be done with it."
        );

    public static Refusal NotRemoved { get; } =
        new(409, "not-removed", "The post is not removed.", "Nothing needs to be done.");

    public static Refusal NothingChanged { get; } =
        new(409, "nothing-changed", "The text is what it was.", "Send a text that differs from the current revision.");

    public static Refusal Misquote { get; } =
        new(
            422,
            "misquote",
            "The quoted words are not in the post.",
            "Quote the post's own words as they stand; GET /api/posts/{id}/quotable gives them."
        );

    public static Refusal SourceRemoved { get; } =
        new(
            409,
            "quoted-post-removed",
            "A post that this one quotes has just been removed.",
            "Send it again: what it quotes of that post stays text then."
        );

    public static Refusal StaleRevision(int current) =>
        new Refusal(
            412,
            "stale-revision",
            "The post has been edited since you read it.",
            $"Read revision {current}, bring your change up to it, and send If-Match: \"{current}\"."
        ).With("currentRevision", current);

    public static Refusal UnknownVersion(long current) =>
        new(
            422,
            "unknown-version",
            "The thread has no such version.",
            $"answersVersion is the version of the page that you answer: 1 to {current}."
        );

    public static Refusal TooMuchQuoted { get; } =
        new(
            422,
            "too-much-quoted",
            "The post quotes too much.",
            "A post shows up to 200,000 characters, its own and those that it quotes, out of posts of up to 4 MB in all. Quote shorter parts, or fewer."
        );

    public static Refusal BodyEmpty { get; } =
        new(422, "body-empty", "The post has no text.", "Write at least one character that is not white space.");

    public static Refusal BodyTooLong(int length) =>
        new(
            422,
            "body-too-long",
            "The post is too long.",
            $"A post holds up to 100,000 characters; this one has {length}. Split it."
        );

    public static Refusal BodyCharacters { get; } =
        new(
            422,
            "body-characters",
            "The post holds characters that cannot be kept.",
            "Take out NUL characters and halves of surrogate pairs."
        );
}
