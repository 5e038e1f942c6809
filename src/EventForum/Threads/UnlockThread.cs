using EventForum.Commands;
using EventForum.Platform;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Wolverine;
using Wolverine.Http;

namespace EventForum.Threads;

/// <summary>Opens a locked thread again. Moderators only.</summary>
/// <param name="Reason">1-500 characters, shown to everyone.</param>
public sealed record UnlockThreadRequest(string Reason);

public sealed record UnlockThread(Guid ThreadId, string Reason) : IThreadCommand
{
    public Decision Decide(DecisionContext context) =>
        context.Thread(ThreadId) is not { } thread ? ThreadRefusals.NoSuchThread
        : !context.Moderates(thread) ? ThreadRefusals.ModeratorsOnly
        : PlainLine.RefusalOf(Reason, "reason", 1, PostRules.MaxReason) is { } refusal ? refusal
        : !thread.IsLocked ? ThreadRefusals.NotLocked
        : Decision.To(new Receipt(), new ThreadUnlocked(Reason.Trim()));
}

public static class UnlockThreadEndpoint
{
    /// <summary>Opens a locked thread again, as a moderator.</summary>
    [WolverinePost("/api/threads/{threadId}/unlock"), Authorize, ProducesResponseType(typeof(Receipt), 200)]
    [ProducesResponseType(403, Description = "Only a moderator may do this.")]
    public static Task<IResult> Post(Guid threadId, UnlockThreadRequest request, HttpContext http, IMessageBus bus) =>
        bus.RunAsync(http, new UnlockThread(threadId, request.Reason));
}
