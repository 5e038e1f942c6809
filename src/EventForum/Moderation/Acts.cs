namespace EventForum.Moderation;

/// <summary>The kinds of batches: how a request becomes an act, and what a kind is called.</summary>
internal static class Acts
{
    public const string Undo = "undo";

    public const string Redact = "redact-revision";

    private const string EditPost = "edit-post";

    private static readonly Dictionary<string, (Func<CarryOutBatchRequest, IModerationAct?> Of, string Done)> Kinds =
        new(StringComparer.Ordinal)
        {
            ["remove-posts"] = (RemovePosts.From, "removed posts"),
            ["restore-posts"] = (RestorePosts.From, "restored posts"),
            ["remove-by-member"] = (RemoveByMember.From, "removed a member's posts"),
            ["revert-post"] = (RevertPost.From, "took a post back to an earlier revision"),
            [Redact] = (RedactRevision.From, "redacted a revision of a post"),
            ["rename-thread"] = (RenameThreadByModerator.From, "renamed a thread"),
            ["lock-threads"] = (LockThreads.From, "locked threads"),
            ["unlock-threads"] = (UnlockThreads.From, "unlocked threads"),
            ["pin-threads"] = (PinThreads.From, "pinned threads"),
            ["unpin-threads"] = (UnpinThreads.From, "unpinned threads"),
            ["move-threads"] = (MoveThreads.From, "moved threads to another board"),
            ["split-thread"] = (SplitThread.From, "split a thread"),
            ["move-posts"] = (MovePosts.From, "moved posts to another thread"),
            ["merge-threads"] = (MergeThreads.From, "merged threads"),
            ["merge-posts"] = (MergePosts.From, "merged posts"),
            ["warn-member"] = (WarnMember.From, "warned a member"),
            ["suspend-member"] = (SuspendMember.From, "suspended a member"),
            ["lift-suspension"] = (LiftSuspension.From, "lifted a suspension"),
            ["silence-member"] = (SilenceMember.From, "silenced a member"),
            ["lift-silence"] = (LiftSilence.From, "lifted a silence"),
        };

    /// <summary>The kinds of what commands did that are no batches of a request: a batch of one each.</summary>
    private static readonly Dictionary<string, string> KindsByEvent = new(StringComparer.Ordinal)
    {
        ["post_removed"] = "remove-posts",
        ["post_restored"] = "restore-posts",
        ["post_edited"] = EditPost,
        ["post_holds_restored"] = Undo,
        ["thread_renamed"] = "rename-thread",
        ["thread_locked"] = "lock-threads",
        ["thread_unlocked"] = "unlock-threads",
        ["thread_pinned"] = "pin-threads",
        ["thread_unpinned"] = "unpin-threads",
        ["thread_moved"] = "move-threads",
    };

    /// <summary>The types of the events that an act may leave in a member's stream.</summary>
    public static string[] MemberEventTypes { get; } =
    [
        "member_suspended",
        "suspension_lifted",
        "member_warned",
        "member_silenced",
        "silence_lifted",
        "standing_restored",
    ];

    /// <summary>The types of the events by which posts come to another thread.</summary>
    public static string[] MoveEventTypes { get; } = ["posts_moved_out", "posts_moved_in", "thread_split_off"];

    /// <summary>The type of the event that says that words are gone.</summary>
    public const string RedactionEventType = "revision_redacted";

    /// <summary>The types of the events that an act may leave in a stream.</summary>
    public static string[] EventTypes { get; } =
    [.. KindsByEvent.Keys, .. MemberEventTypes, .. MoveEventTypes, RedactionEventType];

    public static IEnumerable<string> Names => Kinds.Keys;

    public static bool IsAct(string eventType) => KindsByEvent.ContainsKey(eventType);

    public static string KindOf(string eventType) => KindsByEvent[eventType];

    /// <summary>What somebody did, in words that follow their name.</summary>
    public static string Sentence(string kind) =>
        kind switch
        {
            Undo => "undid a batch",
            EditPost => "edited a post",
            _ => Kinds.TryGetValue(kind, out var known) ? known.Done : $"carried out {kind}",
        };

    /// <summary>Whether there is such a kind, and the act that is asked for; null where the request lacks what it needs.</summary>
    public static bool TryFind(CarryOutBatchRequest request, out IModerationAct? act)
    {
        act = null;
        if (!Kinds.TryGetValue(request.Kind ?? "", out var kind))
        {
            return false;
        }

        act = kind.Of(request);
        return true;
    }
}
