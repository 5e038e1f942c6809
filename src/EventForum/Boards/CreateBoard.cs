using EventForum.Members;
using EventForum.Platform;
using Marten;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
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

public static class CreateBoardEndpoint
{
    /// <summary>Opens a board, as an admin.</summary>
    [WolverinePost("/api/boards"), Authorize(Roles = "admin"), ProducesResponseType(typeof(BoardReceipt), 201)]
    public static Task<IResult> Post(CreateBoardRequest request, HttpContext http, MemberCommands commands)
    {
        return commands.RunAsync(
            http,
            request,
            201,
            answer => new BoardReceipt(answer.StreamId, answer.Receipt.Version, answer.Receipt.Position),
            async (session, _) =>
            {
                if (RefusalOf(request) is { } refusal)
                {
                    return (refusal, null);
                }

                var name = request.Name.Trim();
                var key = Board.Key(name);
                return await session.Query<Board>().AnyAsync(board => board.NameKey == key)
                    ? (NameTaken(name), null)
                    : (
                        null,
                        session.Events.StartStream<Board>(
                            Guid.CreateVersion7(),
                            new BoardCreated(name, request.Description?.Trim())
                        )
                    );
            }
        );
    }

    private static Refusal? RefusalOf(CreateBoardRequest request) =>
        PlainLine.RefusalOf(request.Name, "name", 3, 255)
        ?? (request.Description is null ? null : PlainLine.RefusalOf(request.Description, "description", 0, 1000));

    private static Refusal NameTaken(string name) =>
        new(
            409,
            "board-name-taken",
            "Another board has this name.",
            $"A board \u201c{Bidi.Isolate(name)}\u201d exists; choose another name."
        );
}
