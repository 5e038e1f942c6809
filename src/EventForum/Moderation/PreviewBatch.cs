using EventForum.Access;
using EventForum.Commands;
using EventForum.Platform;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Wolverine.Http;

namespace EventForum.Moderation;

/// <summary>What a batch would do.</summary>
/// <param name="Posts">How many posts it would change.</param>
/// <param name="Threads">How many threads it would change, or whose posts it would.</param>
/// <param name="Members">How many members wrote the posts, or started the threads.</param>
/// <param name="LeftAlone">How many posts and threads it would not change although it is about them.</param>
/// <param name="FirstPosts">The first 100 posts.</param>
/// <param name="FirstThreads">The first 100 threads.</param>
/// <param name="FirstMembers">The first 100 members.</param>
/// <param name="FirstLeftAlone">The first 100 that are left alone, and why.</param>
public sealed record BatchPreview(
    string Kind,
    int Posts,
    int Threads,
    int Members,
    int LeftAlone,
    IReadOnlyList<PreviewedPost> FirstPosts,
    IReadOnlyList<PreviewedThread> FirstThreads,
    IReadOnlyList<Guid> FirstMembers,
    IReadOnlyList<PreviewedException> FirstLeftAlone
)
{
    private const int Most = 100;

    internal static BatchPreview Of(string kind, WeighedBatch batch) =>
        new(
            kind,
            batch.Posts.Count,
            batch.Threads.Count,
            batch.Members.Count,
            batch.LeftAlone.Count,
            [
                .. batch
                    .Posts.Take(Most)
                    .Select(post => new PreviewedPost(post.PostId, post.ThreadId, post.Number, post.AuthorId)),
            ],
            [.. batch.Threads.Take(Most).Select(thread => new PreviewedThread(thread.Id, thread.Title))],
            [.. batch.Members.Take(Most)],
            [
                .. batch
                    .LeftAlone.Take(Most)
                    .Select(one => new PreviewedException(one.ThreadId, one.Post?.PostId, one.Post?.Number, one.Why)),
            ]
        );
}

public sealed record PreviewedPost(Guid PostId, Guid ThreadId, int Number, Guid AuthorId);

public sealed record PreviewedThread(Guid ThreadId, string Title);

/// <param name="PostId">Null for a thread.</param>
/// <param name="Why">A sentence.</param>
public sealed record PreviewedException(Guid? ThreadId, Guid? PostId, int? Number, string Why);

/// <summary>Says what a batch would do.</summary>
public sealed class BatchPreviews(BatchPlans plans, CommandPreview preview)
{
    public async Task<(Refusal? Refusal, BatchPreview? Preview)> OfAsync(CarryOutBatchRequest request, HttpContext http)
    {
        var (refusal, batch) = await plans.FindAsync(Guid.CreateVersion7(), request, http);
        if (batch is null)
        {
            return (refusal, null);
        }

        var weighed = await preview.RunAsync(
            new RunCommand(batch, Caller.From(http.User), Reader.Of(http)),
            batch.Weigh
        );
        // A batch that would change nothing has a preview all the same: it says why.
        return weighed.Refusal is { } no && no != ModerationRefusals.NothingToDo
            ? (no, null)
            : (null, BatchPreview.Of(request.Kind!, weighed));
    }
}

public static class PreviewBatchEndpoint
{
    /// <summary>Says what a batch would do, and to which posts and threads nothing, without doing it.</summary>
    [WolverinePost("/api/moderation/batches/preview"), Authorize, DearRead]
    [ProducesResponseType(typeof(BatchPreview), 200)]
    [ProducesResponseType(403, Description = "Only a moderator of all the boards may do this.")]
    [ProducesResponseType(404, Description = "One of the posts or threads is not there.")]
    [ProducesResponseType(422, Description = "There is no such kind, or what it needs is missing.")]
    public static async Task<IResult> Post(CarryOutBatchRequest request, HttpContext http, BatchPreviews previews)
    {
        var (refusal, preview) = await previews.OfAsync(request, http);
        return preview is null ? new Problem(refusal!) : TypedResults.Json(preview);
    }
}
