using EventForum.Access;
using EventForum.Commands;
using EventForum.Platform;
using Marten;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Wolverine;
using Wolverine.Http;

namespace EventForum.Boards;

/// <summary>Who may do what on a board from now on: all four are said.</summary>
/// <param name="See">Who sees the board and what is in it; for all others it does not exist.</param>
/// <param name="Start">Who, of those who see it, may start threads.</param>
/// <param name="Reply">Who, of those who see it, may reply and quote.</param>
/// <param name="Moderate">Who moderates it, and so may do all of it.</param>
public sealed record BoardPermissionsRequest(Audience? See, Audience? Start, Audience? Reply, Audience? Moderate);

/// <param name="Permissions">Null when not all four were said.</param>
public sealed record ChangeBoardPermissions(Guid BoardId, BoardPermissions? Permissions) : ICommand
{
    IReadOnlyList<StreamKey> ICommand.Streams => [Board.Stream(BoardId)];

    public Decision Decide(DecisionContext context)
    {
        if (!context.Reader.IsAdmin)
        {
            return BoardRefusals.AdminsOnly;
        }

        if (context.Find<Board>(Board.Stream(BoardId)) is not { } board)
        {
            return BoardRefusals.NoSuchBoard;
        }

        if (Permissions is null)
        {
            return BoardRefusals.PermissionsMissing;
        }

        if (Permissions.RefusalOf() is { } refusal)
        {
            return refusal;
        }

        var wanted = Permissions.Normalise();
        return wanted == (board.Permissions ?? BoardPermissions.Default)
            ? BoardRefusals.NothingChanged
            : Decision.To(
                new Receipt(),
                new BoardPermissionsChanged(wanted.See, wanted.Start, wanted.Reply, wanted.Moderate)
            );
    }

    /// <summary>Members never cease to be, so it can be asked before the command has its turn.</summary>
    internal static async Task<Refusal?> RefusalOfMembersAsync(
        BoardPermissions permissions,
        IQuerySession session,
        CancellationToken cancellation
    )
    {
        Guid[] named =
        [
            .. new[] { permissions.See, permissions.Start, permissions.Reply, permissions.Moderate }
                .SelectMany(audience => audience.Members)
                .Distinct(),
        ];
        return
            named.Length > 0
            && await session.Query<Members.Member>().CountAsync(member => member.Id.IsOneOf(named), cancellation)
                < named.Length
            ? BoardRefusals.MembersUnknown
            : null;
    }
}

public static class ChangeBoardPermissionsEndpoint
{
    /// <summary>
    /// Says who may do what on a board, as an admin: see it, start threads, reply, moderate. Each is
    /// <c>{"everyone": true}</c>, <c>{"roles": ["member"]}</c>, <c>{"members": ["…"]}</c>, a union of roles and members, or
    /// <c>{}</c> for nobody but admins. For who may not see it, the board and all that is in it does not exist any more.
    /// </summary>
    [WolverinePut("/api/boards/{boardId}/permissions"), Authorize(Roles = Role.Admin)]
    [ProducesResponseType(typeof(Receipt), 200)]
    public static async Task<IResult> Put(
        Guid boardId,
        BoardPermissionsRequest request,
        HttpContext http,
        IMessageBus bus,
        IQuerySession session
    )
    {
        var permissions = request is { See: { } see, Start: { } start, Reply: { } reply, Moderate: { } moderate }
            ? new BoardPermissions(see, start, reply, moderate)
            : null;
        return
            permissions is not null
            && await ChangeBoardPermissions.RefusalOfMembersAsync(permissions, session, http.RequestAborted)
                is { } refusal
            ? new Problem(refusal)
            : await bus.RunAsync(http, new ChangeBoardPermissions(boardId, permissions));
    }
}

public static class GetBoardPermissionsEndpoint
{
    /// <summary>Who may do what on a board; for who moderates it.</summary>
    [WolverineGet("/api/boards/{boardId}/permissions"), Authorize]
    [ProducesResponseType(typeof(BoardPermissions), 200)]
    [ProducesResponseType(403, Description = "Somebody else moderates this board.")]
    public static async Task<IResult> Get(Guid boardId, ReadDatabase reads, Members.Readers readers, HttpContext http)
    {
        await using var opened = await reads.OpenSessionAsync(http.RequestAborted);
        var session = opened.Query;
        if (boardId == Guid.Empty || await session.LoadAsync<Board>(boardId, http.RequestAborted) is not { } board)
        {
            return new Problem(BoardRefusals.NoSuchBoard);
        }

        return (await readers.OfAsync(http)).Moderates(boardId)
            ? new Tagged<BoardPermissions>(board.Permissions ?? BoardPermissions.Default)
            : new Problem(BoardRefusals.ModeratorsOnly);
    }
}
