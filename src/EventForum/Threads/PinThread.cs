using EventForum.Commands;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Wolverine;
using Wolverine.Http;

namespace EventForum.Threads;

/// <summary>Puts a thread before the others of its board. Moderators only.</summary>
/// <param name="Reason">Up to 500 characters, shown to everyone.</param>
public sealed record PinThreadRequest(string? Reason = null);

public sealed record PinThread(Guid ThreadId, string? Reason) : IThreadCommand
{
    public Decision Decide(DecisionContext context) =>
        context.Thread(ThreadId) is not { } thread ? ThreadRefusals.NoSuchThread
        : !context.Moderates(thread) ? ThreadRefusals.ModeratorsOnly
        : PostRules.RefusalOf(Reason) is { } refusal ? refusal
        : thread.IsPinned ? ThreadRefusals.AlreadyPinned
        : Decision.To(new Receipt(), new ThreadPinned(PostRules.Trimmed(Reason)));
}

public static class PinThreadEndpoint
{
    /// <summary>Pins a thread, as a moderator: its board lists it before the others.</summary>
    [WolverinePost("/api/threads/{threadId}/pin"), Authorize, ProducesResponseType(typeof(Receipt), 200)]
    [ProducesResponseType(403, Description = "Only a moderator may do this.")]
    public static Task<IResult> Post(Guid threadId, PinThreadRequest request, HttpContext http, IMessageBus bus) =>
        bus.RunAsync(http, new PinThread(threadId, request.Reason));
}
