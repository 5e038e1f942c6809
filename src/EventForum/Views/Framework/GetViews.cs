using EventForum.Members;
using EventForum.Platform;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Wolverine.Http;

namespace EventForum.Views.Framework;

/// <summary>The views that there are.</summary>
/// <param name="Position">The position of the newest event.</param>
public sealed record ViewList(long Position, IReadOnlyList<ViewStatus> Views);

public static class GetViewsEndpoint
{
    /// <summary>Every version of every view: how far it has come, how fast it goes, whether it is paused or has failed, and on what.</summary>
    [WolverineGet("/api/views"), AllowAnonymous, ProducesResponseType(typeof(ViewList), 200)]
    [ProducesResponseType(403, Description = "There are boards that you do not see.")]
    public static async Task<IResult> Get(ViewStates states, Readers readers, HttpContext http)
    {
        if (!(await readers.OfAsync(http)).SeesAllBoards)
        {
            return new Problem(ViewRefusals.Withheld);
        }

        var views = await states.ReadAsync(http.RequestAborted);
        return new Tagged<ViewList>(
            new ViewList(views.Select(view => view.Position + view.EventsBehind).DefaultIfEmpty().Max(), views)
        );
    }
}
