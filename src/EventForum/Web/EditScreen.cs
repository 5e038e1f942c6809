using EventForum.Boards;
using EventForum.Members;
using EventForum.Platform;
using EventForum.Threads;
using EventForum.Threads.Reading;
using Npgsql;

namespace EventForum.Web;

/// <summary>Shows a post for editing, also when the edit comes back.</summary>
public sealed class EditScreen(
    [FromKeyedServices(ReadDatabase.Key)] NpgsqlDataSource database,
    PostViews views,
    PostRevisions revisions,
    ReadDatabase reads,
    Visitors visitors,
    Readers readers
)
{
    /// <param name="begunAt">The revision that a refused edit started from.</param>
    public async Task<IResult> ShowAsync(HttpContext http, Guid postId, Draft? draft = null, int? begunAt = null)
    {
        var cancellation = http.RequestAborted;
        if (await ThreadRows.CurrentAsync(database, postId, cancellation) is not { } row)
        {
            return new Refused(ThreadRefusals.NoSuchPost);
        }

        var reader = await readers.OfAsync(http);
        await using var opened = await reads.OpenSessionAsync(cancellation);
        var session = opened.Query;
        var thread = (await session.LoadAsync<ForumThread>(row.ThreadId, cancellation))!;
        var visitor = await visitors.OfAsync(http, thread.BoardId);
        var post = (await views.ViewAsync([row], Moment.Now, reader, cancellation))[0];
        var isMine = visitor.Is(post.Author);
        // Whoever typed something gets it back, whatever has become of the post.
        if (draft is null && RefusalToEdit() is { } refusal)
        {
            return new Refused(refusal);
        }

        return new HtmlPage<EditPostView>(
            new
            {
                Post = post,
                ReasonNeeded = !isMine,
                Draft = draft,
                Meanwhile = draft is { Refusal.Type: "stale-revision" } ? await MeanwhileAsync() : null,
            },
            draft?.Status ?? StatusCodes.Status200OK
        );

        Platform.Refusal? RefusalToEdit()
        {
            if (!isMine && !visitor.IsModerator)
            {
                return ThreadRefusals.NotYours;
            }

            return post.Removal is not null ? ThreadRefusals.PostRemoved
                : visitor.IsModerator ? null
                : visitor.BoardClosed is { } closed ? BoardRefusals.Closed(closed)
                : thread.LockReason is { } locked ? ThreadRefusals.Locked(locked)
                : null;
        }

        async Task<IReadOnlyList<WordChange>?> MeanwhileAsync()
        {
            if (begunAt is null)
            {
                return null;
            }

            var (_, compared) = await revisions.CompareAsync(postId, begunAt, to: null, reader, cancellation);
            return compared?.Diff.Changes;
        }
    }
}
