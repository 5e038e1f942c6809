using EventForum.Commands;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Wolverine;
using Wolverine.Http;

namespace EventForum.Threads;

/// <summary>Puts a pinned thread back among the others of its board. Moderators only.</summary>
/// <param name="Reason">Up to 500 characters, shown to everyone.</param>
public sealed record UnpinThreadRequest(string? Reason = null);

public sealed record UnpinThread(Guid ThreadId, string? Reason) : IThreadCommand
{
    public Decision Decide(DecisionContext context) =>
        context.Thread(ThreadId) is not { } thread ? ThreadRefusals.NoSuchThread
        : !context.Moderates(thread) ? ThreadRefusals.ModeratorsOnly
        : PostRules.RefusalOf(Reason) is { } refusal ? refusal
        : !thread.IsPinned ? ThreadRefusals.NotPinned
        : Decision.To(new Receipt(), new ThreadUnpinned(PostRules.Trimmed(Reason)));
}

public static class UnpinThreadEndpoint
{
    /// <summary>Unpins a thread, as a moderator: its last post decides again where its board lists it.</summary>
    [WolverinePost("/api/threads/{threadId}/unpin"), Authorize, ProducesResponseType(typeof(Receipt), 200)]
    [ProducesResponseType(403, Description = "Only a moderator may do this.")]
    public static Task<IResult> Post(Guid threadId, UnpinThreadRequest request, HttpContext http, IMessageBus bus) =>
        bus.RunAsync(http, new UnpinThread(threadId, request.Reason));
}
