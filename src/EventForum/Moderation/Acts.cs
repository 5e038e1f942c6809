namespace EventForum.Moderation;

/// <summary>The kinds of batches: how a request becomes an act, and what a kind is called.</summary>
internal static class Acts
{
    public const string Undo = "undo";

    private static readonly Dictionary<string, (Func<CarryOutBatchRequest, IModerationAct?> Of, string Done)> Kinds =
        new(StringComparer.Ordinal)
        {
            ["remove-posts"] = (RemovePosts.From, "removed posts"),
            ["restore-posts"] = (RestorePosts.From, "restored posts"),
            ["remove-by-member"] = (RemoveByMember.From, "removed a member's posts"),
            ["revert-post"] = (RevertPost.From, "took a post back to an earlier revision"),
            ["rename-thread"] = (RenameThreadByModerator.From, "renamed a thread"),
            ["lock-threads"] = (LockThreads.From, "locked threads"),
            ["unlock-threads"] = (UnlockThreads.From, "unlocked threads"),
            ["pin-threads"] = (PinThreads.From, "pinned threads"),
            ["unpin-threads"] = (UnpinThreads.From, "unpinned threads"),
            ["warn-member"] = (WarnMember.From, "warned a member"),
            ["suspend-member"] = (SuspendMember.From, "suspended a member"),
            ["lift-suspension"] = (LiftSuspension.From, "lifted a suspension"),
        };

    /// <summary>The kinds of what commands did that are no batches of a request: a batch of one each.</summary>
    private static readonly Dictionary<string, (string Kind, string Done)> ByEvent = new(StringComparer.Ordinal)
    {
        ["post_removed"] = ("remove-posts", ""),
        ["post_restored"] = ("restore-posts", ""),
        ["post_edited"] = ("edit-post", "edited a post"),
        ["post_holds_restored"] = (Undo, "undid a batch"),
        ["thread_renamed"] = ("rename-thread", ""),
        ["thread_locked"] = ("lock-threads", ""),
        ["thread_unlocked"] = ("unlock-threads", ""),
        ["thread_pinned"] = ("pin-threads", ""),
        ["thread_unpinned"] = ("unpin-threads", ""),
    };

    /// <summary>The types of the events that an act may leave in a member's stream.</summary>
    public static string[] MemberEventTypes { get; } =
    ["member_suspended", "suspension_lifted", "member_warned", "standing_restored"];

    /// <summary>The types of the events that an act may leave in a stream.</summary>
    public static string[] EventTypes { get; } = [.. ByEvent.Keys, .. MemberEventTypes];

    public static IEnumerable<string> Names => Kinds.Keys;

    public static bool IsAct(string eventType) => ByEvent.ContainsKey(eventType);

    public static string KindOf(string eventType) => ByEvent[eventType].Kind;

    /// <summary>What somebody did, in words that follow their name.</summary>
    public static string Sentence(string kind) =>
        Kinds.TryGetValue(kind, out var known)
            ? known.Done
            : ByEvent.Values.FirstOrDefault(one => one.Kind == kind).Done ?? $"carried out {kind}";

    /// <summary>The act that a request asks for; null where it lacks what the kind needs.</summary>
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
