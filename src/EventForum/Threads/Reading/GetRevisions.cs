using System.Text.Json.Serialization;
using EventForum.Members;
using EventForum.Platform;
using EventForum.Threads.Quoting;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Wolverine.Http;

namespace EventForum.Threads.Reading;

/// <summary>A post's text as it was.</summary>
/// <param name="Revision">From 1.</param>
/// <param name="Version">The thread's version that brought it.</param>
/// <param name="Body">The text in its format, with quote blocks; empty where it was redacted.</param>
/// <param name="Redacted">Its words were taken out of the forum, for everyone.</param>
public sealed record RevisionView(
    int Revision,
    long Version,
    MemberCard By,
    DateTimeOffset At,
    string? Reason,
    string Body,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Redacted = false
)
{
    /// <summary>How the body is written.</summary>
    public PostFormat Format { get; init; }

    /// <summary>Its text is not known, and the body empty: this is when it was changed. Left out where the text is known.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? UnknownUntil { get; init; }
}

/// <summary>Texts that a post had, in order.</summary>
/// <param name="Author">Who wrote the post.</param>
/// <param name="Count">How many revisions the post has.</param>
/// <param name="Next">The <c>after</c> of the next page; null on the last. A page of long texts is short.</param>
public sealed record RevisionList(
    Guid PostId,
    MemberCard Author,
    int Count,
    IReadOnlyList<RevisionView> Revisions,
    int? Next
);

public static class GetRevisionsEndpoint
{
    private const int MaxLimit = 100;

    /// <summary>Every text that a post had, the first one first, with who changed it and why.</summary>
    /// <param name="after">The <c>next</c> of the page before: a revision; without it, the list begins.</param>
    /// <param name="limit">How many revisions, from 1 to 100; 50 without it. What lies beyond is taken for the nearest.</param>
    [WolverineGet("/api/posts/{postId}/revisions"), AllowAnonymous, DearRead]
    [ProducesResponseType(typeof(RevisionList), 200)]
    [ProducesResponseType(409, Description = "The post has been removed.")]
    public static async Task<IResult> Get(
        Guid postId,
        int? after,
        int? limit,
        PostRevisions revisions,
        Readers readers,
        HttpContext http
    )
    {
        var most = Math.Clamp(limit ?? PostRevisions.PageSize, 1, MaxLimit);
        var (refusal, list) = await revisions.ReadAsync(
            postId,
            count =>
            {
                var known = Math.Clamp(after ?? 0, 0, count);
                return (known + 1, Math.Min(known + most, count));
            },
            newestFirst: false,
            await readers.OfAsync(http),
            http.RequestAborted
        );
        return refusal is not null ? new Problem(refusal) : new Tagged<RevisionList>(list!);
    }
}
