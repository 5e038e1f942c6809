using EventForum.History;
using EventForum.Members;
using EventForum.Platform;

namespace EventForum.Audit;

/// <summary>Answers who asks for a story: with a page, or with all of it as a file.</summary>
public sealed class StoryAnswers(StorySubjects subjects, Stories stories, ThreadHistory history, Readers readers)
{
    private const int PageSize = 50;

    public async Task<IResult> OfAsync(string kind, Guid id, StoryRequest request, HttpContext http)
    {
        var reader = await readers.OfAsync(http);
        var (refusal, subject) = await subjects.FindAsync(kind, id, reader, http.RequestAborted);
        if (subject is null)
        {
            return new Problem(refusal!);
        }

        (refusal, var asked) = await history.FilterAsync(
            Guid.Empty,
            request.Types,
            request.Actor,
            null,
            http.RequestAborted
        );
        if (refusal is not null)
        {
            return new Problem(refusal);
        }

        if (RowForms.Wanted(http, request.Format) is not { } form)
        {
            return new Problem(RowForms.Unknown);
        }

        http.Response.Headers.Vary = "Accept";
        var filter = new StoryFilter(asked.Actor, asked.Types, request.From, request.To);
        var most = Math.Max(request.Limit ?? (form == RowForm.Json ? PageSize : int.MaxValue), 1);
        (refusal, var first) = await ReadAsync(request.After ?? 0, most);
        return first is null ? new Problem(refusal!)
            : form == RowForm.Json ? new Tagged<StoryPage>(first)
            : form == RowForm.JsonLines ? new RowFile<StoryEntry>($"{kind}-{id}", form, PagesAsync(first))
            : new RowFile<StoryRow>($"{kind}-{id}", form, RowsAsync(first));

        Task<(Refusal? Refusal, StoryPage? Page)> ReadAsync(long after, int count) =>
            stories.ReadAsync(
                subject,
                Math.Max(0, after),
                Math.Min(count, Stories.MaxLimit),
                filter,
                reader,
                request.MinPosition,
                http.RequestAborted
            );

        async IAsyncEnumerable<IReadOnlyList<StoryEntry>> PagesAsync(StoryPage page)
        {
            for (var left = most; ; )
            {
                yield return page.Entries;
                left -= page.Entries.Count;
                if (page.Next is not { } next || left <= 0)
                {
                    yield break;
                }

                // Half a file is not to look like a whole one.
                page =
                    (await ReadAsync(next, left)).Page
                    ?? throw new InvalidOperationException($"The rest of the story of {kind} {id} cannot be read.");
            }
        }

        async IAsyncEnumerable<IReadOnlyList<StoryRow>> RowsAsync(StoryPage page)
        {
            await foreach (var entries in PagesAsync(page))
            {
                yield return [.. entries.Select(StoryRow.Of)];
            }
        }
    }
}
