using System.Text.Json;
using EventForum.Commands;
using EventForum.Platform;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Wolverine;
using Wolverine.Http;

namespace EventForum.Boards;

/// <summary>Opens a board. Admins only.</summary>
/// <param name="Name">3-255 characters, one line; no two boards' names differ only in case.</param>
/// <param name="Description">Up to 1,000 characters, one line.</param>
public sealed record CreateBoardRequest(string Name, string? Description = null);

/// <param name="BoardId">The new board.</param>
/// <param name="Version">The board's version: 1.</param>
/// <param name="Position">Pass it as <c>min-position</c> to a read that must show the board.</param>
public sealed record BoardReceipt(Guid BoardId, long Version, long Position);

public sealed record CreateBoard(string Name, string? Description) : ICommand, INamesBoards
{
    private readonly Guid boardId = Guid.CreateVersion7();

    IReadOnlyList<StreamKey> ICommand.Streams => [Board.Stream(boardId)];

    /// <summary>By its route: so the answers are kept that databases hold.</summary>
    string ICommand.Request =>
        JsonSerializer.Serialize(
            new { Path = "/api/boards", request = new CreateBoardRequest(Name, Description) },
            JsonSerializerOptions.Web
        );

    string? INamesBoards.BoardName => Refusal is null ? Name.Trim() : null;

    private Refusal? Refusal => RefusalOf(Name, Description);

    public Decision Decide(DecisionContext context) =>
        !context.Reader.IsAdmin ? BoardRefusals.AdminsOnly
        : Refusal is { } refusal ? refusal
        : context.Named<NamedBoards>().Called(Name.Trim()) is not null ? BoardRefusals.NameTaken(Name.Trim())
        : Decision.To(new Receipt(), new BoardCreated(Name.Trim(), Description?.Trim()));

    /// <summary>What is wrong with a board's name or description.</summary>
    internal static Refusal? RefusalOf(string name, string? description) =>
        PlainLine.RefusalOf(name, "name", 3, 255)
        ?? (description is null ? null : PlainLine.RefusalOf(description, "description", 0, 1000));
}

public static class CreateBoardEndpoint
{
    /// <summary>Opens a board, as an admin.</summary>
    [WolverinePost("/api/boards"), Authorize(Roles = "admin"), ProducesResponseType(typeof(BoardReceipt), 201)]
    public static Task<IResult> Post(CreateBoardRequest request, HttpContext http, IMessageBus bus) =>
        bus.RunAsync(
            http,
            new CreateBoard(request.Name, request.Description),
            201,
            result => new BoardReceipt(result.StreamId, result.Receipt!.Version, result.Receipt.Position)
        );
}
