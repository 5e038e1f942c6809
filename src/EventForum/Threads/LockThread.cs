using EventForum.Commands;
using EventForum.Platform;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Wolverine;
using Wolverine.Http;

namespace EventForum.Threads;

/// <summary>Closes a thread to replies, also those of moderators. Moderators only.</summary>
/// <param name="Reason">1-500 characters, shown to everyone.</param>
public sealed record LockThreadRequest(string Reason);

public sealed record LockThread(Guid ThreadId, string Reason) : IThreadCommand
{
    public Decision Decide(DecisionContext context) =>
        context.Thread(ThreadId) is not { } thread ? ThreadRefusals.NoSuchThread
        : !context.Moderates(thread) ? ThreadRefusals.ModeratorsOnly
        : PlainLine.RefusalOf(Reason, "reason", 1, PostRules.MaxReason) is { } refusal ? refusal
        : thread.IsLocked ? ThreadRefusals.AlreadyLocked
        : Decision.To(new Receipt(), new ThreadLocked(Reason.Trim()));
}

public static class LockThreadEndpoint
{
    /// <summary>Locks a thread, as a moderator: nobody can reply then, and only moderators edit, remove and restore its posts.</summary>
    [WolverinePost("/api/threads/{threadId}/lock"), Authorize, ProducesResponseType(typeof(Receipt), 200)]
    [ProducesResponseType(403, Description = "Only a moderator may do this.")]
    public static Task<IResult> Post(Guid threadId, LockThreadRequest request, HttpContext http, IMessageBus bus) =>
        bus.RunAsync(http, new LockThread(threadId, request.Reason));
}
