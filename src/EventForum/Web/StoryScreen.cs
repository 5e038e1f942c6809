using EventForum.Audit;
using EventForum.History;
using EventForum.Members;

namespace EventForum.Web;

/// <summary>Puts together the page of a story.</summary>
internal sealed class StoryScreen(
    StorySubjects subjects,
    Stories stories,
    ThreadHistory history,
    KnownEvents known,
    Readers readers
)
{
    private const int PageSize = 50;

    public async Task<IResult> AnswerAsync(
        string kind,
        Guid id,
        long? after,
        string? types,
        string? actor,
        HttpContext http
    )
    {
        var reader = await readers.OfAsync(http);
        var (refusal, subject) = await subjects.FindAsync(kind, id, reader, http.RequestAborted);
        if (subject is null)
        {
            return new Refused(refusal!);
        }

        (refusal, var asked) = await history.FilterAsync(Guid.Empty, types, actor, null, http.RequestAborted);
        if (refusal is not null)
        {
            return new Refused(refusal);
        }

        (refusal, var page) = await stories.ReadAsync(
            subject,
            Math.Max(0, after ?? 0),
            PageSize,
            new StoryFilter(asked.Actor, asked.Types, null, null),
            reader,
            null,
            http.RequestAborted
        );
        return page is null
            ? new Refused(refusal!)
            : new HtmlPage<StoryView>(
                new
                {
                    Page = page,
                    Types = known.Names,
                    Filter = (types, actor),
                    reader.IsAdmin,
                }
            );
    }
}
