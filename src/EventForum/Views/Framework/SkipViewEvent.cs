using EventForum.Commands;
using EventForum.Platform;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Npgsql;
using Wolverine;
using Wolverine.Http;

namespace EventForum.Views.Framework;

/// <summary>Has a view leave out an event that it fails on. Admins only.</summary>
/// <param name="Position">The event's position, as the view's failure names it.</param>
/// <param name="Reason">1-500 characters.</param>
public sealed record SkipViewEventRequest(long Position, string Reason);

public sealed record SkipViewEvent(string View, int ViewVersion, Guid StreamId, long Version, string Reason) : ICommand
{
    IReadOnlyList<StreamKey> ICommand.Streams => [ManagedView.Stream(View)];

    public Decision Decide(DecisionContext context) =>
        PlainLine.RefusalOf(Reason, "reason", 1, PauseView.MaxReason) is { } refusal ? refusal
        : context.Find<ManagedView>(ManagedView.Stream(View)) is { } view
        && view.Skipped.Contains(new SkippedEvent(ViewVersion, StreamId, Version))
            ? ViewRefusals.IsSkipped
        : Decision.To(new Receipt(), new ViewEventSkipped(View, ViewVersion, StreamId, Version, Reason.Trim()));
}

public static class SkipViewEventEndpoint
{
    private const string Sql = $"""
        select e.stream_id, e.version, coalesce(reached.{MartenTables.ReachedPosition}, 0) >= $1,
               entry.failure is not null or entry.paused_at is not null
          from {MartenTables.Events} e
          join {ViewRegistry.Table} entry on entry.view = $2
          left join {MartenTables.Progress} reached on reached.name = $2 || ':All'
         where e.position = $1
        """;

    /// <summary>
    /// Has the program's version of a view leave out an event for good, as an admin: one that it fails on, and has not
    /// taken in. A version that comes later meets the event again.
    /// </summary>
    [WolverinePost("/api/views/{name}/skip"), Authorize(Roles = "admin"), ProducesResponseType(typeof(Receipt), 200)]
    [ProducesResponseType(404, Description = "There is no such view, or no event at that position.")]
    [ProducesResponseType(409, Description = "The view has taken in the event, or may be doing so.")]
    public static async Task<IResult> Post(
        string name,
        SkipViewEventRequest request,
        IEnumerable<ViewDefinition> views,
        NpgsqlDataSource database,
        HttpContext http,
        IMessageBus bus
    )
    {
        if (views.FirstOrDefault(definition => definition.Name == name) is not { } view)
        {
            return new Problem(ViewRefusals.NoSuchView);
        }

        await using var command = database.CreateCommand(Sql);
        command.Parameters.AddWithValue(request.Position);
        command.Parameters.AddWithValue(view.Id);
        await using var rows = await command.ExecuteReaderAsync(http.RequestAborted);
        if (!await rows.ReadAsync(http.RequestAborted))
        {
            return new Problem(ViewRefusals.NoSuchEvent);
        }

        return rows.GetBoolean(2) ? new Problem(ViewRefusals.HasTakenIn)
            : !rows.GetBoolean(3) ? new Problem(ViewRefusals.IsRunning)
            : await bus.RunAsync(
                http,
                new SkipViewEvent(name, view.Version, rows.GetGuid(0), rows.GetInt64(1), request.Reason)
            );
    }
}
