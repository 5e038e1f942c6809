namespace EventForum.Threads;

/// <summary>What the events about posts have in common.</summary>
internal static class PostEvents
{
    /// <summary>The post that an event is about; null for those about the thread itself.</summary>
    public static Guid? PostOf(object? data) =>
        data switch
        {
            ThreadStarted started => started.PostId,
            ReplyPosted posted => posted.PostId,
            PostEdited edited => edited.PostId,
            PostRemoved removed => removed.PostId,
            PostRestored restored => restored.PostId,
            _ => null,
        };
}
