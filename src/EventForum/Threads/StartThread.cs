using System.Text.Json.Serialization;
using EventForum.Boards;
using EventForum.Commands;
using EventForum.Platform;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Wolverine;
using Wolverine.Http;

namespace EventForum.Threads;

/// <summary>Starts a thread with its first post.</summary>
/// <param name="BoardId">The board to start it in.</param>
/// <param name="Title">3-255 characters, one line, counted after trimming.</param>
/// <param name="Body">1-100,000 characters, counted after trimming and without what it quotes; all that it shows: up to 200,000.</param>
/// <param name="Format">How the body is written: markdown, bbcode, mail or text; without it, markdown.</param>
public sealed record StartThreadRequest(Guid BoardId, string Title, string Body, string? Format = null);

public sealed record StartThread(
    Guid Board,
    string Title,
    string Body,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Format = null
) : IThreadCommand, INamesBoards
{
    [JsonIgnore]
    public Guid ThreadId { get; } = Guid.CreateVersion7();

    [JsonIgnore]
    public Guid PostId { get; } = Guid.CreateVersion7();

    [JsonIgnore]
    public PostNames Quoted { get; } = PostText.NamesIn(Body);

    public Guid? BoardId => Board;

    public PostText Read(NamedPosts quoted) => PostText.Read(Body, Format, ThreadId, quoted);

    public Decision Decide(DecisionContext context)
    {
        if (context.Named<NamedBoards>().Find(Board) is null || !context.Reader.Sees(Board))
        {
            return BoardRefusals.NoSuchBoard;
        }

        if (!context.Reader.MayStart(Board))
        {
            return ThreadRefusals.MayNotStart;
        }

        if (context.Reader.CloseReason(Board) is { } closed)
        {
            return BoardRefusals.Closed(closed);
        }

        // A title cannot wait.
        if (context.Reader.Silence is not null)
        {
            return ThreadRefusals.Silenced;
        }

        if (PlainLine.RefusalOf(Title, "title", 3, 255) is { } refusal)
        {
            return refusal;
        }

        var text = context.Text();
        return text.RefusalIn(context.Posts()) is { } flaw
            ? flaw
            : Decision.To(
                new Receipt(ThreadId, PostId, 1, 1),
                new ThreadStarted(Board, Title.Trim(), PostId, text.Body, text.Quotes, Format: text.Format)
            );
    }
}

public static class StartThreadEndpoint
{
    /// <summary>Starts a thread with its first post.</summary>
    [WolverinePost("/api/threads"), Authorize, ProducesResponseType(typeof(Receipt), 201)]
    [ProducesResponseType(404, Description = "There is no such board.")]
    public static Task<IResult> Post(StartThreadRequest request, HttpContext http, IMessageBus bus) =>
        bus.RunAsync(http, new StartThread(request.BoardId, request.Title, request.Body, request.Format), 201);
}
