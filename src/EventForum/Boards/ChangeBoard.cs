using EventForum.Access;
using EventForum.Commands;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Wolverine;
using Wolverine.Http;

namespace EventForum.Boards;

/// <summary>Gives a board another name, another description, or both. Admins only.</summary>
/// <param name="Name">3-255 characters, one line; no two boards' names differ only in case.</param>
/// <param name="Description">Up to 1,000 characters, one line; null or empty for none.</param>
public sealed record ChangeBoardRequest(string Name, string? Description = null);

public sealed record ChangeBoard(Guid BoardId, string Name, string? Description) : ICommand, INamesBoards
{
    IReadOnlyList<StreamKey> ICommand.Streams => [Board.Stream(BoardId)];

    Guid? INamesBoards.BoardId => null;

    string? INamesBoards.BoardName => CreateBoard.RefusalOf(Name, Description) is null ? Name.Trim() : null;

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

        if (CreateBoard.RefusalOf(Name, Description) is { } refusal)
        {
            return refusal;
        }

        var name = Name.Trim();
        if (context.Named<NamedBoards>().Called(name) is { } other && other.Id != BoardId)
        {
            return BoardRefusals.NameTaken(name);
        }

        var description = string.IsNullOrWhiteSpace(Description) ? null : Description.Trim();
        List<object> events = [];
        if (board.Name != name)
        {
            events.Add(new BoardRenamed(name));
        }

        if (board.Description != description)
        {
            events.Add(new BoardDescribed(description));
        }

        return events.Count == 0 ? BoardRefusals.NothingChanged : Decision.To(new Receipt(), [.. events]);
    }
}

public static class ChangeBoardEndpoint
{
    /// <summary>Gives a board another name or description, as an admin.</summary>
    [WolverinePut("/api/boards/{boardId}"), Authorize(Roles = Role.Admin), ProducesResponseType(typeof(Receipt), 200)]
    [ProducesResponseType(409, Description = "Another board has this name.")]
    public static Task<IResult> Put(Guid boardId, ChangeBoardRequest request, HttpContext http, IMessageBus bus) =>
        bus.RunAsync(http, new ChangeBoard(boardId, request.Name, request.Description));
}
