using System.Text.Json.Serialization;
using EventForum.Members;
using EventForum.Platform;
using EventForum.Threads;
using EventForum.Threads.Reading;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Wolverine.Http;

namespace EventForum.History;

/// <summary>What differs in a thread between two moments.</summary>
/// <param name="Changes">
/// What is different at the later moment, in the order of the latest change to each; what was changed and changed back
/// is no difference.
/// </param>
/// <param name="Next">Pass it as <c>after</c> to go on; null at the end. A page of long texts is short.</param>
public sealed record ThreadComparison(
    Guid ThreadId,
    ComparedMoment From,
    ComparedMoment To,
    IReadOnlyList<ThreadChange> Changes,
    long? Next
);

/// <param name="Version">The thread's version then; 0 before it began.</param>
/// <param name="At">The time that was asked for, or at which the version came; null for now, and before it began.</param>
public sealed record ComparedMoment(long Version, DateTimeOffset? At);

/// <summary>Something that is different at the later moment.</summary>
/// <param name="Version">The thread's version that brought the latest change to it.</param>
/// <param name="Kind">added, edited, removed, restored, renamed, locked, unlocked, pinned or unpinned.</param>
/// <param name="By">Who made the latest change.</param>
/// <param name="Post">The post; null for a change to the thread itself.</param>
/// <param name="FromRevision">The post's revision at the earlier moment; null when it was not there.</param>
/// <param name="Body">The text of a post that was added, as it was read then: plain text, with what it quotes.</param>
/// <param name="Words">How the text of a post differs for who reads it; a change of formatting alone is no difference.</param>
/// <param name="Before">The title, or why the thread was locked, at the earlier moment.</param>
/// <param name="After">The same at the later one.</param>
/// <param name="Withheld">The text may not be seen by this reader, because the post has been removed.</param>
public sealed record ThreadChange(
    long Version,
    string Kind,
    EventActor? By,
    DateTimeOffset At,
    string? Reason,
    EventPost? Post = null,
    int? FromRevision = null,
    int? ToRevision = null,
    string? Body = null,
    IReadOnlyList<WordChange>? Words = null,
    string? Before = null,
    string? After = null,
    bool Withheld = false
)
{
    /// <summary>
    /// The post's text at one of the moments is not known: there are no words, and the body is that of the later moment where
    /// that is known.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Unknown { get; init; }
}

public static class CompareThreadEndpoint
{
    /// <summary>
    /// What differs between two moments of a thread. <c>from</c> and <c>to</c> are versions or RFC 3339 times; without
    /// <c>to</c> it is now.
    /// </summary>
    /// <param name="from">The earlier moment; it must be there. A version of the thread, 0 for before it began, or: a time as RFC 3339 has it, such as 2026-01-31T12:00:00Z, or a date, which is its beginning; UTC where it names no zone.</param>
    /// <param name="to">The later moment, in the same way; now without it.</param>
    /// <param name="after">A version: the <c>next</c> of the page before; without it, the list begins.</param>
    /// <param name="limit">How many changes, from 1 to 200; 200 without it. What lies beyond is taken for the nearest.</param>
    [
        WolverineGet("/api/threads/{threadId}/compare"),
        AllowAnonymous,
        DearRead(TakesTurnsItself = true),
        ProducesResponseType(typeof(ThreadComparison), 200)
    ]
    [ProducesResponseType(422, Description = "The later moment is the earlier one.")]
    public static async Task<IResult> Get(
        Guid threadId,
        string? from,
        string? to,
        long? after,
        int? limit,
        ThreadHistory history,
        Moments moments,
        ThreadComparisons comparisons,
        Readers readers,
        HttpContext http
    )
    {
        if (await history.VersionAsync(threadId, http.RequestAborted) is not { } version)
        {
            return new Problem(ThreadRefusals.NoSuchThread);
        }

        var (refusal, earlier, later) = await moments.FindTwoAsync(threadId, version, from, to, http.RequestAborted);
        if (refusal is not null)
        {
            return new Problem(refusal);
        }

        var (busy, comparison) = await comparisons.CompareAsync(
            threadId,
            earlier!,
            later!,
            after ?? 0,
            Math.Clamp(limit ?? ThreadComparisons.MaxChanges, 1, ThreadComparisons.MaxChanges),
            await readers.OfAsync(http),
            http.RequestAborted
        );
        return busy is not null ? new Problem(busy) : new Tagged<ThreadComparison>(comparison!);
    }
}
