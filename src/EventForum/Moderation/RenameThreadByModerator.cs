using EventForum.Threads;

namespace EventForum.Moderation;

/// <summary>Gives a thread another title.</summary>
internal sealed record RenameThreadByModerator(Guid ThreadId, string Title) : IModerationAct
{
    public IReadOnlyList<Guid> Threads => [ThreadId];

    public static IModerationAct? From(CarryOutBatchRequest request) =>
        request is { ThreadId: { } thread, Title: { } title }
            ? new RenameThreadByModerator(thread, title.Trim())
            : null;

    public ActStep On(ForumThread thread, string reason) =>
        thread.Title == Title ? ActStep.LeaveAlone("It has that title.") : ActStep.To(new ThreadRenamed(Title, reason));
}
