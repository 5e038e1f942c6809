using EventForum.Members;
using EventForum.Platform;
using EventForum.Threads;
using EventForum.Threads.Reading;
using Npgsql;

namespace EventForum.Web;

/// <summary>Shows a page of a thread, also when a form of that page comes back.</summary>
public sealed class ThreadScreen(
    [FromKeyedServices(ReadDatabase.Key)] NpgsqlDataSource database,
    ThreadPages pages,
    ThreadPresence presence,
    Visitors visitors,
    Readers readers
)
{
    private const int LastOfAll = 1_000_000;

    public static string Url(Guid threadId, int page) =>
        page == 1 ? $"/threads/{threadId}" : $"/threads/{threadId}?page={page}";

    public static string PostUrl(Guid threadId, int number) => $"{Url(threadId, ThreadPage.PageOf(number))}#p{number}";

    public async Task<IResult> ShowAsync(
        HttpContext http,
        Guid threadId,
        int page,
        Draft? draft = null,
        PostOrder order = PostOrder.Number
    )
    {
        if (page is < 1 or > LastOfAll)
        {
            return new Refused(GetThreadEndpoint.NoSuchPage);
        }

        var reader = await readers.OfAsync(http);
        if (await pages.ReadAsync(threadId, page, reader, http.RequestAborted, order: order) is not { } read)
        {
            return new Refused(ThreadRefusals.NoSuchThread);
        }

        if (read.Page.MovedTo is { } elsewhere)
        {
            var access = await ThreadAccess.OfAsync(reader, [elsewhere], database, http.RequestAborted);
            return access.Sees(elsewhere) ? new SeeOther(Url(elsewhere, 1)) : new Refused(ThreadRefusals.NoSuchThread);
        }

        if (read.Page.Posts.Count == 0 && page > read.Page.PageCount)
        {
            return new Refused(GetThreadEndpoint.NoSuchPage);
        }

        var visitor = await visitors.OfAsync(http, read.Page.Board.Id);
        presence.Seen(threadId, http, visitor.Member);
        return new HtmlPage<ThreadView>(
            new
            {
                Thread = read.Page,
                EditedAfter = await ThreadHeaders.EditedAfterAsync(database, read.Page, http.RequestAborted),
                Viewers = presence.Of(threadId),
                Visitor = visitor,
                Draft = draft,
            },
            draft?.Status ?? StatusCodes.Status200OK
        );
    }
}
