using EventForum.Boards;
using EventForum.Members;
using EventForum.Platform;
using EventForum.Threads;
using EventForum.Threads.Quoting;

namespace EventForum.History;

/// <summary>Says in a sentence what an event says in data. Pure; it tells nothing that a removal hides.</summary>
public static class Sentences
{
    private const string Someone = "Someone";

    /// <param name="data">The event; null when this program does not know its type.</param>
    /// <param name="subject">The name of the member that a member's event is about.</param>
    /// <param name="post">The post that the event is about.</param>
    /// <param name="quoted">Finds quoted posts.</param>
    public static string Of(
        string type,
        object? data,
        EventActor? actor,
        EventPost? post,
        string? subject,
        Func<Guid, EventPost?> quoted
    )
    {
        var who = Bidi.Isolate(actor?.Name ?? Someone);
        var whom = Bidi.Isolate(subject ?? "a member");
        return data switch
        {
            ThreadStarted started =>
                $"{who} started the thread “{Bidi.Isolate(started.Title)}”{Quoting(started.Quotes, quoted)}",
            ReplyPosted posted => $"{who} wrote post {posted.Number}{Quoting(posted.Quotes, quoted)}",
            PostEdited edited => $"{who} edited {Post()}{Because(edited.Reason)}",
            PostRemoved removed => $"{who} removed {Post()}{Because(removed.Reason)}",
            PostRestored restored => $"{who} restored {Post()}{Because(restored.Reason)}",
            ThreadRenamed renamed =>
                $"{who} renamed the thread to “{Bidi.Isolate(renamed.Title)}”{Because(renamed.Reason)}",
            ThreadLocked locked => $"{who} locked the thread{Because(locked.Reason)}",
            ThreadUnlocked unlocked => $"{who} unlocked the thread{Because(unlocked.Reason)}",
            ThreadPinned pinned => $"{who} pinned the thread{Because(pinned.Reason)}",
            ThreadUnpinned unpinned => $"{who} unpinned the thread{Because(unpinned.Reason)}",
            BoardCreated created => $"{who} opened the board “{Bidi.Isolate(created.Name)}”",
            BoardRenamed renamed => $"{who} renamed the board to “{Bidi.Isolate(renamed.Name)}”",
            BoardDescribed => $"{who} described the board anew",
            BoardPermissionsChanged => $"{who} changed who may do what on the board",
            BoardClosed closed => $"{who} closed the board{Because(closed.Reason)}",
            BoardReopened reopened => $"{who} reopened the board{Because(reopened.Reason)}",
            TokenRolesChanged => $"{whom} signed in with other roles",
            RolesGranted => $"{who} changed the roles of {whom}",
            MemberRegistered registered => $"{Bidi.Isolate(registered.Name)} joined",
            TitleGranted { Title: { } title } => $"{who} gave {whom} the title “{Bidi.Isolate(title)}”",
            TitleGranted => $"{who} took back the title of {whom}",
            _ => $"{who}: {type.Replace('_', ' ')}",
        };

        string Post() =>
            post is null ? "a post"
            : post.Author.Id == actor?.Id ? $"post {post.Number}"
            : $"post {post.Number} by {Bidi.Isolate(post.Author.Name)}";
    }

    private static string Because(string? reason) => reason is null ? "" : ": " + Bidi.Isolate(reason);

    private static string Quoting(IReadOnlyList<Quote> quotes, Func<Guid, EventPost?> quoted)
    {
        var sources = Quote
            .AsTold(quotes)
            .Select(quote => quote.PostId)
            .Distinct()
            .Select(quoted)
            .OfType<EventPost>()
            .ToList();
        return sources.Count == 0
            ? ""
            : ", quoting "
                + string.Join(
                    " and ",
                    sources.Select(post => $"post {post.Number} by {Bidi.Isolate(post.Author.Name)}")
                );
    }
}
