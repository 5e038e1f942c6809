using EventForum.Platform;
using EventForum.Threads;
using EventForum.Threads.Reading;
using Npgsql;

namespace EventForum.Web;

/// <summary>A post's address for ever: leads to where the post is now.</summary>
internal static class ShowPost
{
    public static async Task<IResult> Get(
        Guid postId,
        [FromKeyedServices(ReadDatabase.Key)] NpgsqlDataSource database,
        HttpContext http
    ) =>
        await ThreadRows.CurrentAsync(database, postId, http.RequestAborted) is { } row
            ? new SeeOther(ThreadScreen.PostUrl(row.ThreadId, row.Number))
            : new Refused(ThreadRefusals.NoSuchPost);
}
