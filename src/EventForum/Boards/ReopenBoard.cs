using EventForum.Commands;
using EventForum.Platform;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Wolverine;
using Wolverine.Http;

namespace EventForum.Boards;

/// <summary>Opens a closed board again: it takes threads and posts. For who moderates it.</summary>
/// <param name="Reason">1-500 characters, for everyone who sees the board.</param>
public sealed record ReopenBoardRequest(string Reason);

public sealed record ReopenBoard(Guid BoardId, string Reason) : ICommand
{
    IReadOnlyList<StreamKey> ICommand.Streams => [Board.Stream(BoardId)];

    public Decision Decide(DecisionContext context) =>
        context.Find<Board>(Board.Stream(BoardId)) is not { } board ? BoardRefusals.NoSuchBoard
        : !context.Reader.Moderates(BoardId) ? BoardRefusals.ModeratorsOnly
        : PlainLine.RefusalOf(Reason, "reason", 1, CloseBoard.MaxReason) is { } refusal ? refusal
        : board.CloseReason is null ? BoardRefusals.NotClosed
        : Decision.To(new Receipt(), new BoardReopened(Reason.Trim()));
}

public static class ReopenBoardEndpoint
{
    /// <summary>Opens a closed board again: it takes threads and posts.</summary>
    [WolverinePost("/api/boards/{boardId}/reopen"), Authorize, ProducesResponseType(typeof(Receipt), 200)]
    [ProducesResponseType(403, Description = "Somebody else moderates this board.")]
    public static Task<IResult> Post(Guid boardId, ReopenBoardRequest request, HttpContext http, IMessageBus bus) =>
        bus.RunAsync(http, new ReopenBoard(boardId, request.Reason));
}
