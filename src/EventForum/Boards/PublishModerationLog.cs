using EventForum.Access;
using EventForum.Commands;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Wolverine;
using Wolverine.Http;

namespace EventForum.Boards;

/// <summary>Whether everybody who sees a board reads what moderators did in it, without their names.</summary>
public sealed record PublishModerationLogRequest(bool IsPublic);

public sealed record PublishModerationLog(Guid BoardId, bool IsPublic) : ICommand
{
    IReadOnlyList<StreamKey> ICommand.Streams => [Board.Stream(BoardId)];

    public Decision Decide(DecisionContext context) =>
        !context.Reader.IsAdmin ? BoardRefusals.AdminsOnly
        : context.Find<Board>(Board.Stream(BoardId)) is not { } board ? BoardRefusals.NoSuchBoard
        : board.IsLogPublic == IsPublic ? BoardRefusals.NothingChanged
        : Decision.To(new Receipt(), new ModerationLogPublished(IsPublic));
}

public static class PublishModerationLogEndpoint
{
    /// <summary>
    /// Says whether everybody who sees the board reads what moderators did in it, without their names; for admins. Until
    /// it is said, only moderators do.
    /// </summary>
    [WolverinePut("/api/boards/{boardId}/moderation-log"), Authorize(Roles = Role.Admin)]
    [ProducesResponseType(typeof(Receipt), 200)]
    public static Task<IResult> Put(
        Guid boardId,
        PublishModerationLogRequest request,
        HttpContext http,
        IMessageBus bus
    ) => bus.RunAsync(http, new PublishModerationLog(boardId, request.IsPublic));
}
