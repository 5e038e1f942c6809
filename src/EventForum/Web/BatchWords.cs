namespace EventForum.Web;

/// <summary>What pages call the kinds of batches.</summary>
internal static class BatchWords
{
    public static string Imperative(string kind) =>
        kind switch
        {
            "remove-posts" => "Remove posts",
            "restore-posts" => "Restore posts",
            "remove-by-member" => "Remove all posts of a member",
            "revert-post" => "Take a post back to an earlier revision",
            "redact-revision" => "Redact a revision of a post",
            "rename-thread" => "Rename a thread",
            "lock-threads" => "Lock threads",
            "unlock-threads" => "Unlock threads",
            "pin-threads" => "Pin threads",
            "unpin-threads" => "Unpin threads",
            "move-threads" => "Move threads to another board",
            "split-thread" => "Split a thread",
            "move-posts" => "Move posts to another thread",
            "merge-threads" => "Merge threads",
            "merge-posts" => "Merge posts",
            "warn-member" => "Warn a member",
            "suspend-member" => "Suspend a member",
            "lift-suspension" => "Lift a suspension",
            "silence-member" => "Silence a member",
            "lift-silence" => "Lift a silence",
            "edit-post" => "Edit a post",
            "undo" => "Undo",
            _ => "Moderate",
        };
}
