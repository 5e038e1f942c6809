using EventForum.Commands;
using EventForum.Platform;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Wolverine;
using Wolverine.Http;

namespace EventForum.Views.Framework;

public sealed record ResumeView(string View, string Reason) : ICommand
{
    IReadOnlyList<StreamKey> ICommand.Streams => [ManagedView.Stream(View)];

    public Decision Decide(DecisionContext context) =>
        PlainLine.RefusalOf(Reason, "reason", 1, PauseView.MaxReason) is { } refusal ? refusal
        : context.Find<ManagedView>(ManagedView.Stream(View)) is not { IsPaused: true } ? ViewRefusals.IsNotPaused
        : Decision.To(new Receipt(), new ViewResumed(View, Reason.Trim()));
}

public static class ResumeViewEndpoint
{
    /// <summary>Lets a view that was paused go on from where it is, as an admin.</summary>
    [WolverinePost("/api/views/{name}/resume"), Authorize(Roles = "admin"), ProducesResponseType(typeof(Receipt), 200)]
    [ProducesResponseType(404, Description = "There is no such view.")]
    public static async Task<IResult> Post(
        string name,
        ManageViewRequest request,
        ViewRegistry registry,
        HttpContext http,
        IMessageBus bus
    ) =>
        registry.Names.Contains(name)
            ? await bus.RunAsync(http, new ResumeView(name, request.Reason))
            : new Problem(ViewRefusals.NoSuchView);
}
