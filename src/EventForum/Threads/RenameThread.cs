using EventForum.Boards;
using EventForum.Commands;
using EventForum.Platform;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Wolverine;
using Wolverine.Http;

namespace EventForum.Threads;

/// <summary>Gives a thread another title: its starter may while it is open, a moderator with a reason always.</summary>
/// <param name="Title">3-255 characters, one line, counted after trimming.</param>
/// <param name="Reason">Up to 500 characters.</param>
public sealed record RenameThreadRequest(string Title, string? Reason = null);

public sealed record RenameThread(Guid ThreadId, string Title, string? Reason) : IThreadCommand
{
    public Decision Decide(DecisionContext context)
    {
        if (context.Thread(ThreadId) is not { } thread)
        {
            return ThreadRefusals.NoSuchThread;
        }

        if (PostRules.RefusalOf(Reason) is { } why)
        {
            return why;
        }

        if (thread.StarterId != context.ActorId)
        {
            if (!context.Moderates(thread))
            {
                return ThreadRefusals.NotYourThread;
            }

            if (string.IsNullOrWhiteSpace(Reason))
            {
                return ThreadRefusals.ReasonNeeded;
            }
        }
        else if (!context.Moderates(thread))
        {
            if (context.Reader.Silence is not null)
            {
                return ThreadRefusals.Silenced;
            }

            if (context.Reader.CloseReason(thread.BoardId) is { } closed)
            {
                return BoardRefusals.Closed(closed);
            }

            if (thread.LockReason is { } locked)
            {
                return ThreadRefusals.Locked(locked);
            }
        }

        if (PlainLine.RefusalOf(Title, "title", 3, 255) is { } refusal)
        {
            return refusal;
        }

        return Title.Trim() == thread.Title
            ? ThreadRefusals.NothingChanged
            : Decision.To(new Receipt(), new ThreadRenamed(Title.Trim(), PostRules.Trimmed(Reason)));
    }
}

public static class RenameThreadEndpoint
{
    /// <summary>Gives a thread another title. Its starter may, and a moderator with a reason.</summary>
    [WolverinePut("/api/threads/{threadId}/title"), Authorize, ProducesResponseType(typeof(Receipt), 200)]
    [ProducesResponseType(403, Description = "Someone else started the thread.")]
    public static Task<IResult> Put(Guid threadId, RenameThreadRequest request, HttpContext http, IMessageBus bus) =>
        bus.RunAsync(http, new RenameThread(threadId, request.Title, request.Reason));
}
