using EventForum.Commands;
using EventForum.Platform;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Wolverine;
using Wolverine.Http;

namespace EventForum.Boards;

/// <summary>Closes a board: it is read as before, and takes neither threads nor posts. For who moderates it.</summary>
/// <param name="Reason">1-500 characters, for everyone who sees the board.</param>
public sealed record CloseBoardRequest(string Reason);

public sealed record CloseBoard(Guid BoardId, string Reason) : ICommand
{
    public const int MaxReason = 500;

    IReadOnlyList<StreamKey> ICommand.Streams => [Board.Stream(BoardId)];

    public Decision Decide(DecisionContext context) =>
        context.Find<Board>(Board.Stream(BoardId)) is not { } board ? BoardRefusals.NoSuchBoard
        : !context.Reader.Moderates(BoardId) ? BoardRefusals.ModeratorsOnly
        : PlainLine.RefusalOf(Reason, "reason", 1, MaxReason) is { } refusal ? refusal
        : board.CloseReason is not null ? BoardRefusals.AlreadyClosed
        : Decision.To(new Receipt(), new BoardClosed(Reason.Trim()));
}

public static class CloseBoardEndpoint
{
    /// <summary>Closes a board: it is read as before, and takes neither threads nor posts.</summary>
    [WolverinePost("/api/boards/{boardId}/close"), Authorize, ProducesResponseType(typeof(Receipt), 200)]
    [ProducesResponseType(403, Description = "Somebody else moderates this board.")]
    public static Task<IResult> Post(Guid boardId, CloseBoardRequest request, HttpContext http, IMessageBus bus) =>
        bus.RunAsync(http, new CloseBoard(boardId, request.Reason));
}
