using EventForum.Members;
using EventForum.Platform;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Wolverine.Http;

namespace EventForum.Moderation;

/// <summary>A batch, as moderators see it.</summary>
/// <param name="Kind">remove-posts, lock-threads, undo and so on.</param>
/// <param name="UndoneBatchId">The batch that it undoes; null for another kind than undo.</param>
/// <param name="CaseId">The case that it resolved; null for none.</param>
/// <param name="UndoneBy">The batch by which it is undone; null while it holds.</param>
/// <param name="Posts">How many posts it changed.</param>
/// <param name="Threads">How many threads it changed, or whose posts it changed.</param>
/// <param name="Members">How many members wrote the posts, or started the threads.</param>
/// <param name="IsPartial">It changed something in a board that this reader does not moderate, which is left out here.</param>
/// <param name="Items">The first 500 things that it changed.</param>
public sealed record BatchView(
    Guid BatchId,
    string Kind,
    string? Reason,
    MemberCard By,
    DateTimeOffset At,
    long Position,
    Guid? UndoneBatchId,
    Guid? CaseId,
    Guid? UndoneBy,
    int Posts,
    int Threads,
    int Members,
    bool IsPartial,
    IReadOnlyList<BatchItem> Items
)
{
    internal const int Most = 500;
}

/// <summary>A post, a thread or a member that a batch changed.</summary>
/// <param name="ThreadId">Null where it changed how a member stands.</param>
/// <param name="Title">The thread's title now.</param>
/// <param name="PostId">Null where the thread itself was changed.</param>
/// <param name="Member">Who wrote the post, or started the thread.</param>
public sealed record BatchItem(Guid? ThreadId, string? Title, Guid? PostId, int? Number, MemberCard Member);

public static class GetBatchEndpoint
{
    /// <summary>A batch, or what a moderator did by another command, by its id: its events' causation. For moderators.</summary>
    [WolverineGet("/api/moderation/batches/{batchId}"), AllowAnonymous, ProducesResponseType(typeof(BatchView), 200)]
    [ProducesResponseType(403, Description = "Only moderators see batches.")]
    public static async Task<IResult> Get(Guid batchId, BatchQueries batches, Readers readers, HttpContext http)
    {
        var reader = await readers.OfAsync(http);
        return !reader.IsModerator ? new Problem(ModerationRefusals.ModeratorsOnly)
            : await batches.FindAsync(batchId, reader, http.RequestAborted) is { } batch ? new Tagged<BatchView>(batch)
            : new Problem(ModerationRefusals.NoSuchBatch);
    }
}
