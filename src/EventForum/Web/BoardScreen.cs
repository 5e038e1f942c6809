using EventForum.Boards;
using EventForum.Lists;
using EventForum.Members;
using EventForum.Platform;
using EventForum.Threads.Reading;

namespace EventForum.Web;

/// <summary>Shows a board's threads, also when a form of that page comes back.</summary>
public sealed class BoardScreen(BoardLists lists, Readers readers, Visitors visitors)
{
    private const int ThreadsPerPage = 30;

    /// <param name="at">A past moment; a time that is still to come, and none, are now.</param>
    public async Task<IResult> ShowAsync(
        HttpContext http,
        Guid boardId,
        string? after = null,
        Draft? draft = null,
        string? at = null
    )
    {
        var cursor = after is null ? null : ThreadCursor.Parse(after);
        if (after is not null && cursor is null)
        {
            return new Refused(Refusal.BadCursor);
        }

        var (invalid, time) = Moments.ReadTime(at);
        if (invalid is not null)
        {
            return new Refused(invalid);
        }

        var board = await lists.ThreadsAsync(
            boardId,
            cursor,
            ThreadsPerPage,
            await readers.OfAsync(http),
            lists.Past(time),
            http.RequestAborted
        );
        return board is null
            ? new Refused(BoardRefusals.NoSuchBoard)
            : new HtmlPage<BoardView>(
                new
                {
                    Board = board,
                    IsFirst = cursor is null,
                    Visitor = await visitors.OfAsync(http, boardId),
                    Draft = draft,
                },
                draft?.Status ?? StatusCodes.Status200OK
            );
    }
}
