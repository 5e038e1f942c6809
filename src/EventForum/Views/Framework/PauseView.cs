using EventForum.Commands;
using EventForum.Platform;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Wolverine;
using Wolverine.Http;

namespace EventForum.Views.Framework;

/// <summary>Stops a view where it is, or lets it go on. Admins only.</summary>
/// <param name="Reason">1-500 characters.</param>
public sealed record ManageViewRequest(string Reason);

public sealed record PauseView(string View, string Reason) : ICommand
{
    public const int MaxReason = 500;

    IReadOnlyList<StreamKey> ICommand.Streams => [ManagedView.Stream(View)];

    public Decision Decide(DecisionContext context) =>
        PlainLine.RefusalOf(Reason, "reason", 1, MaxReason) is { } refusal ? refusal
        : context.Find<ManagedView>(ManagedView.Stream(View)) is { IsPaused: true } ? ViewRefusals.IsPaused
        : Decision.To(new Receipt(), new ViewPaused(View, Reason.Trim()));
}

public static class PauseViewEndpoint
{
    /// <summary>Stops a view where it is, as an admin: it goes on answering with what it holds.</summary>
    [WolverinePost("/api/views/{name}/pause"), Authorize(Roles = "admin"), ProducesResponseType(typeof(Receipt), 200)]
    [ProducesResponseType(404, Description = "There is no such view.")]
    public static async Task<IResult> Post(
        string name,
        ManageViewRequest request,
        ViewRegistry registry,
        HttpContext http,
        IMessageBus bus
    ) =>
        registry.Names.Contains(name)
            ? await bus.RunAsync(http, new PauseView(name, request.Reason))
            : new Problem(ViewRefusals.NoSuchView);
}
