using EventForum.Platform;
using EventForum.Views.Framework;

namespace EventForum.Views;

/// <summary>Answers with a page of a log, or with a file of all its pages.</summary>
internal static class LogFiles
{
    private const int PageSize = 500;

    /// <param name="read">Reads the page after a row: so many rows at most. Null for the first page.</param>
    public static async Task<IResult> AnswerAsync<T>(
        string name,
        string? format,
        int? limit,
        Func<T?, int, Task<(Refusal? Refusal, ViewAnswer<T>? Answer)>> read,
        HttpContext http
    )
        where T : class
    {
        if (RowForms.Wanted(http, format) is not { } form)
        {
            return new Problem(RowForms.Unknown);
        }

        http.Response.Headers.Vary = "Accept";
        var most = Math.Max(limit ?? (form == RowForm.Json ? 50 : int.MaxValue), 1);
        var (refusal, first) = await read(null, Math.Min(most, PageSize));
        return first is null ? new Problem(refusal!)
            : form == RowForm.Json ? new Tagged<ViewAnswer<T>>(first)
            : new RowFile<T>(name, form, PagesAsync(first.Rows));

        async IAsyncEnumerable<IReadOnlyList<T>> PagesAsync(IReadOnlyList<T> page)
        {
            for (var left = most; ; )
            {
                yield return page;
                left -= page.Count;
                if (page.Count < PageSize || left <= 0)
                {
                    yield break;
                }

                var (_, next) = await read(page[^1], Math.Min(left, PageSize));
                // Half a file is not to look like a whole one.
                page = next?.Rows ?? throw new InvalidOperationException($"The rest of {name} cannot be read.");
            }
        }
    }
}
